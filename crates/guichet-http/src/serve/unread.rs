//! A request's body that hands itself back when nobody wants the rest of it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use guichet_core::limits;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};

use super::link::{Link, Rest};

/// A body as a handler has it. If it is dropped before its end, what is left goes to the
/// connection: without that the next request on it would be lost.
#[derive(Debug)]
pub(super) struct Wanted {
    body: Option<Incoming>,
    is_begun: bool,
    link: Arc<Link>,
}

impl Wanted {
    pub(super) fn new(body: Incoming, link: Arc<Link>) -> Self {
        Self { body: Some(body), is_begun: false, link }
    }
}

impl Body for Wanted {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Self { body, is_begun, link } = &mut *self;
        let Some(inner) = body else { return Poll::Ready(None) };
        *is_begun = true;
        let polled = Pin::new(inner).poll_frame(context);
        link.set_waiting(polled.is_pending());
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

impl Drop for Wanted {
    fn drop(&mut self) {
        if let Some(body) = self.body.take().filter(|body| !body.is_end_stream()) {
            self.link.give_back(Rest { body, is_begun: self.is_begun });
        }
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
