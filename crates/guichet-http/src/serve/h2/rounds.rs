//! Wake-ups of a connection by itself. Its two halves wake each other: an answer is to be sent, a window is open.
//! They are looked at in rounds within one turn of their task, and the runtime, which would wake another thread
//! for each, hears of none of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::task::AtomicWaker;

/// Who is woken by both halves.
#[derive(Debug)]
pub(super) struct Rounds {
    inner: Arc<Inner>,
    waker: Waker,
}

/// Sequentially consistent throughout: whoever wakes sees that nobody looks any more, or whoever looked sees
/// that it was woken.
#[derive(Debug, Default)]
struct Inner {
    is_woken: AtomicBool,
    /// The connection's task looks, and will see that it was woken.
    is_looking: AtomicBool,
    task: AtomicWaker,
}

impl Wake for Inner {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.is_woken.store(true, Ordering::SeqCst);
        if !self.is_looking.load(Ordering::SeqCst) {
            self.task.wake();
        }
    }
}

impl Rounds {
    pub(super) fn new() -> Self {
        let inner = Arc::<Inner>::default();
        Self { waker: Waker::from(Arc::clone(&inner)), inner }
    }

    /// Looks again and again as long as it is woken by what it does, but so many times at most: then others
    /// have a turn. `look` says whether it is over, or is to go on in another turn.
    pub(super) fn poll(
        &self,
        most: usize,
        context: &mut Context<'_>,
        mut look: impl FnMut(&mut Context<'_>) -> Look,
    ) -> Poll<()> {
        let inner = &*self.inner;
        inner.task.register(context.waker());
        inner.is_looking.store(true, Ordering::SeqCst);
        let mut ends = Poll::Pending;
        for round in 1.. {
            // Taken, not overwritten: what whoever woke it has done is seen by this look.
            inner.is_woken.swap(false, Ordering::SeqCst);
            match look(&mut Context::from_waker(&self.waker)) {
                Look::Over => ends = Poll::Ready(()),
                Look::Later => context.waker().wake_by_ref(),
                Look::Waits if !inner.is_woken.load(Ordering::SeqCst) => {}
                Look::Again | Look::Waits if round < most => continue,
                Look::Again | Look::Waits => context.waker().wake_by_ref(),
            }
            break;
        }
        inner.is_looking.store(false, Ordering::SeqCst);
        if inner.is_woken.load(Ordering::SeqCst) {
            // Since the last look.
            context.waker().wake_by_ref();
        }
        ends
    }
}

/// What came of a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// The connection is over.
    Over,
    /// Nothing is left to do, unless it was woken meanwhile.
    Waits,
    /// There is more to do.
    Again,
    /// There is more to do, in another turn.
    Later,
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    /// How often somebody was woken.
    #[derive(Default)]
    struct Counted(AtomicUsize);

    impl Wake for Counted {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How often it looks if it wakes itself so many times, and how often its task is woken for that.
    fn looks(wakes: usize, most: usize) -> (usize, usize) {
        let (rounds, task) = (Rounds::new(), Arc::<Counted>::default());
        let waker = Waker::from(Arc::clone(&task));
        let mut looks = 0;
        let polled = rounds.poll(most, &mut Context::from_waker(&waker), |context| {
            looks += 1;
            if looks <= wakes {
                context.waker().wake_by_ref();
            }
            Look::Waits
        });
        assert!(polled.is_pending());
        (looks, task.0.load(Ordering::Relaxed))
    }

    #[test]
    fn what_it_wakes_itself_for_it_looks_at_at_once() {
        assert_eq!(looks(0, 8), (1, 0));
        assert_eq!(looks(3, 8), (4, 0));
    }

    #[test]
    fn it_does_not_look_for_ever() {
        let (looks, woken) = looks(usize::MAX, 8);
        assert_eq!(looks, 8);
        assert!(woken >= 1, "it goes on in another turn");
    }

    #[test]
    fn who_wakes_it_later_wakes_its_task() {
        let (rounds, task) = (Rounds::new(), Arc::<Counted>::default());
        let waker = Waker::from(Arc::clone(&task));
        let mut inner = None;
        let _ = rounds.poll(8, &mut Context::from_waker(&waker), |context| {
            inner = Some(context.waker().clone());
            Look::Waits
        });
        inner.expect("it has looked").wake();
        assert_eq!(task.0.load(Ordering::Relaxed), 1);
    }
}
