//! The address that metrics and health have for themselves, if they have one.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use guichet_cloud::data::Term;
use guichet_control::metrics_app;
use guichet_control::nodes::while_leading;
use guichet_core::limits;
use guichet_http::serve::{App, Settings, serve_with};
use guichet_observe::Watch;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::cli::MetricsArgs;

/// Where metrics are asked for.
#[derive(Debug)]
pub(super) struct MetricsListener {
    listener: TcpListener,
    address: SocketAddr,
}

/// Refuses to show metrics to other machines, unless that is wanted.
pub(super) fn guard(args: &MetricsArgs) -> anyhow::Result<()> {
    let Some(address) = args.metrics_listen else {
        if args.metrics_plain_http {
            bail!("--metrics-plain-http is about --metrics-listen, which is not there");
        }
        return Ok(());
    };
    if !address.ip().is_loopback() && !args.metrics_plain_http {
        bail!(
            "--metrics-listen: {address} can be reached from other machines, and metrics name projects; \
             listen on 127.0.0.1, have Prometheus send the control token to the service's own address, \
             or say --metrics-plain-http"
        );
    }
    Ok(())
}

/// Listens, if that is wanted.
pub(super) async fn open(args: &MetricsArgs) -> anyhow::Result<Option<MetricsListener>> {
    let Some(address) = args.metrics_listen else { return Ok(None) };
    let listener = TcpListener::bind(address).await;
    let listener = listener.with_context(|| format!("--metrics-listen: {address}"))?;
    let address = listener.local_addr().context("--metrics-listen")?;
    Ok(Some(MetricsListener { listener, address }))
}

impl MetricsListener {
    /// Where it is.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code))]
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers with another app until `stop` is cancelled.
    pub(super) async fn serve_app(self, app: App, stop: CancellationToken) {
        let settings =
            Settings { connections: limits::METRICS_CONNECTIONS_MAX, ..Settings::default() };
        serve_with(self.listener, app, stop, settings).await;
    }

    /// What is said of it at the start.
    pub(super) fn greeting(&self) -> String {
        format!("  metrics   http://{}/metrics\n", self.address)
    }

    /// Answers until `stop` is cancelled.
    pub(super) async fn serve(
        self,
        watch: Arc<Watch>,
        term: Option<Term>,
        stop: CancellationToken,
    ) {
        let app = while_leading(metrics_app(watch, self.address.ip()), term);
        self.serve_app(app, stop).await;
    }
}
