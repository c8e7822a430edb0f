//! A driver's future whose panic is an answer: whoever awaits it lives on.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;

/// A driver panicked; its message, as far as it is a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Panicked(pub(crate) String);

/// How often in a row the driver panicked where it should have said what it saw.
///
/// Written by the one observing task, read by whoever asks how the manager is; it orders nothing
/// else, so `Relaxed` is enough.
#[derive(Debug, Default)]
pub(crate) struct Panics(AtomicU32);

impl Panics {
    pub(crate) fn in_a_row(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn add_one(&self) -> u32 {
        let count = self.in_a_row().saturating_add(1);
        self.0.store(count, Ordering::Relaxed);
        count
    }

    pub(crate) fn clear(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// What a driver does, as a trait object's method gives it.
type DriverFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The same future, but for a panic, which is its answer.
pub(crate) fn contained<'a, T: 'a>(
    mut future: DriverFuture<'a, T>,
) -> impl Future<Output = Result<T, Panicked>> + Send + Unpin + 'a {
    std::future::poll_fn(move |context| {
        // What a panic leaves behind is the future itself, which is not polled again.
        match contained_at_once(|| future.as_mut().poll(context)) {
            Ok(polled) => polled.map(Ok),
            Err(panicked) => Poll::Ready(Err(panicked)),
        }
    })
}

/// What a driver does without waiting, but for a panic, which is its answer. Of what `step` has it
/// leaves nothing behind that is used again.
pub(crate) fn contained_at_once<T>(step: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(step)).map_err(|payload| Panicked(message(&*payload)))
}

/// The message that `panic!` was given, which is a text of one of two types.
fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").to_owned()
}
