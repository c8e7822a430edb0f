//! What a run leaves behind when it is to be compared with others: when each operation ran, and
//! how many ran, as an observer saw it beside the run.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::limits;
use guichet_core::time::{Clock, Timestamp};
use guichet_engine::ServerManager;
use tokio_util::sync::CancellationToken;

use super::measure;

/// When one operation ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ran {
    /// When it was started for the first time.
    pub started: Timestamp,
    /// When it reached its final state.
    pub finished: Timestamp,
}

/// One look at the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// When the observer looked.
    pub at: Timestamp,
    /// How many operations were running then.
    pub in_flight: usize,
}

/// What a run leaves behind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trail {
    /// Every operation that was started and is over.
    pub ran: Vec<Ran>,
    /// Looks, in order, evenly spaced as far as the system allows.
    pub looks: Vec<Look>,
    /// Most threads that the process had, the observer's own left out.
    pub peak_threads: usize,
    /// How often the system switched threads.
    pub context_switches: u64,
    /// How long the machine's processors were busy for others, all together.
    pub others: Duration,
}

/// The middle of a run: without its start, when the pool fills, and its end, when it empties.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Middle {
    /// Operations that ended, a second.
    pub per_s: f64,
    /// First started → finished, mean, s.
    pub mean_service_s: f64,
    /// Operations running, mean of the looks; none if it was over before the observer looked.
    pub mean_in_flight: Option<f64>,
}

/// How much of the completions is left out at each end.
const CUT: f64 = 0.1;

impl Trail {
    /// The middle 80 % of the completions; `None` if there are too few to tell a rate.
    pub fn middle(&self) -> Option<Middle> {
        let mut ran = self.ran.clone();
        ran.sort_unstable_by_key(|ran| (ran.finished, ran.started));
        let cut = (ran.len() as f64 * CUT) as usize;
        let middle = ran.get(cut..ran.len() - cut)?;
        let (first, rest) = middle.split_first()?;
        let last = rest.last()?;
        // Between the first end and the last lie as many services as ends after the first.
        let span = last.finished.since(first.finished).as_secs_f64();
        if span <= 0.0 {
            return None;
        }
        let service: Duration = rest.iter().map(|ran| ran.finished.since(ran.started)).sum();
        let within = first.finished..=last.finished;
        let looks = self.looks.iter().filter(|look| within.contains(&look.at));
        let (count, sum) =
            looks.fold((0u64, 0u64), |(count, sum), look| (count + 1, sum + look.in_flight as u64));
        Some(Middle {
            per_s: rest.len() as f64 / span,
            mean_service_s: service.as_secs_f64() / rest.len() as f64,
            mean_in_flight: (count > 0).then(|| sum as f64 / count as f64),
        })
    }
}

/// Reading the number of threads costs more than a look, and it changes less.
const THREADS_EVERY: usize = 8;

/// Looks at a run from a thread of its own, until it is stopped.
#[derive(Debug)]
pub struct Observer {
    stop: CancellationToken,
    seen: Arc<Mutex<Trail>>,
    thread: std::thread::JoinHandle<()>,
}

impl Observer {
    /// Starts to look.
    ///
    /// # Errors
    /// The system's, if it gives no thread.
    pub fn start(manager: ServerManager, clock: WorldClock) -> std::io::Result<Self> {
        let stop = CancellationToken::new();
        let seen = Arc::new(Mutex::new(Trail::default()));
        let (stopped, into) = (stop.clone(), Arc::clone(&seen));
        let thread = std::thread::Builder::new().name("observer".to_owned()).spawn(move || {
            let mut every = limits::OBSERVER_PERIOD;
            for round in 0.. {
                if stopped.is_cancelled() {
                    return;
                }
                let in_flight = manager.figures().load.in_flight;
                let look = Look { at: clock.now(), in_flight };
                let threads = (round % THREADS_EVERY == 0).then(measure::threads);
                // Held to note one look; the only other holder is who joins this thread.
                let mut seen = into.lock().unwrap_or_else(PoisonError::into_inner);
                every *= seen.note(look, threads);
                drop(seen);
                std::thread::park_timeout(every);
            }
        })?;
        Ok(Self { stop, seen, thread })
    }

    /// Stops looking; what was seen.
    pub fn finish(self) -> Trail {
        self.stop.cancel();
        self.thread.thread().unpark();
        // A panic there is a bug that ends a test; what was seen until then is still true.
        let _ = self.thread.join();
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Trail {
    /// Notes a look; how many times further apart the next ones must be.
    fn note(&mut self, look: Look, threads: Option<usize>) -> u32 {
        if let Some(threads) = threads {
            self.peak_threads = self.peak_threads.max(threads.saturating_sub(1));
        }
        self.looks.push(look);
        if self.looks.len() < limits::OBSERVER_LOOKS_MAX {
            return 1;
        }
        // Every second one goes, and the next ones are as far apart as the rest then are.
        let mut number = 0;
        self.looks.retain(|_| {
            number += 1;
            number % 2 == 0
        });
        2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Timestamp {
        Timestamp::from_micros(1_000_000_000 + ms * 1_000)
    }

    /// Two workers, 10 ms each, one end every 5 ms.
    fn steady(ends: u64) -> Trail {
        Trail {
            ran: (0..ends).map(|n| Ran { started: at(n * 5), finished: at(n * 5 + 10) }).collect(),
            looks: (0..ends * 5).map(|ms| Look { at: at(ms), in_flight: 2 }).collect(),
            ..Trail::default()
        }
    }

    #[test]
    fn the_middle_of_a_steady_run_obeys_littles_law() {
        let middle = steady(100).middle().unwrap();
        assert!((middle.per_s - 200.0).abs() < 1e-6, "{middle:?}");
        assert!((middle.mean_service_s - 0.010).abs() < 1e-9);
        assert!(
            (middle.per_s * middle.mean_service_s - middle.mean_in_flight.unwrap()).abs() < 1e-6
        );
    }

    #[test]
    fn what_is_slow_at_the_ends_is_left_out() {
        let mut trail = steady(100);
        trail.ran[0].finished = at(0);
        trail.ran[99].finished = at(1_000_000);
        assert!((trail.middle().unwrap().per_s - 200.0).abs() < 1e-6);
    }

    #[test]
    fn too_few_ends_have_no_rate() {
        for few in 0..2 {
            assert_eq!(steady(few).middle(), None);
        }
        let same = Ran { started: at(0), finished: at(10) };
        assert_eq!(Trail { ran: vec![same; 50], ..Trail::default() }.middle(), None);
    }

    #[test]
    fn looks_are_bounded_and_stay_evenly_spaced() {
        let (mut trail, mut every, mut now) = (Trail::default(), 1, 0);
        for _ in 0..3 * limits::OBSERVER_LOOKS_MAX {
            every *= u64::from(trail.note(Look { at: at(now), in_flight: 1 }, Some(5)));
            now += every;
        }
        assert!(
            trail.looks.len() < limits::OBSERVER_LOOKS_MAX
                && trail.looks.len() >= limits::OBSERVER_LOOKS_MAX / 2
        );
        let gaps: std::collections::BTreeSet<_> =
            trail.looks.windows(2).map(|pair| pair[1].at.since(pair[0].at)).collect();
        assert!(gaps.len() <= 2, "{gaps:?}");
        assert_eq!(trail.peak_threads, 4, "without the observer's own");
    }
}
