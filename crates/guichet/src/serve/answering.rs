//! What answers for a node that does not lead, or whose cloud is not open yet.
#![cfg_attr(not(feature = "postgres"), allow(dead_code))]

use std::sync::Arc;

use guichet_control::nodes::{Notice, following_app};
use guichet_http::serve::{Settings, serve_with};
use guichet_http::tls::CertificateSlot;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::doors::{again, connections_max};
use super::manager;
use super::metrics::MetricsListener;

/// What answers until this node leads and its cloud is open. Dropped, it takes nothing more.
pub(super) struct Answering {
    notice: Notice,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Answering {
    /// Answers at these addresses, encrypted if they are.
    ///
    /// # Errors
    /// The system has no file left for it.
    pub(super) fn begin(
        listener: &TcpListener,
        metrics: Option<&MetricsListener>,
        tls: Option<Arc<CertificateSlot>>,
    ) -> anyhow::Result<Self> {
        let (notice, stop, tasks) =
            (Notice::default(), CancellationToken::new(), TaskTracker::new());
        notice.set("This node has just begun to look who leads.".to_owned(), None);
        let app = following_app(notice.clone());
        let settings = Settings { connections: connections_max(), tls, ..Settings::default() };
        tasks.spawn(serve_with(again(listener)?, app.clone(), stop.clone(), settings));
        if let Some(metrics) = metrics {
            tasks.spawn(metrics.again()?.serve_app(app, stop.clone()));
        }
        let alive = stop.clone();
        tasks.spawn(async move { manager::stay_alive(&alive).await });
        Ok(Self { notice, tasks, stop })
    }

    /// What it says.
    pub(super) const fn notice(&self) -> &Notice {
        &self.notice
    }

    /// Ends it; whoever is being answered is answered.
    pub(super) async fn end(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
