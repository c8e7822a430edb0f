//! All clouds that are watched, and the one task that does it.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use guichet_clock::{Stopwatch, WorldClock};
use guichet_cloud::worlds::{World, WorldId, Worlds};
use guichet_core::ids::ProjectId;
use guichet_core::limits;
use guichet_core::time::Clock;
use guichet_http::connections::Connections;
use tokio::sync::Semaphore;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::followed::Followed;
use crate::http::HttpCounts;
use crate::line::Wanted;
use crate::listener::Listening;
use crate::metrics;
use crate::past::Span;
use crate::stats::Stats;

/// Watches the clouds of a service.
pub struct Watch {
    worlds: Arc<Worlds>,
    clock: WorldClock,
    watch: Stopwatch,
    /// Requests to all worlds.
    http: HttpCounts,
    /// Connections to the service's own address.
    connections: Arc<Connections>,
    /// Those that are watched. Held for a look-up or a change, never across a wait.
    followed: Mutex<HashMap<WorldId, Arc<Followed>>>,
    /// For those that listen, in all worlds; each gives its permit back as its connection ends.
    places: Arc<Semaphore>,
    /// Whether the task runs: without it nothing would ever be read. Changed while `followed` is held.
    is_running: AtomicBool,
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("followed", &self.table().len()).finish_non_exhaustive()
    }
}

/// Why nobody more may listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooManyListeners {
    /// As many listen as may.
    #[error("{} listen already, and no more may: end one of them.", limits::LISTENERS_MAX)]
    Full,
    /// As many worlds are listened to as may be.
    #[error("{} worlds are listened to already, and no more may be.", limits::WATCHED_MAX)]
    Worlds,
    /// The service stops, or watches nothing.
    #[error("The service stops.")]
    Stopped,
}

impl Watch {
    /// Of these worlds; nothing is watched before [`run`](Self::run) is.
    pub fn new(worlds: Arc<Worlds>) -> Self {
        Self::counting(worlds, Arc::default())
    }

    /// The same with connections that are counted there, perhaps since before.
    pub fn counting(worlds: Arc<Worlds>, connections: Arc<Connections>) -> Self {
        Self {
            worlds,
            clock: WorldClock::real(),
            watch: Stopwatch::start(),
            http: HttpCounts::default(),
            connections,
            followed: Mutex::default(),
            places: Arc::new(Semaphore::new(limits::LISTENERS_MAX)),
            is_running: AtomicBool::new(false),
        }
    }

    /// The worlds.
    pub const fn worlds(&self) -> &Arc<Worlds> {
        &self.worlds
    }

    fn table(&self) -> MutexGuard<'_, HashMap<WorldId, Arc<Followed>>> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Watches until `stop` is cancelled; then the answers of all who listen end.
    pub async fn run(&self, stop: &CancellationToken) {
        self.is_running.store(true, Ordering::Release);
        let _ = self.of(self.worlds.first());
        let mut ticks = tokio::time::interval(limits::WATCH_PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut second_began = self.watch.elapsed();
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            let ends = self.watch.elapsed().saturating_sub(second_began) >= limits::SAMPLE_PERIOD;
            if ends {
                second_began = self.watch.elapsed();
            }
            self.look(ends).await;
        }
        let mut table = self.table();
        self.is_running.store(false, Ordering::Release);
        for followed in std::mem::take(&mut *table).into_values() {
            followed.end();
        }
    }

    /// Looks at each cloud once.
    async fn look(&self, ends_second: bool) {
        let all: Vec<_> =
            self.table().iter().map(|(id, followed)| (*id, Arc::clone(followed))).collect();
        for (id, followed) in all {
            let Some(world) = self.worlds.look_at(&id.to_string()) else {
                self.forget(id);
                continue;
            };
            let cloud = world.cloud();
            followed.renew(&cloud, self.clock.now());
            // What comes while it is read is read the next time: nobody is held up by a flood.
            for _ in 0..limits::EVENTS_MAX / limits::EVENT_BATCH_MAX {
                if !followed.take_batch(&cloud) {
                    break;
                }
                tokio::task::yield_now().await;
            }
            if ends_second {
                followed.end_second(&cloud, self.clock.now(), self.watch.elapsed());
                self.forget_idle(&world, &followed);
            }
        }
    }

