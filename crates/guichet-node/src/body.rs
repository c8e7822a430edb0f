//! A body that comes as it is passed on, and can be had back as long as nothing of it was asked for.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http_body::{Frame, SizeHint};

/// Whose a body is that is lent: the lender's until the borrower asks for its first frame.
#[derive(Debug, Clone)]
pub(crate) struct Lender(Arc<Mutex<Option<Body>>>);

impl Lender {
    pub(crate) fn new(body: Body) -> Self {
        Self(Arc::new(Mutex::new(Some(body))))
    }

    /// The body, to be sent.
    pub(crate) fn lend(&self) -> Lent {
        // Held for a look.
        let body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let hint = body.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint);
        drop(body);
        Lent { lender: self.clone(), body: None, hint }
    }

    /// The body, if nothing of it was asked for. Nobody has it afterwards.
    pub(crate) fn take(&self) -> Option<Body> {
        // Held for a move.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A body that is lent.
#[derive(Debug)]
pub(crate) struct Lent {
    lender: Lender,
    /// From the first frame on.
    body: Option<Body>,
    hint: SizeHint,
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.body.is_none() {
            self.body = self.lender.take();
        }
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_some_and(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or(self.hint, HttpBody::size_hint)
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    #[tokio::test]
    async fn a_body_comes_back_until_it_is_asked_for() {
        let lender = Lender::new(Body::from("abc"));
        drop(lender.lend());
        let lender = Lender::new(lender.take().expect("nobody asked"));
        let lent = lender.lend();
        assert_eq!(lent.size_hint().exact(), Some(3));
        assert_eq!(lent.collect().await.unwrap().to_bytes(), "abc");
        assert!(lender.take().is_none());
    }
}
