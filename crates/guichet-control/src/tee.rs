//! The bytes of a body as they are read, copied up to a length.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::Request;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

/// What was read of a body so far.
#[derive(Debug, Default)]
struct Read {
    bytes: u64,
    /// The beginning; nothing once there was more than is copied.
    copy: Vec<u8>,
}

/// A copy of what is read of a body.
#[derive(Debug, Clone)]
pub(crate) struct Copied {
    most: usize,
    /// Held to append or take some bytes, never across a wait.
    read: Arc<Mutex<Read>>,
}

impl Copied {
    /// Of this request: bodies of at most so many bytes. None if it has no body.
    pub(crate) fn of(request: &mut Request, most: usize) -> Option<Self> {
        if request.body().is_end_stream() {
            return None;
        }
        let copied = Self { most, read: Arc::default() };
        let body = std::mem::take(request.body_mut());
        *request.body_mut() = Body::new(Tee { body, copied: copied.clone() });
        Some(copied)
    }

    fn append(&self, frame: &[u8]) {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.bytes += frame.len() as u64;
        if read.bytes <= self.most as u64 {
            read.copy.extend_from_slice(frame);
        } else {
            read.copy = Vec::new();
        }
    }

    /// How many bytes were read, and which, unless they were too many.
    pub(crate) fn take(&self) -> (u64, Option<Vec<u8>>) {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let copy = std::mem::take(&mut read.copy);
        (read.bytes, (read.bytes <= self.most as u64).then_some(copy))
    }
}

/// A body that is copied as it is read.
struct Tee {
    body: Body,
    copied: Copied,
}

impl HttpBody for Tee {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
        {
            self.copied.append(data);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
