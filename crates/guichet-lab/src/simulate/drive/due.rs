//! Requests that are due, on their way to the task that sends them.

use std::sync::{Mutex, PoisonError};
use std::task::{Poll, Waker};

/// The requests that are due at the same instant, for the one task that sends them.
#[derive(Debug)]
pub(super) struct Due<R> {
    /// Held to put some or to take all.
    requests: Mutex<Outbox<R>>,
}

#[derive(Debug)]
struct Outbox<R> {
    requests: Vec<R>,
    /// Whether no more will be put.
    is_closed: bool,
    sender: Option<Waker>,
}

impl<R> Due<R> {
    pub(super) fn new() -> Self {
        let outbox = Outbox { requests: Vec::new(), is_closed: false, sender: None };
        Self { requests: Mutex::new(outbox) }
    }

    fn with<T>(&self, step: impl FnOnce(&mut Outbox<R>) -> T) -> T {
        step(&mut self.requests.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Hands over what is due, and wakes who sends it.
    pub(super) fn put(&self, due: &mut Vec<R>) {
        let sender = self.with(|outbox| {
            outbox.requests.append(due);
            outbox.sender.take()
        });
        if let Some(sender) = sender {
            sender.wake();
        }
    }

    pub(super) fn close(&self) {
        let sender = self.with(|outbox| {
            outbox.is_closed = true;
            outbox.sender.take()
        });
        if let Some(sender) = sender {
            sender.wake();
        }
    }

    /// Waits for some, and takes all there are. Whether there are any: if not, there will be none.
    pub(super) async fn take(&self, into: &mut Vec<R>) -> bool {
        std::future::poll_fn(|context| {
            self.with(|outbox| {
                if !outbox.requests.is_empty() {
                    std::mem::swap(&mut outbox.requests, into);
                    return Poll::Ready(true);
                }
                if outbox.is_closed {
                    return Poll::Ready(false);
                }
                outbox.sender = Some(context.waker().clone());
                Poll::Pending
            })
        })
        .await
    }
}
