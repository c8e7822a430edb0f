//! The handshake in front of a connection that is encrypted.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use guichet_clock::Stopwatch;
use guichet_clock::flood::Flood;
use guichet_core::limits;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::connection::{Ends, linger};
use super::link::Link;
use super::settings::Settings;
use super::table::{NoPlace, Place, Table};
use super::wire::Wire;
use crate::connections::{Connections, NotServed};
use crate::origin::Parser;
use crate::tls::CertificateSlot;

/// What handshakes have in common: how many there may be, what they go by, and what is said of those
/// that fail.
#[derive(Debug)]
pub(super) struct Handshakes {
    slot: Arc<CertificateSlot>,
    table: Arc<Table>,
    counted: Arc<Connections>,
    watch: Stopwatch,
    plain: Flood,
    failed: Flood,
}

/// One handshake's place among all. It is given back when this is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    handshakes: Arc<Handshakes>,
    place: Place,
}

impl Handshakes {
    /// None if connections are plain.
    pub(super) fn new(settings: &Settings, parser: &Parser) -> Option<Arc<Self>> {
        let slot = settings.tls.clone()?;
        let places = Settings { connections: settings.handshakes, ..settings.clone() };
        let table = Arc::new(Table::new(&places, parser.clone()));
        let (watch, plain, failed) = (Stopwatch::start(), Flood::new(), Flood::new());
        let counted = Arc::clone(&settings.counted);
        Some(Arc::new(Self { slot, table, counted, watch, plain, failed }))
    }

    /// A place for the handshake of a connection from this address, as [`Table::place`] gives one.
    pub(super) async fn turn(self: &Arc<Self>, address: IpAddr) -> Result<Turn, NoPlace> {
        let place = self.table.place(address).await?;
        Ok(Turn { handshakes: Arc::clone(self), place })
    }
}

impl Turn {
    /// Opens a connection. Who needs its place among handshakes or connections, the end of the
    /// service and its own time end it before.
    pub(super) async fn open(
        self,
        tcp: TcpStream,
        link: &Link,
        ends: &Ends,
        settings: &Settings,
    ) -> Option<Wire> {
        let Self { handshakes, place } = self;
        let opening = tokio::time::timeout(settings.handshake_time, handshakes.opened(tcp));
        let failure = tokio::select! {
            biased;
            opened = opening => match opened {
                Ok(Ok(wire)) => {
                    link.on_open();
                    return Some(wire);
                }
                Ok(Err(failure)) => failure,
                Err(_) => Failure::Broken(io::ErrorKind::TimedOut.into(), None),
            },
            () = ends.stop.cancelled() => return None,
            () = place.link.evicted() => return None,
            () = link.evicted() => return None,
        };
        // Others need it more than what is left to say to this one.
        drop(place);
        tokio::select! {
            biased;
            () = ends.close.cancelled() => {}
            () = link.evicted() => {}
            () = handshakes.end(failure) => {}
        }
        None
    }
}

impl Handshakes {
    async fn opened(&self, tcp: TcpStream) -> Result<Wire, Failure> {
        let mut first = [0];
        match tcp.peek(&mut first).await {
            Ok(1..) if first[0] == HANDSHAKE => {}
            Ok(1..) => return Err(Failure::Plain(tcp, first[0].is_ascii_uppercase())),
            // Gone before it said anything, as a port that is looked at is left.
            Ok(0) => return Err(Failure::Broken(io::ErrorKind::UnexpectedEof.into(), None)),
            Err(error) => return Err(Failure::Broken(error, None)),
        }
        let accepting = TlsAcceptor::from(self.slot.config())
            .accept_with(tcp, |session| session.set_buffer_limit(Some(limits::TLS_BUFFER)));
        match accepting.into_fallible().await {
            Ok(stream) => Ok(Wire::Tls(Box::new(stream))),
            Err((error, tcp)) => Err(Failure::Broken(error, Some(tcp))),
        }
    }

    /// Ends a connection that was not opened, so that its client learns why if it can.
    async fn end(&self, failure: Failure) {
        match failure {
            Failure::Plain(tcp, is_http) => {
                self.counted.count(NotServed::Plain);
                if let Some(not_shown) = self.plain.count(&self.watch) {
                    tracing::warn!(
                        not_shown,
                        "a connection without TLS was refused: clients must ask with https://"
                    );
                }
                if is_http && tcp.try_write(PLAIN.as_bytes()).is_ok() {
                    linger(tcp).await;
                }
            }
            Failure::Broken(error, tcp) => {
                self.counted.count(NotServed::Handshake);
                if let Some(not_shown) = self.failed.count(&self.watch) {
                    tracing::info!(%error, not_shown, "a TLS handshake failed");
                }
                // The library has sent its alert.
                if let Some(tcp) = tcp {
                    linger(tcp).await;
                }
            }
        }
    }
}

/// The first byte of a handshake (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 22;

/// Why a connection is not opened.
enum Failure {
    /// What it sends is not encrypted, and whether it looks like HTTP.
    Plain(TcpStream, bool),
    /// The handshake failed, and perhaps the client is still there.
    Broken(io::Error, Option<TcpStream>),
}

/// The answer to a request that is not encrypted.
const PLAIN: &str = "HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\
    content-type: text/plain; charset=utf-8\r\ncontent-length: 66\r\n\r\n\
    This port speaks TLS: ask with https:// in place of http:// here.\n";

#[cfg(test)]
mod tests {
    use super::PLAIN;

    #[test]
    fn the_ready_answer_says_its_length() {
        let (head, body) = PLAIN.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with(&format!("content-length: {}", body.len())), "{}", body.len());
    }
}
