//! Headers between nodes.

use std::net::IpAddr;
use std::sync::Arc;

use guichet_http::cells::{Ask, GoesOn, Introduction};
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, header};

use crate::credential::{Credential, is};

/// The credential of the node that a request is passed on to.
const NODE: HeaderName = HeaderName::from_static("guichet-node");
/// The address of the client that sent it.
const CLIENT: HeaderName = HeaderName::from_static("guichet-client");
/// Which cell a request is for, where there are several.
const CELL: HeaderName = HeaderName::from_static("guichet-cell");
/// What the cell is asked, if it is asked nothing else.
const ASK: HeaderName = HeaderName::from_static("guichet-ask");
/// Which other cell is to be asked that, before a request is answered.
const BY: HeaderName = HeaderName::from_static("guichet-by");
/// Whether other cells are asked if it is not in this one.
const GOES_ON: HeaderName = HeaderName::from_static("guichet-goes-on");
/// In an answer to a node: what was not found may be in another cell.
pub(crate) const SEES_ALL: HeaderName = HeaderName::from_static("guichet-sees-all");
/// In an answer to a node: nothing was done for the request.
pub(crate) const NOT_TAKEN: HeaderName = HeaderName::from_static("guichet-not-taken");

/// Who sent a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    /// A client.
    Client,
    /// Another node, for the client at this address.
    Node(Option<IpAddr>),
    /// Who takes itself for a node, with another credential: a node that asks for the one that was here
    /// before, or a stranger.
    Unknown,
}

/// What a node has found out of a request that it passes on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Passed {
    /// Which cell it is for.
    pub(crate) cell: Option<Arc<str>>,
    /// What that is asked, or the other cell that knows who asks.
    pub(crate) ask: Option<Arc<str>>,
    /// Which other cell.
    pub(crate) by: Option<Arc<str>>,
    /// Whether other cells are asked if it is not there.
    pub(crate) goes_on: bool,
}

/// Takes off what only nodes say, whoever said it, and tells who sent it; and what else a node says.
pub(crate) fn take_sender(headers: &mut HeaderMap, own: &Credential) -> (Sender, Passed) {
    let [node, client, cell, ask, by, goes_on] =
        [NODE, CLIENT, CELL, ASK, BY, GOES_ON].map(|name| headers.remove(name));
    let Some(node) = node else { return (Sender::Client, Passed::default()) };
    if !is(own, &node) {
        return (Sender::Unknown, Passed::default());
    }
    let client = client.as_ref().and_then(|client| client.to_str().ok());
    let sender = Sender::Node(client.and_then(|client| client.parse().ok()));
    let text = |value: Option<HeaderValue>| {
        value.and_then(|value| Some(Arc::from(std::str::from_utf8(value.as_bytes()).ok()?)))
    };
    let goes_on = goes_on.is_some();
    (sender, Passed { cell: text(cell), ask: text(ask), by: text(by), goes_on })
}

