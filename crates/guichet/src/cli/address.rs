//! Where to listen, as it is typed.

use std::net::{SocketAddr, ToSocketAddrs as _};

use guichet_locale::{Message, text};

/// An address and a port, or a host's name and a port: of its addresses the first, one of IPv4 if
/// there is one.
pub(super) fn address(given: &str) -> Result<SocketAddr, Message> {
    let found: Vec<SocketAddr> = given.to_socket_addrs().into_iter().flatten().collect();
    let first = found.iter().find(|address| address.is_ipv4()).or_else(|| found.first());
    first.copied().ok_or_else(|| Message::new(|locale| text!(locale, "expected-address")))
}
