//! What starts and watches the service on a Linux machine: the socket that it hands over, and what it
//! is told (systemd: `sd_listen_fds(3)`, `sd_notify(3)`). Without one nothing is said to anybody.

use std::net::SocketAddr;

use anyhow::Context;
use guichet_clock::WorldClock;
use listenfd::ListenFd;
use sd_notify::NotifyState;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// The socket that whoever started this process listens on for it, if there is one.
pub(super) fn handed_over() -> anyhow::Result<Option<TcpListener>> {
    let taken = ListenFd::from_env().take_tcp_listener(0);
    let Some(listener) = taken.context("LISTEN_FDS: the first is no TCP socket that listens")?
    else {
        return Ok(None);
    };
    listener.set_nonblocking(true).context("LISTEN_FDS")?;
    Ok(Some(TcpListener::from_std(listener).context("LISTEN_FDS")?))
}

/// The service takes requests.
pub(super) fn ready(address: SocketAddr) {
    say(&[NotifyState::Ready, NotifyState::Status(&format!("listening on {address}"))]);
}

/// The service follows: it is well, and another node takes requests.
#[cfg_attr(not(feature = "postgres"), allow(dead_code))]
pub(super) fn following(address: SocketAddr) {
    say(&[NotifyState::Ready, NotifyState::Status(&format!("on {address}; another node leads"))]);
}

/// The service is one of several: it leads these cells, and follows in the others.
#[cfg_attr(not(feature = "postgres"), allow(dead_code))]
pub(super) fn leads(address: SocketAddr, cells: &str) {
    let status = format!("listening on {address}; leads {cells}");
    say(&[NotifyState::Ready, NotifyState::Status(&status)]);
}

/// The service stops.
pub(super) fn stopping() {
    say(&[NotifyState::Stopping, NotifyState::Status("finishing what was accepted")]);
}

/// Says that the service is alive, twice in the time after which it would be ended, until `stop`: a
/// task as all others, so that it says nothing once none of them gets on.
pub(super) async fn stay_alive(stop: &CancellationToken) {
    let Some(limit) = sd_notify::watchdog_enabled() else { return };
    let clock = WorldClock::real();
    while stop.run_until_cancelled(clock.sleep(limit / 2)).await.is_some() {
        say(&[NotifyState::Watchdog]);
    }
}

/// Whoever is not there to hear it is no reason not to serve.
fn say(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "NOTIFY_SOCKET: the service manager could not be told");
    }
}
