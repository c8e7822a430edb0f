//! Where requests come in, and how many at once.

use std::io;
use std::os::fd::AsFd as _;

use guichet_core::limits;
use nix::sys::resource::{Resource, getrlimit};
use tokio::net::TcpListener;

/// The same address once more: what comes in while nobody accepts waits there.
pub(super) fn again(listener: &TcpListener) -> io::Result<TcpListener> {
    let listener = listener.as_fd().try_clone_to_owned()?;
    TcpListener::from_std(listener.into())
}

/// As many connections as open files are left for.
pub(super) fn connections_max() -> usize {
    let files = getrlimit(Resource::RLIMIT_NOFILE).map_or(u64::MAX, |(soft, _)| soft);
    let left = usize::try_from(files.saturating_sub(limits::FILES_RESERVED)).unwrap_or(usize::MAX);
    left.clamp(CONNECTIONS_MIN, limits::CONNECTIONS_MAX)
}

/// Fewer connections than that are no service; a system that has no files for them says so itself.
const CONNECTIONS_MIN: usize = 64;
