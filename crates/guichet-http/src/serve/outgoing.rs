//! An answer's body on its way out, with the memory that it holds.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use guichet_core::limits;
use http::Method;
use hyper::body::{Frame, SizeHint};

use super::link::Link;
use crate::budget::Charge;
use crate::space::Held;

/// A body that says when the connection has all of it, and whose bytes count until the last of
/// them is written.
#[derive(Debug)]
pub(super) struct Outgoing {
    body: Body,
    charge: Option<Arc<Charge>>,
    link: Arc<Link>,
}

/// Too much is on its way already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMuch;

impl Outgoing {
    /// The body of an answer to such a request, if there is memory for it: what was reserved, or what is free.
    pub(super) fn new(
        body: Body,
        held: Option<Held>,
        asked: Asked,
        link: Arc<Link>,
    ) -> Result<Self, TooMuch> {
        let charge = charge(&body, held, asked, &link, |bytes| bytes <= limits::ANSWER_FREE)?;
        Ok(Self { body, charge, link })
    }

    /// One that is so small that it needs no memory of its own.
    pub(super) fn small(body: Body, link: Arc<Link>) -> Self {
        Self { body, charge: None, link }
    }
}

/// What became of a request once it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Nothing was changed: it may be refused still, and sent again.
    ToSee,
    /// Something may have been: whatever it was answered is its answer. Were it refused, a client that sends it
    /// again would have it done twice.
    ToDo,
}

impl Asked {
    /// By its method (RFC 9110, section 9.2.1).
    pub(super) fn by(method: &Method) -> Self {
        if method.is_safe() { Self::ToSee } else { Self::ToDo }
    }

    /// Whether it is to be sent again before anything is done for it: its address has answers that there was no
    /// memory for, and is to read them first. So an address has none beyond those to what was under way when
    /// the first one came, each made of a body of 1 MiB at most, or of what is known of a server.
    pub(super) fn must_wait(self, link: &Link) -> bool {
        self == Self::ToDo && link.peer.origin.answers.is_overdrawn()
    }
}

/// The memory of an answer: what was reserved, none if it is free for that many bytes, or what is left for all.
/// One that cannot be refused any more is an overdraft.
///
/// # Errors
/// [`TooMuch`]: nothing is.
pub(super) fn charge(
    body: &Body,
    held: Option<Held>,
    asked: Asked,
    link: &Link,
    is_free: impl FnOnce(usize) -> bool,
) -> Result<Option<Arc<Charge>>, TooMuch> {
    if let Some(Held(charge)) = held {
        return Ok(Some(charge));
    }
    let bytes = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if is_free(bytes) {
        return Ok(None);
    }
    let answers = &link.peer.origin.answers;
    let charge = match asked {
        Asked::ToSee => Some(answers.try_take(bytes).ok_or(TooMuch)?),
        Asked::ToDo => answers.try_take(bytes).or_else(|| answers.overdraw(bytes)),
    };
    Ok(charge.map(Arc::new))
}

/// Bytes that count until nobody has them any more: the connection drops the body when it has its
/// last bytes, and these when they are written.
struct Counted {
    bytes: Bytes,
    _charge: Arc<Charge>,
}

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl HttpBody for Outgoing {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        let Some(charge) = &self.charge else { return Poll::Ready(frame) };
        let counted = |bytes| Bytes::from_owner(Counted { bytes, _charge: Arc::clone(charge) });
        Poll::Ready(frame.map(|frame| frame.map(|frame| frame.map_data(counted))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        self.link.on_answer();
    }
}
