//! A request's body that hands itself back when nobody wants the rest of it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use guichet_core::limits;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};

use super::link::{Link, Rest};

/// What a request's body comes over: a connection, or a stream of one.
pub(super) trait Carrier {
    /// The handler waits for more of the body, or has got some.
    fn set_waiting(&self, is_waiting: bool);

    /// The handler has dropped the body, perhaps as it waited for more, and this is left of it.
    fn on_drop(&self, was_waiting: bool, rest: Option<Rest>);
}

impl Carrier for Link {
    fn set_waiting(&self, is_waiting: bool) {
        Self::set_waiting(self, is_waiting);
    }

    fn on_drop(&self, _: bool, rest: Option<Rest>) {
        if let Some(rest) = rest {
            self.give_back(rest);
        }
    }
}

/// A body as a handler has it. If it is dropped before its end, what is left goes to what it came over:
/// without that the next request on a connection would be lost.
#[derive(Debug)]
pub(super) struct Wanted<C: Carrier> {
    /// There until its end, or the drop.
    body: Option<Incoming>,
    is_begun: bool,
    is_waited_for: bool,
    carrier: Arc<C>,
}

impl<C: Carrier> Wanted<C> {
    pub(super) fn new(body: Incoming, carrier: Arc<C>) -> Self {
        Self { body: Some(body), is_begun: false, is_waited_for: false, carrier }
    }
}

impl<C: Carrier> Body for Wanted<C> {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Self { body, is_begun, is_waited_for, carrier } = &mut *self;
        let Some(inner) = body else { return Poll::Ready(None) };
        *is_begun = true;
        let polled = Pin::new(inner).poll_frame(context);
        *is_waited_for = polled.is_pending();
        carrier.set_waiting(*is_waited_for);
        let frame = ready!(polled);
        if !matches!(frame, Some(Ok(_))) {
            *body = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or(SizeHint::with_exact(0), Incoming::size_hint)
    }
}

impl<C: Carrier> Drop for Wanted<C> {
    fn drop(&mut self) {
        let rest = self.body.take().filter(|body| !body.is_end_stream());
        let rest = rest.map(|body| Rest { body, is_begun: self.is_begun });
        self.carrier.on_drop(self.is_waited_for, rest);
    }
}

/// Reads a rest away, if it is small and comes soon; whether it is gone. A client that asked
/// whether it should send the body, and was not told to, may never send it.
pub(super) async fn read_away(rest: Rest, asks_first: bool) -> bool {
    let Rest { mut body, is_begun } = rest;
    let most = limits::REST_MAX as u64;
    if (asks_first && !is_begun) || body.size_hint().lower() > most {
        return false;
    }
    let reading = async {
        let mut bytes = 0;
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else { return false };
            bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
            if bytes > most {
                return false;
            }
        }
        true
    };
    tokio::time::timeout(limits::REST_TIME, reading).await.unwrap_or(false)
}
