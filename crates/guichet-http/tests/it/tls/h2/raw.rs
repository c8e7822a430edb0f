//! Frames by hand, for what no client's library would send.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::Secure;

pub(super) const DATA: u8 = 0;
pub(super) const HEADERS: u8 = 1;
pub(super) const PRIORITY: u8 = 2;
pub(super) const RESET: u8 = 3;
pub(super) const SETTINGS: u8 = 4;
pub(super) const PING: u8 = 6;
pub(super) const GOAWAY: u8 = 7;
pub(super) const CONTINUATION: u8 = 9;

pub(super) const END_STREAM: u8 = 1;
pub(super) const ACK: u8 = 1;
pub(super) const END_HEADERS: u8 = 4;

/// What a client begins with.
pub(super) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A frame's bytes.
pub(super) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend_from_slice(&stream.to_be_bytes());
    frame.extend_from_slice(payload);
    frame
}

/// A list of headers in which nothing is named by number (RFC 7541, section 6.2.2).
pub(super) fn list(headers: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, value) in headers {
        bytes.push(0);
        for text in [name, value] {
            bytes.push(u8::try_from(text.len()).ok().filter(|length| *length < 0x7f).unwrap());
            bytes.extend_from_slice(text.as_bytes());
        }
    }
    bytes
}

/// A request's list.
pub(super) fn asks(method: &str, path: &str) -> Vec<u8> {
    list(&[(":method", method), (":scheme", "https"), (":authority", "a"), (":path", path)])
}

/// A connection.
pub(super) struct Raw(TlsStream<TcpStream>);

/// A frame that came: its kind, its stream and what it holds.
#[derive(Debug)]
pub(super) struct Came {
    pub(super) kind: u8,
    pub(super) stream: u32,
    pub(super) payload: Vec<u8>,
}

impl Raw {
    /// One over which nothing was said yet.
    pub(super) async fn silent(secure: &Secure) -> Self {
        Self(secure.client().protocol("h2").connect(&secure.service).await.unwrap())
    }

    /// One over which both sides have said their settings.
    pub(super) async fn open(secure: &Secure) -> Self {
        Self::open_with(secure, &[]).await
    }

    /// The same, with these settings of the client's.
    pub(super) async fn open_with(secure: &Secure, settings: &[(u16, u32)]) -> Self {
        let mut raw = Self::silent(secure).await;
        let payload: Vec<u8> = settings
            .iter()
            .flat_map(|(name, value)| [&name.to_be_bytes()[..], &value.to_be_bytes()].concat())
            .collect();
        raw.write(PREFACE).await;
        raw.write(&frame(SETTINGS, 0, 0, &payload)).await;
        raw.write(&frame(SETTINGS, ACK, 0, &[])).await;
        raw
    }

    /// Sends bytes; whether they were taken.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).await.is_ok() && self.0.flush().await.is_ok()
    }

    /// The next frame; none if the connection is over.
    pub(super) async fn next(&mut self) -> Option<Came> {
        let mut head = [0; 9];
        self.0.read_exact(&mut head).await.ok()?;
        let [a, b, c, kind, _, stream @ ..] = head;
        let mut payload = vec![0; usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c)];
        self.0.read_exact(&mut payload).await.ok()?;
        Some(Came { kind, stream: u32::from_be_bytes(stream), payload })
    }

    /// The next frame of this kind.
    pub(super) async fn next_of(&mut self, kind: u8) -> Option<Came> {
        loop {
            let came = self.next().await?;
            if came.kind == kind {
                return Some(came);
            }
        }
    }

    /// Reads until the connection is over; the reason that was given for it, if any was.
    pub(super) async fn over(&mut self) -> Option<u32> {
        let mut reason = None;
        while let Some(came) = self.next().await {
            if came.kind == GOAWAY {
                reason = Some(u32::from_be_bytes(came.payload[4..8].try_into().unwrap()));
            }
        }
        reason
    }

    /// The connection itself.
    pub(super) fn stream(&mut self) -> &mut TlsStream<TcpStream> {
        &mut self.0
    }
}
