//! What connections are held to.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::limits;

use crate::connections::Connections;
#[cfg(feature = "tls")]
use crate::tls::CertificateSlot;

/// What connections are held to. The default is what [`limits`] say.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Connections at once; one address may have a part of them.
    pub connections: usize,
    /// How long one may be idle.
    pub idle_time: Duration,
    /// How long a request's headers may take.
    pub header_time: Duration,
    /// How long a client may take to read a little of an answer.
    pub write_time: Duration,
    /// How long connections may go on once the service stops.
    pub close_time: Duration,
    /// Bytes of all bodies that are read or worked on.
    pub bodies: usize,
    /// Bytes of all large answers.
    pub answers: usize,
    /// Streams of HTTP/2 that are open at once over all connections; one address may have half of them.
    pub streams: usize,
    /// TLS handshakes under way at once; one address may have half of them.
    pub handshakes: usize,
    /// How long a TLS handshake may take.
    pub handshake_time: Duration,
    /// Where connections are counted.
    pub counted: Arc<Connections>,
    /// What handshakes go by; without it connections are plain.
    #[cfg(feature = "tls")]
    pub tls: Option<Arc<CertificateSlot>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connections: limits::CONNECTIONS_MAX,
            idle_time: limits::IDLE_TIME,
            header_time: limits::HEADER_TIME,
            write_time: limits::WRITE_TIME,
            close_time: limits::CLOSE_TIME,
            bodies: limits::BODIES_IN_FLIGHT,
            answers: limits::ANSWERS_IN_FLIGHT,
            streams: limits::H2_STREAMS_IN_FLIGHT,
            handshakes: limits::HANDSHAKES_MAX,
            handshake_time: limits::HANDSHAKE_TIME,
            counted: Arc::default(),
            #[cfg(feature = "tls")]
            tls: None,
        }
    }
}
