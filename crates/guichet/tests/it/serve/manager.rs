//! What the service is handed and tells whoever manages it.

use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::process::{Command, Stdio};
use std::time::Duration;

use nix::sys::signal::Signal;

use super::{DISCOVERY, Service};
use crate::support::{Place, flag};

/// Waits until one of the messages has this line.
fn received(socket: &UnixDatagram, line: &str) {
    let mut message = [0; 4096];
    loop {
        let length = socket.recv(&mut message).unwrap_or_else(|error| panic!("no {line}: {error}"));
        let said = String::from_utf8_lossy(&message[..length]);
        if said.lines().any(|said| said == line) {
            return;
        }
    }
}

#[test]
fn it_says_when_it_is_ready_that_it_lives_and_when_it_stops() {
    let place = Place::new();
    let path = place.path("notify");
    let socket = UnixDatagram::bind(&path).expect("a socket");
    socket.set_read_timeout(Some(Duration::from_secs(30))).expect("a time-out");
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command.args(["serve", "--dev", "--listen", "127.0.0.1:0"]).stderr(Stdio::null());
    command.env("NOTIFY_SOCKET", flag(&path)).env("WATCHDOG_USEC", "200000");
    let service = Service::of(&mut command);
    received(&socket, "READY=1");
    received(&socket, "WATCHDOG=1");
    received(&socket, "WATCHDOG=1");
    service.tell(Signal::SIGTERM);
    received(&socket, "STOPPING=1");
    assert_eq!(service.end(), Some(0));
}

#[test]
fn it_takes_the_socket_that_it_is_handed() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("it has one").to_string();
    // As systemd does: the socket is file 3, and the process is told that it is for it.
    let script = r#"exec 3<&0 </dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" serve --dev"#;
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_guichet")]);
    command.stdin(Stdio::from(OwnedFd::from(listener))).stderr(Stdio::null());
    let service = Service::of(&mut command);
    assert_eq!(service.address, address);
    assert!(service.ask(DISCOVERY).contains("http://cloud.test/compute"));
    service.tell(Signal::SIGTERM);
    assert_eq!(service.end(), Some(0));
}
