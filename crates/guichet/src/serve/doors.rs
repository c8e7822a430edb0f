//! Where requests come in, and how many at once.

use std::sync::Arc;

use guichet_cloud::data::Term;
use guichet_control::nodes::while_leading;
use guichet_core::limits;
use guichet_http::connections::Connections;
use guichet_http::serve::{App, Settings, serve_with};
use guichet_http::tls::CertificateSlot;
use guichet_observe::Watch;
use nix::sys::resource::{Resource, getrlimit};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::metrics::MetricsListener;
#[cfg(feature = "postgres")]
use super::of_node::OfNode;

/// Where requests come in.
pub(super) enum Doors {
    /// At addresses that are open as long as the cloud is.
    Own { listener: TcpListener, metrics: Option<MetricsListener> },
    /// At those of a node, which are open whoever leads.
    #[cfg(feature = "postgres")]
    OfNode(OfNode),
}

/// What answers there.
pub(super) struct Answering {
    pub(super) app: App,
    pub(super) watch: Arc<Watch>,
    /// For how long this node leads, if it is one of several.
    pub(super) term: Option<Term>,
    pub(super) tls: Option<Arc<CertificateSlot>>,
}

/// When it ends.
pub(super) struct Ends {
    /// When nothing more is to be taken: what is being answered is answered.
    pub(super) drained: CancellationToken,
    /// When the service stops, and not only this node's term.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code))]
    pub(super) stop: CancellationToken,
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
                    tasks.spawn(metrics.serve(
                        Arc::clone(&watch),
                        term.clone(),
                        ends.drained.clone(),
                    ));
                }
                let settings = settings(tls, Arc::clone(watch.connections()));
                let app = while_leading(app, term);
                tasks.spawn(serve_with(listener, app, ends.drained, settings))
            }
            #[cfg(feature = "postgres")]
            Self::OfNode(of_node) => tasks.spawn(of_node.lead(answering, ends)),
        }
    }
}

/// What connections are held to.
pub(super) fn settings(tls: Option<Arc<CertificateSlot>>, counted: Arc<Connections>) -> Settings {
    Settings { connections: connections_max(), tls, counted, ..Settings::default() }
}

/// As many connections as open files are left for.
fn connections_max() -> usize {
    let files = getrlimit(Resource::RLIMIT_NOFILE).map_or(u64::MAX, |(soft, _)| soft);
    let left = usize::try_from(files.saturating_sub(limits::FILES_RESERVED)).unwrap_or(usize::MAX);
    left.clamp(CONNECTIONS_MIN, limits::CONNECTIONS_MAX)
}

/// Fewer connections than that are no service; a system that has no files for them says so itself.
const CONNECTIONS_MIN: usize = 64;
