//! Where requests come in at a node that is one of several: open whoever leads.

use std::net::IpAddr;
use std::sync::Arc;

use guichet_cloud::data::Term;
use guichet_control::nodes::leading_app;
use guichet_control::{asked_app, metrics_app};
use guichet_core::limits;
use guichet_http::connections::Connections;
use guichet_http::serve::serve_with;
use guichet_http::tls::CertificateSlot;
use guichet_node::{CellFront, Front, Leading};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::answering::{Answering, Ends, settings};
use super::manager;
use super::metrics::MetricsListener;
use super::of_cell::OfCell;
use super::tasks::spawn_boxed;

/// What answers at a node's addresses as long as its process runs. Clones are the same.
#[derive(Clone)]
pub(super) struct OfNode {
    front: Front,
    connections: Arc<Connections>,
    /// Where metrics are asked for, if that is an address of its own, and what is said of it.
    metrics: Option<(IpAddr, Arc<str>)>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl OfNode {
    /// Answers at these addresses from now on, encrypted if they are.
    pub(super) fn begin(
        front: Front,
        listener: TcpListener,
        metrics: Option<MetricsListener>,
        tls: Option<Arc<CertificateSlot>>,
    ) -> Self {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let connections: Arc<Connections> = Arc::default();
        let settings = settings(tls, Arc::clone(&connections));
        spawn_boxed(&tasks, serve_with(listener, front.app(), stop.clone(), settings));
        let of_metrics = metrics.as_ref().map(|it| (it.address().ip(), it.greeting().into()));
        if let Some(metrics) = metrics {
            spawn_boxed(&tasks, metrics.serve_app(front.metrics_app(), stop.clone()));
        }
        let alive = stop.clone();
        spawn_boxed(&tasks, async move { manager::stay_alive(&alive).await });
        Self { front, connections, metrics: of_metrics, tasks, stop }
    }

    /// One of the cells that are reached there.
    pub(super) fn cell(&self, of: &OfCell) -> OfNodeCell {
        OfNodeCell { node: self.clone(), front: self.front.cell(of.number()), of: of.clone() }
    }

    /// Ends it; whoever is being answered is answered.
    pub(super) async fn end(&self) {
        self.front.end();
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// One cell at a node's addresses. Clones are the same.
#[derive(Clone)]
pub(super) struct OfNodeCell {
    node: OfNode,
    pub(super) front: CellFront,
    of: OfCell,
}

impl OfNodeCell {
    /// What is said of its metrics at the start.
    pub(super) fn greeting(&self) -> &str {
        self.node.metrics.as_ref().map_or("", |(_, greeting)| greeting)
    }

    /// Where its connections are counted.
    pub(super) const fn connections(&self) -> &Arc<Connections> {
        &self.node.connections
    }

    /// Has this node lead it, until nothing more is to be taken; then until all is answered that was.
    pub(super) async fn lead(self, answering: Answering, ends: Ends) {
        let Answering { app, watch, term, .. } = answering;
        let term = term.unwrap_or_else(Term::new);
        let metrics = self.node.metrics.as_ref().map(|(address, _)| {
            leading_app(metrics_app(Arc::clone(&watch), *address), term.clone())
        });
        let by_others = leading_app(asked_app(Arc::clone(watch.worlds())), term.clone());
        let leading = Leading::new(leading_app(app, term.clone()), metrics, term);
        let leading = leading.asked_by_others(by_others);
        self.front.lead(leading.clone());
        ends.drained.cancelled().await;
        // While another cell is led its requests are still taken.
        if self.of.ends() && ends.stop.is_cancelled() {
            self.node.end().await;
        }
        self.front.wait("This node does not lead any more; another one is about to.");
        // Past that they are let go: nothing can be said to them that is sure.
        let _ = tokio::time::timeout(limits::CLOSE_TIME, leading.answered()).await;
    }
}