    fn forget(&self, id: WorldId) {
        let forgotten = self.table().remove(&id);
        if let Some(followed) = forgotten {
            followed.end();
        }
    }

    /// Watches a world no more that nobody asks about.
    fn forget_idle(&self, world: &World, followed: &Followed) {
        let asked = followed.asked();
        let is_idle = |asked| self.watch.elapsed().saturating_sub(asked) > limits::WATCH_IDLE;
        if !world.is_first() && asked.is_some_and(is_idle) {
            self.forget(world.id());
        }
    }

    /// What is known of a world, which is watched from now on: none if as many are as may be and
    /// somebody listens to each, or if the service stops.
    pub fn of(&self, world: &World) -> Option<Arc<Followed>> {
        let elapsed = self.watch.elapsed();
        let mut table = self.table();
        if let Some(followed) = table.get(&world.id()) {
            followed.touch(elapsed);
            return Some(Arc::clone(followed));
        }
        if !self.is_running.load(Ordering::Acquire) {
            return None;
        }
        if table.len() > limits::WATCHED_MAX {
            // The one that was asked about longest ago makes place.
            let asked = table.iter().filter(|(id, _)| **id != self.worlds.first().id());
            let asked = asked.filter_map(|(id, it)| Some((it.asked()?, *id)));
            let longest: Option<(Duration, WorldId)> = asked.min();
            table.remove(&longest?.1);
        }
        let entries = if world.is_first() {
            limits::LOG_ENTRIES_MAX
        } else {
            limits::LOG_ENTRIES_OF_WORLD_MAX
        };
        let followed = Followed::begin(&world.cloud(), self.clock.now(), elapsed, entries);
        let followed = Arc::new(followed);
        table.insert(world.id(), Arc::clone(&followed));
        Some(followed)
    }

    /// Figures of a world; of one project, if only that may be seen.
    pub fn stats(&self, world: &World, own: Option<ProjectId>, since: Option<u64>) -> Stats {
        let stats = Stats::of(world, self.of(world).as_deref(), self.clock.now(), since, own);
        Stats { uptime_s: self.watch.elapsed().as_secs_f64(), ..stats }
    }

    /// Where requests over HTTP are counted.
    pub const fn http(&self) -> &HttpCounts {
        &self.http
    }

    /// Where connections are counted.
    pub const fn connections(&self) -> &Arc<Connections> {
        &self.connections
    }

    /// Metrics of the first world and of the service, in the form that Prometheus reads.
    pub fn metrics(&self) -> String {
        let followed = self.table().get(&self.worlds.first().id()).cloned();
        metrics::text(&self.worlds, followed.as_deref(), (&self.http, &self.connections))
    }

    /// What happens in a world, as it does; before it, what the log still has of the time that is asked
    /// for.
    ///
    /// # Errors
    /// [`TooManyListeners`].
    pub fn listen(
        &self,
        world: &World,
        own: Option<ProjectId>,
        wanted: &Wanted,
        span: Span,
    ) -> Result<Listening, TooManyListeners> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| TooManyListeners::Full)?;
        let Some(followed) = self.of(world) else {
            let is_running = self.is_running.load(Ordering::Acquire);
            return Err(if is_running {
                TooManyListeners::Worlds
            } else {
                TooManyListeners::Stopped
            });
        };
        let wanted = Wanted { project: own.or(wanted.project), ..wanted.clone() };
        let cloud = world.cloud();
        if span == Span::LIVE {
            return Ok(followed.listen(&cloud, wanted, own, place));
        }
        // Whoever asks behind a reset is not shown what was before it.
        followed.renew(&cloud, self.clock.now());
        followed.take_all(&cloud);
        Ok(followed.look_back((wanted, own), span, place))
    }
}
