//! Who is sent what happens as it does.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use guichet_core::ids::ProjectId;
use guichet_core::limits;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::line::{Facts, Wanted};
use crate::past::{Past, STEPS_MAX, Step, dropped, over};

/// One that is sent what happens, as the task that sends it has it.
#[derive(Debug)]
pub(crate) struct Listener {
    wanted: Wanted,
    /// The project whose users alone may see it; none: all may.
    own: Option<ProjectId>,
    /// Bounded. The other end is the answer's body, and is dropped with the connection.
    sender: Sender<Bytes>,
    /// Entries that it is sent in this second at most.
    left: usize,
    /// Entries that it wanted, and was not sent.
    dropped: u64,
}

impl Listener {
    /// One, and what its connection reads.
    pub(crate) fn new(wanted: Wanted, own: Option<ProjectId>) -> (Self, Receiver<Bytes>) {
        let (sender, receiver) = channel(limits::LISTENER_BACKLOG);
        let left = limits::LISTENER_ENTRIES_PER_S;
        (Self { wanted, own, sender, left, dropped: 0 }, receiver)
    }

    /// The project whose users alone may see what it is sent, if so.
    pub(crate) const fn own(&self) -> Option<ProjectId> {
        self.own
    }

    /// Whether nobody reads it any more.
    pub(crate) fn is_gone(&self) -> bool {
        self.sender.is_closed()
    }

    /// Sends an entry if it is wanted and there is place; `made` makes it.
    pub(crate) fn offer(&mut self, facts: &Facts, made: impl FnOnce() -> Bytes) {
        if !self.wanted.fits(facts) {
            return;
        }
        if self.left == 0 || self.sender.capacity() == 0 {
            self.dropped += 1;
            return;
        }
        self.left -= 1;
        // Gone is no error, and there was place.
        let _ = self.sender.try_send(made());
    }

    /// Sends what a second came to. One that has no place for it is sent the next.
    pub(crate) fn tick(&mut self, sample: Bytes) {
        self.left = limits::LISTENER_ENTRIES_PER_S;
        if self.sender.try_send(sample).is_ok() && self.dropped > 0 {
            self.say_dropped();
        }
    }

    fn say_dropped(&mut self) {
        if self.sender.try_send(dropped(self.dropped)).is_ok() {
            self.dropped = 0;
        }
    }

    /// The log itself missed entries: whoever listens missed as many at most.
    pub(crate) fn missed(&mut self, entries: u64) {
        self.dropped += entries;
    }
}

/// What a listener is sent: the bytes of a `text/event-stream`. It ends when the service stops, or with
/// what was if that alone was asked for.
#[derive(Debug)]
#[must_use = "it holds a place among those that listen"]
pub struct Listening {
    origin: Origin,
    /// Given back when the connection is gone.
    _place: OwnedSemaphorePermit,
}

/// Where the next bytes come from.
#[derive(Debug)]
enum Origin {
    /// The log.
    Past(Box<Past>),
    /// What happens.
    Live(Receiver<Bytes>),
    /// Nowhere: all is sent.
    Nowhere,
}

impl Listening {
    /// One that is sent what happens.
    pub(crate) const fn live(receiver: Receiver<Bytes>, place: OwnedSemaphorePermit) -> Self {
        Self { origin: Origin::Live(receiver), _place: place }
    }

    /// One that is sent what was first.
    pub(crate) fn past(past: Past, place: OwnedSemaphorePermit) -> Self {
        Self { origin: Origin::Past(Box::new(past)), _place: place }
    }
}

impl Stream for Listening {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        for _ in 0..STEPS_MAX {
            let step = match &mut self.origin {
                Origin::Nowhere => return Poll::Ready(None),
                Origin::Live(receiver) => {
                    return receiver.poll_recv(context).map(|bytes| bytes.map(Ok));
                }
                Origin::Past(past) => past.step(),
            };
            match step {
                Step::Send(bytes) => return Poll::Ready(Some(Ok(bytes))),
                Step::Nothing => {}
                Step::Live(receiver) => self.origin = Origin::Live(receiver),
                Step::End => {
                    self.origin = Origin::Nowhere;
                    return Poll::Ready(Some(Ok(over())));
                }
            }
        }
        // Others get their turn; this one goes on where it is.
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use guichet_core::action::Action;
    use guichet_core::ids::{ClientId, RequestId};
    use guichet_core::refusal::RefusalKind;
    use guichet_core::time::VIRTUAL_START;
    use guichet_store::hub::{LogEntry, Refused};

    use super::*;

    fn facts(project: u32) -> Facts {
        let entry = LogEntry::Refused(Refused {
            at: VIRTUAL_START,
            request: RequestId::from_bits(1),
            client: ClientId(0),
            project: ProjectId(project),
            action: Action::Create,
            server: None,
            kind: RefusalKind::OverQuota,
        });
        Facts::of(&entry).expect("it is no note")
    }

    fn listener() -> (Listener, Receiver<Bytes>) {
        Listener::new(Wanted { project: Some(ProjectId(1)), ..Wanted::default() }, None)
    }

    fn read(receiver: &mut Receiver<Bytes>) -> Vec<Bytes> {
        std::iter::from_fn(|| receiver.try_recv().ok()).collect()
    }

    #[test]
    fn what_is_over_in_a_second_is_counted_and_said() {
        let (mut listener, mut listening) = listener();
        for _ in 0..limits::LISTENER_ENTRIES_PER_S + 7 {
            listener.offer(&facts(1), || Bytes::from_static(b"entry"));
            listener.offer(&facts(2), || panic!("it is not wanted"));
        }
        listener.tick(Bytes::from_static(b"sample"));
        let sent = read(&mut listening);
        assert_eq!(sent.len(), limits::LISTENER_ENTRIES_PER_S + 2);
        assert_eq!(sent.last().unwrap(), "event: dropped\ndata: {\"entries\":7}\n\n");
        // And there is place again.
        listener.offer(&facts(1), || Bytes::from_static(b"entry"));
        listener.tick(Bytes::from_static(b"sample"));
        assert_eq!(read(&mut listening), ["entry", "sample"]);
    }

    #[test]
    fn one_that_does_not_read_costs_no_more_than_its_backlog() {
        let (mut listener, mut listening) = listener();
        for _ in 0..10 {
            for _ in 0..limits::LISTENER_ENTRIES_PER_S {
                listener.offer(&facts(1), || Bytes::from_static(b"entry"));
            }
            listener.tick(Bytes::from_static(b"sample"));
        }
        let sent = read(&mut listening);
        assert_eq!(sent.len(), limits::LISTENER_BACKLOG);
        listener.tick(Bytes::from_static(b"sample"));
        let entries = sent.iter().filter(|sent| **sent == "entry").count();
        let left_out = 10 * limits::LISTENER_ENTRIES_PER_S - entries;
        let said = format!("event: dropped\ndata: {{\"entries\":{left_out}}}\n\n");
        assert_eq!(read(&mut listening).last().unwrap(), &said);
        assert!(!listener.is_gone());
        drop(listening);
        assert!(listener.is_gone());
    }
}
