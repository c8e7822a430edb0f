//! A stream that is lent to the library, which drops it at the end.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The stream, as its borrower has it.
#[derive(Debug)]
pub(super) struct Lent<T> {
    /// There until this is dropped.
    inner: Option<T>,
    owner: Owner<T>,
}

/// Where it comes back to.
#[derive(Debug)]
pub(super) struct Owner<T>(
    /// Held to give it back, and to take it.
    Arc<Mutex<Option<T>>>,
);

impl<T> Lent<T> {
    pub(super) fn new(inner: T) -> (Self, Owner<T>) {
        let place = Arc::default();
        (Self { inner: Some(inner), owner: Owner(Arc::clone(&place)) }, Owner(place))
    }
}

impl<T> Owner<T> {
    /// The stream, once it was dropped.
    pub(super) fn take_back(self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<T> Drop for Lent<T> {
    fn drop(&mut self) {
        *self.owner.0.lock().unwrap_or_else(PoisonError::into_inner) = self.inner.take();
    }
}

/// Does it with the stream.
macro_rules! lent {
    ($lent:ident, $stream:ident => $does:expr) => {
        match &mut $lent.get_mut().inner {
            Some($stream) => {
                let $stream = Pin::new($stream);
                $does
            }
            None => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    };
}

impl<T: AsyncRead + Unpin> AsyncRead for Lent<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        lent!(self, stream => stream.poll_read(context, buffer))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Lent<T> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        lent!(self, stream => stream.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        lent!(self, stream => stream.poll_write_vectored(context, bytes))
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.as_ref().is_some_and(AsyncWrite::is_write_vectored)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        lent!(self, stream => stream.poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        lent!(self, stream => stream.poll_shutdown(context))
    }
}