/// Puts on what else it is to know, where there are several cells: for which one it is, and which one is to
/// be asked before.
pub(crate) fn put_passed(
    headers: &mut HeaderMap,
    (cell, by): (&str, Option<&str>),
    extensions: &Extensions,
) {
    let introduction = extensions.get::<Introduction>().map(|it| &it.ask);
    let ask = introduction.or_else(|| extensions.get::<Ask>()).map(|ask| &*ask.0);
    let goes_on = extensions.get::<GoesOn>().map(|_| "1");
    for (name, value) in [(CELL, Some(cell)), (ASK, ask), (BY, by), (GOES_ON, goes_on)] {
        // What no header can have in it is no question that has an answer.
        if let Some(mut value) =
            value.and_then(|value| HeaderValue::from_bytes(value.as_bytes()).ok())
        {
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    }
}

/// Puts on what the node that it is passed on to is to know.
pub(crate) fn put_sender(headers: &mut HeaderMap, leader: &Credential, client: Option<IpAddr>) {
    // RFC 7239, section 6: an address of IPv6 is in brackets. What is open to this machine alone is not to
    // whoever reaches another node: [`guichet_control::access`].
    // Of this machine's own address of IPv6 the network is told, which is `::`.
    let is_here = |client: &IpAddr| client.is_loopback() || client.is_unspecified();
    let elsewhere = client.filter(|client| !is_here(client)).and_then(|client| {
        let text =
            if client.is_ipv6() { format!("for=\"[{client}]\"") } else { format!("for={client}") };
        HeaderValue::from_str(&text).ok()
    });
    let node = HeaderValue::from_str(leader.text()).ok().filter(|node| !node.is_empty());
    let client = client.and_then(|client| HeaderValue::from_str(&client.to_string()).ok());
    if let Some(elsewhere) = elsewhere {
        headers.insert(header::FORWARDED, elsewhere);
    }
    for (name, value) in [(NODE, node), (CLIENT, client)] {
        if let Some(mut value) = value {
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    }
}

/// Takes off what is about one connection alone (RFC 9110, section 7.6.1), and `Expect`, which the node
/// that has the client's connection answers itself.
pub(crate) fn remove_hop_by_hop(headers: &mut HeaderMap) {
    const OF_A_CONNECTION: [HeaderName; 9] = [
        header::CONNECTION,
        header::EXPECT,
        HeaderName::from_static("keep-alive"),
        header::PROXY_AUTHENTICATE,
        header::PROXY_AUTHORIZATION,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
    ];
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        // How long a body is, and who is asked, is never about one connection.
        .filter(|name| name != header::CONTENT_LENGTH && name != header::HOST)
        .collect();
    for name in OF_A_CONNECTION.iter().chain(&named) {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
        let header = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        };
        all.iter().map(header).collect()
    }

    #[test]
    fn only_a_node_speaks_for_a_client() {
        let own = Credential::new("abc");
        let client = "192.0.2.7".parse().ok();
        let mut sent = HeaderMap::new();
        put_sender(&mut sent, &own, client);
        assert_eq!(take_sender(&mut sent, &own).0, Sender::Node(client));
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[header::FORWARDED], "for=192.0.2.7");
        let mut sent = HeaderMap::new();
        put_sender(&mut sent, &own, "2001:db8::".parse().ok());
        assert_eq!(sent[header::FORWARDED], "for=\"[2001:db8::]\"");
        let mut sent = HeaderMap::new();
        put_sender(&mut sent, &own, "127.0.0.1".parse().ok());
        assert!(!sent.contains_key(header::FORWARDED));
        for wrong in ["", "ab", "abd", "abcd"] {
            let mut sent = headers(&[("guichet-node", wrong), ("guichet-client", "192.0.2.7")]);
            assert_eq!(take_sender(&mut sent, &own).0, Sender::Unknown, "{wrong}");
            assert!(sent.is_empty());
        }
        let mut sent = headers(&[("guichet-client", "192.0.2.7")]);
        assert_eq!(take_sender(&mut sent, &own).0, Sender::Client);
        assert!(sent.is_empty());
        // A node that knows no address, or says something else.
        let mut sent = headers(&[("guichet-node", "abc"), ("guichet-client", "somewhere")]);
        assert_eq!(take_sender(&mut sent, &own).0, Sender::Node(None));
    }

    #[test]
    fn what_is_about_a_connection_stays_on_it() {
        let mut sent = headers(&[
            ("connection", "close, X-Private, Content-Length, host"),
            ("x-private", "1"),
            ("transfer-encoding", "chunked"),
            ("expect", "100-continue"),
            ("content-length", "3"),
            ("host", "cloud"),
            ("x-auth-token", "secret"),
        ]);
        remove_hop_by_hop(&mut sent);
        let mut left: Vec<&str> = sent.keys().map(HeaderName::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, ["content-length", "host", "x-auth-token"]);
    }
}
