//! Bytes, or streams, that may be held at once: by everybody together, and by each address.
//!
//! A part of them is for addresses that hold little: when a few addresses hold all the rest, and read
//! slowly, others are still answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use guichet_core::limits;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// Bytes for everybody. Each address draws on them through a [`Share`] of its own, so that none can
/// have them all.
#[derive(Debug)]
pub(crate) struct Budget {
    common: Arc<Semaphore>,
    /// For addresses that hold little.
    reserve: Arc<Semaphore>,
    each: usize,
    little: usize,
}

impl Budget {
    /// So many bytes for everybody, and half of them for one address. One that holds `little` draws on a part of
    /// its own.
    pub(crate) fn new(bytes: usize, little: usize) -> Self {
        let reserve = bytes / limits::BUDGET_RESERVE_DIVISOR;
        Self {
            common: Arc::new(Semaphore::new(bytes - reserve)),
            reserve: Arc::new(Semaphore::new(reserve)),
            each: bytes / 2,
            little: little.min(reserve),
        }
    }

    /// The part that one more address may have.
    pub(crate) fn share(&self) -> Share {
        Share {
            own: Arc::new(Semaphore::new(self.each)),
            common: Arc::clone(&self.common),
            reserve: Arc::clone(&self.reserve),
            most: self.each,
            little: self.little,
            overdrawn: Arc::default(),
        }
    }
}

/// What one address may hold. All clones are the same share.
#[derive(Debug, Clone)]
pub(crate) struct Share {
    own: Arc<Semaphore>,
    common: Arc<Semaphore>,
    reserve: Arc<Semaphore>,
    most: usize,
    little: usize,
    /// Bytes past all of that. Relaxed: nothing else is ordered by it.
    overdrawn: Arc<AtomicUsize>,
}

impl Share {
    /// So many bytes, if they are there now.
    pub(crate) fn try_take(&self, bytes: usize) -> Option<Charge> {
        let count = u32::try_from(bytes).ok()?;
        let own = Arc::clone(&self.own).try_acquire_many_owned(count).ok()?;
        let sources = [Some(&self.common), Some(&self.reserve).filter(|_| self.holds_little())];
        sources
            .into_iter()
            .flatten()
            .find_map(|source| {
                let all = Arc::clone(source).try_acquire_many_owned(count).ok()?;
                Some((all, Arc::clone(source)))
            })
            .map(|(all, source)| Charge { own, all, source, overdraft: None })
    }

    /// So many bytes, though they are not there: for what cannot be refused any more. They count as an
    /// overdraft of the address until they are given back.
    pub(crate) fn overdraw(&self, bytes: usize) -> Option<Charge> {
        // Nothing is always there, as nobody closes the semaphores.
        let nothing = self.try_take(0)?;
        self.overdrawn.fetch_add(bytes, Ordering::Relaxed);
        let overdraft = Overdraft { bytes, of: Arc::clone(&self.overdrawn) };
        Some(Charge { overdraft: Some(overdraft), ..nothing })
    }

    /// Whether the address has more than there was for it.
    pub(crate) fn is_overdrawn(&self) -> bool {
        self.overdrawn.load(Ordering::Relaxed) > 0
    }

    /// So many bytes, or as many as one may ever have, once they are there. Whoever came first has
    /// them first, except that what is for addresses that hold little is theirs.
    pub(crate) async fn take(&self, bytes: usize) -> Result<Charge, AcquireError> {
        let count = u32::try_from(bytes.min(self.most)).unwrap_or(u32::MAX);
        let own = Arc::clone(&self.own).acquire_many_owned(count).await?;
        let common = Arc::clone(&self.common).acquire_many_owned(count);
        if !self.holds_little() {
            let all = common.await?;
            let source = Arc::clone(&self.common);
            return Ok(Charge { own, all, source, overdraft: None });
        }
        let reserve = Arc::clone(&self.reserve).acquire_many_owned(count);
        let (all, source) = tokio::select! {
            biased;
            all = common => (all?, &self.common),
            all = reserve => (all?, &self.reserve),
        };
        Ok(Charge { own, all, source: Arc::clone(source), overdraft: None })
    }

    /// Whether the address holds little, with what it has just taken of its own share.
    fn holds_little(&self) -> bool {
        self.most - self.own.available_permits() <= self.little
    }
}

/// Bytes that somebody holds; whoever drops it gives them back.
#[derive(Debug)]
pub(crate) struct Charge {
    own: OwnedSemaphorePermit,
    all: OwnedSemaphorePermit,
    /// Whose `all` is.
    source: Arc<Semaphore>,
    /// What it has besides, and nobody had.
    #[expect(dead_code, reason = "it is there to be dropped")]
    overdraft: Option<Overdraft>,
}

/// Bytes that an address has past what there was.
#[derive(Debug)]
struct Overdraft {
    bytes: usize,
    of: Arc<AtomicUsize>,
}

