//! The one lock, and the measure of how long it is held. Under the feature `shuttle` the locks
//! and flags of this crate are ones whose schedules can be explored.

#[cfg(not(feature = "shuttle"))]
pub(crate) use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::atomic::{AtomicU64, Ordering};
#[cfg(not(feature = "shuttle"))]
pub(crate) use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

#[cfg(not(feature = "shuttle"))]
pub(crate) use std::thread;

#[cfg(feature = "shuttle")]
pub(crate) use shuttle::sync::atomic::{AtomicBool, AtomicUsize};
#[cfg(feature = "shuttle")]
pub(crate) use shuttle::sync::{Mutex, MutexGuard};
#[cfg(feature = "shuttle")]
pub(crate) use shuttle::thread;

/// What a step took, with what came of it.
#[expect(clippy::disallowed_methods, reason = "measures what a write costs")]
pub(crate) fn timed<R>(step: impl FnOnce() -> R) -> (R, Duration) {
    let begun = Instant::now();
    let result = step();
    (result, begun.elapsed())
}

/// What a process ends with when nobody knows any more what its fleet is: the same as when its
/// journal is lost (`EX_IOERR` of sysexits.h).
#[cfg(not(feature = "shuttle"))]
const BROKEN: i32 = 74;

/// Ends the process if a step panics: half of a change may have been made, and every answer from
/// then on would be given from it. Nothing of that has reached the journal, whose writer takes the
/// same lock. Under the feature `shuttle` the panic is what an exploration reports.
struct WholeOrNothing;

impl Drop for WholeOrNothing {
    fn drop(&mut self) {
        #[cfg(not(feature = "shuttle"))]
        if thread::panicking() {
            // What panicked, and where, has been said.
            std::process::exit(BROKEN);
        }
    }
}

/// Of holds that are measured seldom, one in so many is.
const SELDOM: u32 = 16;

/// A mutex whose longest hold is known. Whoever calls [`with`](Self::with) holds it for the
/// closure and gives it back at its end; a closure does no I/O, waits for nothing and wakes
/// nobody.
///
/// To read the time at the end of a hold costs a good part of a short one. So those that are short and many, by
/// [`briefly`](Self::briefly), are measured seldom: a length that comes again is seen all the same.
#[derive(Debug)]
pub(crate) struct TimedMutex<T> {
    inner: Mutex<Counted<T>>,
    /// Relaxed: a statistic, ordered by nothing else.
    longest_ns: AtomicU64,
    /// Whether every kind of hold is measured seldom.
    is_seldom: bool,
}

/// What the lock protects, and how many holds there were that are measured seldom.
#[derive(Debug)]
struct Counted<T> {
    value: T,
    holds: u32,
}

impl<T> TimedMutex<T> {
    pub(crate) fn new(value: T) -> Self {
        let inner = Mutex::new(Counted { value, holds: 0 });
        Self { inner, longest_ns: AtomicU64::new(0), is_seldom: false }
    }

    /// The same, and all holds are measured seldom: for one thread alone, whom none holds up.
    pub(crate) fn measured_seldom(value: T) -> Self {
        Self { is_seldom: true, ..Self::new(value) }
    }

    /// Runs `step` while holding the lock.
    pub(crate) fn with<R>(&self, step: impl FnOnce(&mut T) -> R) -> R {
        self.hold(self.is_seldom, |value, _| step(value))
    }

    /// The same; the step is also given the moment at which the lock was taken, if this hold is measured.
    pub(crate) fn with_moment<R>(&self, step: impl FnOnce(&mut T, Option<Instant>) -> R) -> R {
        self.hold(self.is_seldom, step)
    }

    /// The same for a step that every operation takes, which is short.
    pub(crate) fn briefly<R>(&self, step: impl FnOnce(&mut T, Option<Instant>) -> R) -> R {
        self.hold(true, step)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "measures what a hold costs; a clock that goes with it may stamp by it"
    )]
    fn hold<R>(&self, is_seldom: bool, step: impl FnOnce(&mut T, Option<Instant>) -> R) -> R {
        let mut guard = self
            .inner
            .lock()
            .expect("a step that panics ends the process, so none finds the lock poisoned");
        let Counted { value, holds } = &mut *guard;
        *holds = holds.wrapping_add(u32::from(is_seldom));
        let is_measured = !is_seldom || holds.is_multiple_of(SELDOM);
        let begun = is_measured.then(Instant::now);
        let whole = WholeOrNothing;
        let result = step(value, begun);
        drop(whole);
        let held = begun.map(|begun| begun.elapsed());
        drop(guard);
        let Some(held) = held else { return result };
        let held_ns = u64::try_from(held.as_nanos()).unwrap_or(u64::MAX);
        // Seldom true, so the shared cache line is seldom written.
        if held_ns > self.longest_ns.load(Ordering::Relaxed) {
            self.longest_ns.fetch_max(held_ns, Ordering::Relaxed);
        }
        result
    }

    /// The longest hold so far, in nanoseconds.
    pub(crate) fn longest_ns(&self) -> u64 {
        self.longest_ns.load(Ordering::Relaxed)
    }
}
