//! The live view of a run: a frame a few times a second, drawn by a thread of its own that reads
//! what the run counts anyway. Nothing waits for it, and nothing of it is in what a run comes to.

mod frame;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use guichet_clock::Stopwatch;
use guichet_core::limits;
use guichet_core::state::Status;
use guichet_core::time::Clock;
use guichet_engine::ServerManager;
use guichet_store::Query;
use guichet_store::hub::Subscription;
use indicatif::ProgressBar;
use tokio_util::sync::CancellationToken;

use super::clients::Lab;
use super::log::columns::Columns;

pub use frame::Seen;

/// How a run is shown while it goes on.
#[derive(Debug, Clone)]
pub struct Live {
    /// What draws frames, and clears them away: its text is the frame.
    pub bar: ProgressBar,
    /// What lines are laid out for.
    pub columns: Columns,
    /// How many rows the screen has; asked for each frame.
    pub height: fn() -> usize,
    /// Whether all is shown, or the bar alone, below a log.
    pub whole: bool,
}

/// What the view must know of a run.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// Requests in all.
    pub(super) all: u64,
    /// After how long no more is sent, in the time that clients go by.
    pub(super) duration: Option<Duration>,
    /// How many operations may wait.
    pub(super) queue: usize,
    /// The projects' names.
    pub(super) projects: Vec<Arc<str>>,
}

/// The thread that draws.
#[derive(Debug)]
pub(super) struct Drawing {
    stop: CancellationToken,
    bar: ProgressBar,
    thread: std::thread::JoinHandle<()>,
}

impl Drawing {
    /// Starts to draw.
    ///
    /// # Errors
    /// The system's, if it gives no thread.
    pub(super) fn start(live: &Live, lab: &Arc<Lab>, plan: Plan) -> std::io::Result<Self> {
        let (stop, bar) = (CancellationToken::new(), live.bar.clone());
        let latest = live.whole.then(|| lab.manager.hub().subscribe());
        let mut viewer = Viewer {
            live: live.clone(),
            lab: Arc::clone(lab),
            plan,
            latest,
            watch: Stopwatch::start(),
            passed: VecDeque::new(),
            seen: Seen::default(),
            count_next: Duration::ZERO,
        };
        let stopped = stop.clone();
        let thread = std::thread::Builder::new().name("live".to_owned()).spawn(move || {
            while !stopped.is_cancelled() {
                viewer.draw();
                std::thread::park_timeout(limits::LIVE_PERIOD);
            }
        })?;
        Ok(Self { stop, bar, thread })
    }

    /// Stops, and leaves the screen as it was.
    pub(super) fn finish(self) {
        self.stop.cancel();
        self.thread.thread().unpark();
        // A panic there costs the view, and nothing else.
        let _ = self.thread.join();
        self.bar.finish_and_clear();
    }
}

/// How far back the rate looks.
const RATE_FRAMES: usize = 8;

struct Viewer {
    live: Live,
    lab: Arc<Lab>,
    plan: Plan,
    latest: Option<Subscription>,
    watch: Stopwatch,
    /// When how many requests were over, the last few frames.
    passed: VecDeque<(Duration, u64)>,
    seen: Seen,
    /// When servers may be counted again.
    count_next: Duration,
}

impl Viewer {
    fn draw(&mut self) {
        self.look();
        let width = (self.live.columns.width)();
        let Columns { color, locale, .. } = self.live.columns;
        self.live.bar.set_message(if self.live.whole {
            self.seen.frame((width, (self.live.height)()), color, locale)
        } else {
            self.seen.bar(width, color, locale)
        });
    }

    fn look(&mut self) {
        let (lab, now) = (&self.lab, self.watch.elapsed());
        let over = lab.tally.all_over();
        let load_time = lab.clock.now().since(lab.began);
        self.passed.push_back((now, over));
        if self.passed.len() > RATE_FRAMES {
            self.passed.pop_front();
        }
        let (from, before) = self.passed.front().copied().unwrap_or_default();
        let per_s = (over - before) as f64 / now.saturating_sub(from).as_secs_f64().max(1e-3);
        let of_duration = self
            .plan
            .duration
            .map_or(0.0, |duration| load_time.as_secs_f64() / duration.as_secs_f64().max(1e-9));
        let share = (over as f64 / self.plan.all.max(1) as f64).max(of_duration).min(1.0);
        // By what was done of it so far, so that a rate that changes does not make it jump.
        let left = (share > 0.01).then(|| now.mul_f64((1.0 - share) / share));
        let figures = lab.manager.figures();
        let seen = &mut self.seen;
        (seen.over, seen.all, seen.share) = (over, self.plan.all, share);
        (seen.per_s, seen.left) = (per_s, left);
        seen.virtual_s = lab.clock.is_virtual().then_some(load_time.as_secs_f64());
        (seen.in_flight, seen.waiting) = (figures.load.in_flight, figures.load.waiting);
        (seen.requeued, seen.queue) = (figures.load.requeued, self.plan.queue);
        let counts = figures.counts;
        (seen.succeeded, seen.failed) = (counts.succeeded, counts.failed);
        seen.cancelled = counts.cancelled;
        if let Some(latest) = &mut self.latest {
            let records = latest.newest(limits::LIVE_LINES_MAX).records;
            let lines = records.iter();
            let lines =
                lines.filter_map(|record| self.live.columns.line(record, &self.plan.projects));
            seen.latest.extend(lines);
            let skipped = seen.latest.len().saturating_sub(limits::LIVE_LINES_MAX);
            seen.latest.drain(..skipped);
        }
        if self.live.whole && now >= self.count_next {
            seen.servers = by_status(&lab.manager);
            let took = self.watch.elapsed().saturating_sub(now);
            self.count_next = now + took * limits::LIVE_SCAN_SHARE;
        }
    }
}

/// How many servers there are of each status, in the order of [`Status::ALL`]: page by page, so
/// that nobody is held up, and so not of one instant.
fn by_status(manager: &ServerManager) -> Vec<u64> {
    let mut counts = vec![0; Status::ALL.len()];
    for server in manager.scan(&Query::default()) {
        if let Some(index) = Status::ALL.iter().position(|status| *status == server.status()) {
            counts[index] += 1;
        }
    }
    counts
}