impl Drop for Overdraft {
    fn drop(&mut self) {
        self.of.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl Charge {
    /// How many bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.own.num_permits()
    }

    /// Makes it so many bytes; whether they were there. Less is always given back.
    pub(crate) fn resize(&mut self, share: &Share, bytes: usize) -> bool {
        let now = self.bytes();
        if bytes <= now {
            drop((self.own.split(now - bytes), self.all.split(now - bytes)));
            return true;
        }
        let (Ok(count), Ok(whole)) = (u32::try_from(bytes - now), u32::try_from(bytes)) else {
            return false;
        };
        let Ok(own) = Arc::clone(&share.own).try_acquire_many_owned(count) else { return false };
        let is_common = Arc::ptr_eq(&self.source, &share.common);
        let holds_little = share.holds_little();
        if (is_common || holds_little)
            && let Ok(all) = Arc::clone(&self.source).try_acquire_many_owned(count)
        {
            self.own.merge(own);
            self.all.merge(all);
            return true;
        }
        // All of it moves to the other part, if it may and there is place: a body begins with nothing, which
        // any part has.
        let other = if is_common { &share.reserve } else { &share.common };
        if is_common && !holds_little {
            return false;
        }
        let Ok(all) = Arc::clone(other).try_acquire_many_owned(whole) else { return false };
        self.own.merge(own);
        (self.all, self.source) = (all, Arc::clone(other));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_has_more_than_half_and_all_together_no_more_than_all() {
        let budget = Budget::new(100, 100);
        let (one, two, three) = (budget.share(), budget.share(), budget.share());
        assert!(one.try_take(51).is_none());
        let held = one.try_take(50).expect("half");
        assert!(one.try_take(1).is_none() && budget.share().try_take(51).is_none());
        let also = two.try_take(25).expect("others have theirs");
        assert!(three.try_take(26).is_none(), "no more than there is");
        drop(held);
        assert!(three.try_take(26).is_some() && one.try_take(1).is_some());
        drop(also);
    }

    #[tokio::test]
    async fn whoever_holds_little_has_some_though_others_hold_the_rest() {
        let budget = Budget::new(100, 100);
        let (one, two, three) = (budget.share(), budget.share(), budget.share());
        let (_one, _two) = (one.try_take(50).expect("half"), two.try_take(25).expect("the rest"));
        assert!(two.try_take(1).is_none(), "it holds much");
        let some = three.try_take(10).expect("it holds little");
        let more = three.take(15).await.expect("so it does not wait");
        assert!(three.try_take(1).is_none(), "that is all there is");
        drop((some, more));
        let mut charge = three.try_take(10).expect("it came back");
        assert!(charge.resize(&three, 25) && !charge.resize(&three, 26));
    }

    #[test]
    fn what_is_for_those_who_hold_little_is_not_for_one_of_them() {
        let budget = Budget::new(100, 5);
        let [one, two, three, four] = [(); 4].map(|()| budget.share());
        let (_one, _two) = (one.try_take(50).expect("half"), two.try_take(25).expect("the rest"));
        let _three = three.try_take(5).expect("it holds little");
        assert!(three.try_take(1).is_none(), "that is no longer little");
        assert!(four.try_take(6).is_none() && four.try_take(5).is_some());
    }

    #[tokio::test]
    async fn what_grows_finds_what_is_for_those_who_hold_little() {
        let budget = Budget::new(100, 100);
        let (one, two, three) = (budget.share(), budget.share(), budget.share());
        // As a body is read: it begins with nothing, which is always there.
        let mut charge = three.try_take(0).expect("nothing");
        let (half, rest) = (one.try_take(50).expect("half"), two.try_take(25).expect("the rest"));
        assert!(charge.resize(&three, 10) && charge.bytes() == 10, "it holds little");
        assert!(charge.resize(&three, 20) && !charge.resize(&three, 26), "and has all of that");
        // Who holds more has no part in it, however it began.
        let mut more = two.try_take(0).expect("nothing");
        assert!(!more.resize(&two, 5), "it holds much");
        drop((half, rest, more));
        assert!(charge.resize(&three, 50), "what all have is there again");
        let (one, two) = (one.try_take(24), two.try_take(25));
        assert!(one.is_some() && two.is_some(), "and what is for those who hold little");
    }

    #[test]
    fn a_charge_grows_if_there_is_enough_and_shrinks_always() {
        let budget = Budget::new(100, 100);
        let share = budget.share();
        let mut charge = share.try_take(10).expect("it is there");
        assert!(charge.resize(&share, 50));
        assert!(!charge.resize(&share, 51) && charge.bytes() == 50);
        assert!(charge.resize(&share, 20) && charge.bytes() == 20);
        assert_eq!(share.try_take(30).expect("what was given back").bytes(), 30);
    }

    #[test]
    fn an_overdraft_is_there_without_place_and_counts_until_it_is_given_back() {
        let budget = Budget::new(100, 100);
        let (one, two) = (budget.share(), budget.share());
        let held = one.try_take(50).expect("half");
        assert!(one.try_take(1).is_none() && !one.is_overdrawn());
        let [first, second] = [70, 80].map(|bytes| one.overdraw(bytes).expect("always"));
        assert!(one.is_overdrawn() && !two.is_overdrawn());
        assert!(two.try_take(25).is_some(), "it takes nothing of anybody's");
        drop((held, first));
        assert!(one.is_overdrawn());
        drop(second);
        assert!(!one.is_overdrawn() && one.try_take(50).is_some());
    }

    #[tokio::test]
    async fn whoever_waits_has_it_when_it_is_given_back() {
        let budget = Budget::new(100, 100);
        let share = budget.share();
        let held = share.try_take(50).expect("all of it");
        let waiting = share.take(1_000);
        tokio::pin!(waiting);
        assert!(futures_poll(waiting.as_mut()).await.is_none(), "nothing is left");
        drop(held);
        // More than one may ever have is as much as one may have.
        assert_eq!(waiting.await.expect("nobody closes it").bytes(), 50);
    }

    /// What one look at a future says.
    async fn futures_poll<F: Future>(mut future: std::pin::Pin<&mut F>) -> Option<F::Output> {
        std::future::poll_fn(|context| match future.as_mut().poll(context) {
            std::task::Poll::Ready(output) => std::task::Poll::Ready(Some(output)),
            std::task::Poll::Pending => std::task::Poll::Ready(None),
        })
        .await
    }
}
