//! Bodies of a stream: a request's as it comes, and an answer's as it is sent, each saying who waits for whom.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use guichet_core::limits;
use http_body_util::BodyExt;
use hyper::body::{Frame, Incoming, SizeHint};

use super::super::link::Rest;
use super::super::outgoing::{Asked, TooMuch, charge};
use super::super::unread::Carrier;
use super::streams::OpenStream;
use crate::budget::Charge;
use crate::space::Held;

impl Carrier for OpenStream {
    fn set_waiting(&self, is_waiting: bool) {
        self.set_working(!is_waiting);
    }

    fn on_drop(&self, was_waiting: bool, rest: Option<Rest>) {
        if was_waiting {
            self.set_working(true);
        }
        if let Some(Rest { body, .. }) = rest {
            // It is to be read away.
            self.give_back(body);
        }
    }
}

/// Reads a rest away while its client reads the answer: were the stream reset at once, some clients would take
/// that for the answer. Past that it is reset, as one that went well.
pub(super) async fn read_away(mut rest: Incoming, stream: Arc<OpenStream>) {
    let reading = async {
        let mut left = limits::LINGER_MAX;
        while let Some(Ok(frame)) = rest.frame().await {
            left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
            if left == 0 {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(limits::LINGER_TIME, reading).await;
    drop((rest, stream));
}

/// An answer's body on its way out, with the memory that it holds. It goes out in pieces, so that it is seen
/// how it does.
#[derive(Debug)]
pub(super) struct Outgoing {
    body: Body,
    /// What is left of what came last out of `body`.
    rest: Bytes,
    charge: Option<Arc<Charge>>,
    stream: Arc<OpenStream>,
}

impl Outgoing {
    /// The body of an answer to such a request, if there is memory for it: what was reserved, or what is free. What
    /// a connection has for nothing is for all its streams together.
    pub(super) fn new(
        body: Body,
        held: Option<Held>,
        asked: Asked,
        stream: Arc<OpenStream>,
    ) -> Result<Self, TooMuch> {
        let charge = charge(&body, held, asked, stream.link(), |bytes| stream.take_free(bytes))?;
        Ok(Self { body, rest: Bytes::new(), charge, stream })
    }

    /// One that needs no memory of its own: it is short, or is held elsewhere.
    pub(super) fn small(body: Body, stream: Arc<OpenStream>) -> Self {
        Self { body, rest: Bytes::new(), charge: None, stream }
    }

    fn next_piece(&mut self) -> Bytes {
        let length = self.rest.len().min(limits::H2_PIECE);
        let piece = self.rest.split_to(length);
        self.stream.give(length);
        Bytes::from_owner(Piece {
            bytes: piece,
            _charge: self.charge.clone(),
            stream: Arc::clone(&self.stream),
        })
    }
}

/// A piece until nobody has it any more: the library drops it when its last byte is written, or will never
/// be.
struct Piece {
    bytes: Bytes,
    _charge: Option<Arc<Charge>>,
    stream: Arc<OpenStream>,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.stream.take(self.bytes.len());
    }
}

impl HttpBody for Outgoing {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.stream.set_working(true);
        while self.rest.is_empty() {
            let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
            let frame = match frame {
                Some(Ok(frame)) => frame,
                over => return Poll::Ready(over),
            };
            match frame.into_data() {
                Ok(data) if data.is_empty() && self.body.is_end_stream() => {
                    return Poll::Ready(None);
                }
                Ok(data) => self.rest = data,
                Err(other) => return Poll::Ready(Some(Ok(other))),
            }
        }
        let piece = self.next_piece();
        // Until the library asks for more, it is the client who is to make place for this one.
        self.stream.set_working(false);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (of_body, rest) = (self.body.size_hint(), self.rest.len() as u64);
        let mut hint = SizeHint::new();
        hint.set_lower(of_body.lower().saturating_add(rest));
        if let Some(upper) = of_body.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        self.stream.set_working(false);
    }
}
