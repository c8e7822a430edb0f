//! What answers requests, until when, and over how many connections at once.

use std::sync::Arc;

use guichet_cloud::data::Term;
use guichet_core::limits;
use guichet_http::connections::Connections;
use guichet_http::serve::{App, Settings};
use guichet_http::tls::CertificateSlot;
use guichet_observe::Watch;
use nix::sys::resource::{Resource, getrlimit};
use tokio_util::sync::CancellationToken;

/// What answers requests.
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
