//! Bytes that may be held at once: by everybody together, and by each address.

use std::sync::Arc;

use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// Bytes for everybody. Each address draws on them through a [`Share`] of its own, so that none can
/// have them all.
#[derive(Debug)]
pub(crate) struct Budget {
    all: Arc<Semaphore>,
    each: usize,
}

impl Budget {
    /// So many bytes for everybody, and half of them for one address.
    pub(crate) fn new(bytes: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(bytes)), each: bytes / 2 }
    }

    /// The part that one more address may have.
    pub(crate) fn share(&self) -> Share {
        let own = Arc::new(Semaphore::new(self.each));
        Share { own, all: Arc::clone(&self.all), most: self.each }
    }
}

/// What one address may hold. All clones are the same share.
#[derive(Debug, Clone)]
pub(crate) struct Share {
    own: Arc<Semaphore>,
    all: Arc<Semaphore>,
    most: usize,
}

impl Share {
    /// So many bytes, if they are there now.
    pub(crate) fn try_take(&self, bytes: usize) -> Option<Charge> {
        let count = u32::try_from(bytes).ok()?;
        let own = Arc::clone(&self.own).try_acquire_many_owned(count).ok()?;
        let all = Arc::clone(&self.all).try_acquire_many_owned(count).ok()?;
        Some(Charge { own, all })
    }

    /// So many bytes, or as many as one may ever have, once they are there. Whoever came first has
    /// them first.
    pub(crate) async fn take(&self, bytes: usize) -> Result<Charge, AcquireError> {
        let count = u32::try_from(bytes.min(self.most)).unwrap_or(u32::MAX);
        let own = Arc::clone(&self.own).acquire_many_owned(count).await?;
        let all = Arc::clone(&self.all).acquire_many_owned(count).await?;
        Ok(Charge { own, all })
    }
}

/// Bytes that somebody holds; whoever drops it gives them back.
#[derive(Debug)]
pub(crate) struct Charge {
    own: OwnedSemaphorePermit,
    all: OwnedSemaphorePermit,
}

impl Charge {
    /// How many bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.own.num_permits()
    }

    /// Makes it so many bytes; whether they were there. Less is always given back.
    pub(crate) fn resize(&mut self, share: &Share, bytes: usize) -> bool {
        let now = self.bytes();
        if bytes > now {
            let Some(more) = share.try_take(bytes - now) else { return false };
            self.own.merge(more.own);
            self.all.merge(more.all);
        } else {
            drop((self.own.split(now - bytes), self.all.split(now - bytes)));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_has_more_than_half_and_all_together_no_more_than_all() {
        let budget = Budget::new(100);
        let (one, two, three) = (budget.share(), budget.share(), budget.share());
        assert!(one.try_take(51).is_none());
        let held = one.try_take(50).expect("half");
        assert!(one.try_take(1).is_none() && budget.share().try_take(51).is_none());
        let also = two.try_take(40).expect("others have theirs");
        assert!(three.try_take(11).is_none(), "no more than there is");
        drop(held);
        assert!(three.try_take(11).is_some() && one.try_take(1).is_some());
        drop(also);
    }

    #[test]
    fn a_charge_grows_if_there_is_enough_and_shrinks_always() {
        let budget = Budget::new(100);
        let share = budget.share();
        let mut charge = share.try_take(10).expect("it is there");
        assert!(charge.resize(&share, 50));
        assert!(!charge.resize(&share, 51) && charge.bytes() == 50);
        assert!(charge.resize(&share, 20) && charge.bytes() == 20);
        assert_eq!(share.try_take(30).expect("what was given back").bytes(), 30);
    }

    #[tokio::test]
    async fn whoever_waits_has_it_when_it_is_given_back() {
        let budget = Budget::new(100);
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
