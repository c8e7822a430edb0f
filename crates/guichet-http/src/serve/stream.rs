//! A connection's bytes, and how long each side may take for them.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use guichet_core::limits;
use guichet_core::time::Timestamp;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use super::pace::Pace;

/// The stream. A client that sends nothing, headers too slowly, or reads too slowly makes it fail
/// with [`io::ErrorKind::TimedOut`]; how long a body and an answer may take is others' affair.
#[derive(Debug)]
pub(super) struct Stream<T, P> {
    inner: T,
    pace: P,
    reading: Alarm,
    is_late: bool,
    writing: Writing,
}

/// How an answer goes out.
#[derive(Debug, Default)]
struct Writing {
    write_time: Duration,
    /// Since when `bytes` are counted, if there is something that the system does not take.
    since: Option<Timestamp>,
    bytes: usize,
    alarm: Alarm,
    is_stuck: bool,
}

impl<T, P: Pace> Stream<T, P> {
    /// One over which a client may take so long to read a little.
    pub(super) fn new(inner: T, pace: P, write_time: Duration) -> Self {
        let writing = Writing { write_time, ..Writing::default() };
        Self { inner, pace, reading: Alarm::default(), is_late: false, writing }
    }

    /// The stream itself, for its end.
    pub(super) fn into_inner(self) -> T {
        self.inner
    }

    /// Whether its client did not read, so that there is no use in sending what is left.
    pub(super) fn is_stuck(&self) -> bool {
        self.writing.is_stuck
    }

    /// Whether its client sent nothing for too long, or not all of what it began.
    #[cfg(feature = "tls")]
    pub(super) fn is_late(&self) -> bool {
        self.is_late
    }

    /// Nothing has come: fails once that has been so for too long.
    fn poll_patience(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(until) = self.pace.reads_until() else { return Poll::Pending };
        ready!(self.reading.poll_until(context, until, || self.pace.now()));
        self.is_late = true;
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// What came of having the last bytes sent: a stream that encrypts holds some, for which the
    /// same patience is had as for a write.
    fn sent(
        &mut self,
        context: &mut Context<'_>,
        sent: Poll<io::Result<()>>,
    ) -> Poll<io::Result<()>> {
        match sent {
            Poll::Pending => self.written(context, Poll::Pending).map_ok(drop),
            Poll::Ready(sent) => Poll::Ready(sent),
        }
    }

    /// What came of a write.
    fn written(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let Self { pace, writing, .. } = self;
        match written {
            Poll::Ready(Ok(bytes)) => {
                pace.on_write(true);
                writing.bytes = writing.bytes.saturating_add(bytes);
                if writing.since.is_some() && writing.bytes >= limits::WRITE_PROGRESS_MIN {
                    writing.restart(pace.now());
                }
            }
            Poll::Pending => {
                pace.on_write(false);
                if writing.since.is_none() {
                    writing.restart(pace.now());
                }
                let until = writing.since.map(|since| since.after(writing.write_time));
                if let Some(until) = until {
                    ready!(writing.alarm.poll_until(context, until, || pace.now()));
                    writing.is_stuck = true;
                    return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
                }
            }
            Poll::Ready(Err(_)) => {}
        }
        written
    }
}

impl Writing {
    fn restart(&mut self, now: Timestamp) {
        self.since = Some(now);
        self.bytes = 0;
    }
}

impl<T: AsyncRead + Unpin, P: Pace + Unpin> AsyncRead for Stream<T, P> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.inner).poll_read(context, buffer) {
            Poll::Ready(Ok(())) => {
                let read = &buffer.filled()[before..];
                if !read.is_empty() {
                    self.pace.on_read(read);
                }
                Poll::Ready(Ok(()))
            }
            Poll::Pending => self.poll_patience(context),
            failed => failed,
        }
    }
}

impl<T: AsyncWrite + Unpin, P: Pace + Unpin> AsyncWrite for Stream<T, P> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.written(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, bytes);
        self.written(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    /// It is asked for when all that was to be written is.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(context);
        ready!(self.sent(context, flushed))?;
        self.writing.since = None;
        self.pace.on_sent();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let ended = Pin::new(&mut self.inner).poll_shutdown(context);
        self.sent(context, ended)
    }
}

/// A sleep that is used again: it is set when it is needed, and looks for itself whether it is too
/// early, so that what moves the time costs nothing.
#[derive(Debug, Default)]
pub(super) struct Alarm {
    sleep: Option<Pin<Box<Sleep>>>,
    /// When the sleep ends.
    until: Option<Timestamp>,
}

impl Alarm {
    /// Ready once it is that late.
    pub(super) fn poll_until(
        &mut self,
        context: &mut Context<'_>,
        at: Timestamp,
        now: impl Fn() -> Timestamp,
    ) -> Poll<()> {
        loop {
            if self.until.is_none_or(|until| until > at) {
                let now = now();
                if now >= at {
                    return Poll::Ready(());
                }
                let sleep = tokio::time::sleep(at.since(now));
                match &mut self.sleep {
                    Some(old) => old.set(sleep),
                    none => *none = Some(Box::pin(sleep)),
                }
                self.until = Some(at);
            }
            if let Some(sleep) = &mut self.sleep {
                ready!(sleep.as_mut().poll(context));
            }
            self.until = None;
        }
    }
}

#[cfg(test)]
mod tests;
