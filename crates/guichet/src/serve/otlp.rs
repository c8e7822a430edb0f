//! Traces, where the program is built to send them and somebody wants them.

use std::sync::Arc;

use guichet_cloud::worlds::Worlds;
use guichet_http::trace_parent::Tracer;
#[cfg(feature = "otlp")]
use guichet_otlp::Exporter;
#[cfg(feature = "otlp")]
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::cli::OtlpArgs;

/// Who sends traces, if anybody does.
#[cfg(feature = "otlp")]
pub(super) struct Traces {
    exporter: Option<Arc<Exporter>>,
    /// Cancelled once nothing happens any more.
    ended: CancellationToken,
}

#[cfg(feature = "otlp")]
impl Traces {
    /// Begins, if that is wanted.
    ///
    /// # Errors
    /// What is wrong with the flags or the environment.
    pub(super) fn begin(args: &OtlpArgs) -> anyhow::Result<Self> {
        use anyhow::Context as _;
        use guichet_otlp::Settings;
        let exporter = args.otlp_endpoint.as_ref().map(|endpoint| {
            let endpoint = endpoint.clone();
            let version = env!("CARGO_PKG_VERSION");
            Exporter::start(&Settings { endpoint, share: args.otlp_share, version }).map(Arc::new)
        });
        let exporter = exporter.transpose().context("--otlp-endpoint")?;
        Ok(Self { exporter, ended: CancellationToken::new() })
    }

    /// Who is called for each request.
    pub(super) fn tracer(&self) -> Option<Arc<dyn Tracer>> {
        self.exporter.clone().map(|exporter| exporter as Arc<dyn Tracer>)
    }

    /// Follows what becomes of operations.
    pub(super) fn follow(&self, worlds: &Arc<Worlds>, tasks: &TaskTracker) {
        if let Some(exporter) = self.exporter.clone() {
            let (worlds, ended) = (Arc::clone(worlds), self.ended.clone());
            tasks.spawn(async move { exporter.run(&worlds, &ended).await });
        }
    }

    /// Nothing happens any more.
    pub(super) fn stop(&self) {
        self.ended.cancel();
    }

    /// Sends what is left. Blocks.
    pub(super) fn close(self) {
        if let Some(exporter) = self.exporter {
            exporter.close();
        }
    }
}

/// Nobody does.
#[cfg(not(feature = "otlp"))]
pub(super) struct Traces;

#[cfg(not(feature = "otlp"))]
impl Traces {
    /// # Errors
    /// They are wanted.
    pub(super) fn begin(args: &OtlpArgs) -> anyhow::Result<Self> {
        if args.otlp_endpoint.is_some() {
            anyhow::bail!(
                "--otlp-endpoint: this program was built without it; build one that has it with cargo build \
                 --release --features otlp"
            );
        }
        Ok(Self)
    }

    pub(super) fn tracer(&self) -> Option<Arc<dyn Tracer>> {
        None
    }

    pub(super) fn follow(&self, _: &Arc<Worlds>, _: &TaskTracker) {}

    pub(super) fn stop(&self) {}

    pub(super) fn close(self) {}
}
