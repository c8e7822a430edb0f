//! What happens, as a stream.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use guichet_core::event::{Change, Event};
use guichet_store::hub::{Batch, Hub, LogEntry, Subscription};
use tokio_util::sync::ReusableBoxFuture;

use super::handle::ServerManager;

/// What a subscriber receives. More kinds may come: one that is not known is best passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Received {
    /// A transition of an operation.
    Event(Event),
    /// A change of a server that no operation made: an edit, or what the driver saw.
    Changed(Change),
    /// The subscriber was too slow: this many records were dropped.
    Missed(u64),
}

/// What happens, from the subscription on: a [`Stream`], which ends when the manager stops. It
/// keeps no manager alive.
#[derive(Debug)]
#[must_use = "what nobody reads is dropped"]
pub struct Events {
    /// The wait for the next batch, which has the subscription inside.
    next_batch: ReusableBoxFuture<'static, (Option<Batch>, Subscription)>,
    /// What the last batch brought and was not handed out yet.
    received: std::vec::IntoIter<LogEntry>,
    has_ended: bool,
}

async fn next_batch(mut subscription: Subscription) -> (Option<Batch>, Subscription) {
    let batch = subscription.batch().await;
    (batch, subscription)
}

impl Events {
    fn new(subscription: Subscription) -> Self {
        Self {
            next_batch: ReusableBoxFuture::new(next_batch(subscription)),
            received: Vec::new().into_iter(),
            has_ended: false,
        }
    }

    /// The next event; `None` once the manager has stopped. Nothing is lost if it is not awaited
    /// to its end.
    pub async fn next(&mut self) -> Option<Received> {
        std::future::poll_fn(|context| self.poll_received(context)).await
    }

    fn poll_received(&mut self, context: &mut Context<'_>) -> Poll<Option<Received>> {
        loop {
            let next = self.received.find_map(|record| match record {
                LogEntry::Event(event) => Some(Received::Event(event)),
                LogEntry::Changed(change) => Some(Received::Changed(change)),
                LogEntry::Refused(_) | LogEntry::Note(_) => None,
            });
            if next.is_some() {
                return Poll::Ready(next);
            }
            if self.has_ended {
                return Poll::Ready(None);
            }
            let (batch, subscription) = ready!(self.next_batch.poll(context));
            self.next_batch.set(next_batch(subscription));
            let Some(batch) = batch else {
                self.has_ended = true;
                continue;
            };
            self.received = batch.records.into_iter();
            if batch.missed > 0 {
                return Poll::Ready(Some(Received::Missed(batch.missed)));
            }
        }
    }
}

impl Stream for Events {
    type Item = Received;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Received>> {
        self.get_mut().poll_received(context)
    }
}

impl ServerManager {
    /// What happens from here on. A slow reader learns how many events it missed.
    pub fn subscribe(&self) -> Events {
        Events::new(self.hub().subscribe())
    }

    /// Where all records go: for logs and histories.
    pub fn hub(&self) -> &Hub {
        self.shared.store.hub()
    }
}
