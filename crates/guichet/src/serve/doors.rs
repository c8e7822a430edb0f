//! Where requests come in.

use std::sync::Arc;

use guichet_control::nodes::while_leading;
use guichet_http::connections::Connections;
use guichet_http::serve::serve_with;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

use super::answering::{Answering, Ends, settings};
use super::metrics::MetricsListener;
#[cfg(feature = "postgres")]
use super::of_node::OfNodeCell;
use super::tasks::spawn_boxed;

/// Where requests come in.
pub(super) enum Doors {
    /// At addresses that are open as long as the cloud is.
    Own { listener: TcpListener, metrics: Option<MetricsListener> },
    /// At those of a node, which are open whoever leads.
    #[cfg(feature = "postgres")]
    OfNode(OfNodeCell),
}

impl Doors {
    /// What is said of them at the start.
    pub(super) fn greeting(&self) -> String {
        match self {
            Self::Own { metrics, .. } => metrics.iter().map(MetricsListener::greeting).collect(),
            #[cfg(feature = "postgres")]
            Self::OfNode(of_node) => of_node.greeting().to_owned(),
        }
    }

    /// Where their connections are counted.
    pub(super) fn connections(&self) -> Arc<Connections> {
        match self {
            Self::Own { .. } => Arc::default(),
            #[cfg(feature = "postgres")]
            Self::OfNode(of_node) => Arc::clone(of_node.connections()),
        }
    }

    /// Has requests answered in tasks of these; the one that is given back ends with the last answer.
    pub(super) fn open(
        self,
        answering: Answering,
        ends: Ends,
        tasks: &TaskTracker,
    ) -> JoinHandle<()> {
        match self {
            Self::Own { listener, metrics } => {
                let Answering { app, watch, term, tls } = answering;
                if let Some(metrics) = metrics {
                    spawn_boxed(
                        tasks,
                        metrics.serve(Arc::clone(&watch), term.clone(), ends.drained.clone()),
                    );
                }
                let settings = settings(tls, Arc::clone(watch.connections()));
                let app = while_leading(app, term);
                spawn_boxed(tasks, serve_with(listener, app, ends.drained, settings))
            }
            #[cfg(feature = "postgres")]
            Self::OfNode(of_node) => spawn_boxed(tasks, of_node.lead(answering, ends)),
        }
    }
}
