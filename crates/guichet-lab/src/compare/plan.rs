//! What is compared with what, how long each run is, and in which order they go.

use std::time::Duration;

use guichet_core::limits;
use guichet_driver::profile::Profile;
use guichet_engine::Model;
use guichet_locale::{Locale, text};

use super::spec::{RunFigures, RunSpec};
use crate::simulate::options::Mix;

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The models, each once.
    pub models: Vec<Model>,
    /// Sizes of the pool, ascending.
    pub workers: Vec<usize>,
    /// The share of each action's time that is computed; none: the profile as it is and, for some
    /// sizes, all of it computed.
    pub cpu_share: Option<f64>,
    /// Measured runs of each row.
    pub runs: usize,
    /// Requests of each run; none: about [`limits::COMPARE_RUN`] of them.
    pub requests: Option<u64>,
    /// Clients, each with one request under way.
    pub clients: usize,
    /// The semaphore, if there is one.
    pub permits: Option<usize>,
    /// What clients ask for.
    pub mix: Mix,
    /// How the simulated driver behaves.
    pub profile: Profile,
    /// The seed that all chance comes from.
    pub seed: u64,
    /// Rounds of hash in 0.1 ms of computing.
    pub rounds: f64,
    /// Processors of this machine.
    pub cores: usize,
}

/// What a row's requests do most of their time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    /// They wait for something outside of the process.
    Io,
    /// They compute.
    Cpu,
}

impl Work {
    /// Its word in outputs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Io => "io",
            Self::Cpu => "cpu",
        }
    }

    /// Its word in a table that people read.
    pub fn word(self, locale: Locale) -> String {
        match self {
            Self::Io => text!(locale, "compare-io"),
            Self::Cpu => text!(locale, "compare-cpu"),
        }
    }

    /// Its name in sentences.
    pub fn name(self, locale: Locale) -> String {
        match self {
            Self::Io => text!(locale, "compare-work-io"),
            Self::Cpu => text!(locale, "compare-work-cpu"),
        }
    }
}

/// What one row is measured with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// The execution model that it is measured with.
    pub model: Model,
    /// Size of the pool; none for a model that has none.
    pub workers: Option<usize>,
    /// What its requests do most of their time.
    pub work: Work,
    /// The share computed, if not the profile's own.
    pub cpu_share: Option<f64>,
}

impl Setting {
    /// Most operations that it can run at once for so many clients.
    pub fn in_flight_max(&self, clients: usize, permits: Option<usize>) -> usize {
        let by_model = match self.model {
            Model::Sequential => 1,
            Model::Threads => limits::THREADS_MAX,
            Model::Pool | Model::Async => self.workers.unwrap_or(1),
        };
        by_model.min(clients).min(permits.unwrap_or(usize::MAX))
    }

    /// How it is called in sentences: `a pool of 16`.
    pub fn name(&self, locale: Locale) -> String {
        let workers = self.workers.unwrap_or(1);
        match self.model {
            Model::Sequential => text!(locale, "compare-sequential"),
            Model::Threads => text!(locale, "compare-threads"),
            Model::Pool => text!(locale, "compare-pool", workers = workers),
            Model::Async => text!(locale, "compare-async", workers = workers),
        }
    }
}

/// Sizes that CPU-bound work is tried at unless a share is asked for: one that small machines can
/// fill, and one they cannot.
const CPU_SIZES: [usize; 2] = [2, 16];

impl Plan {
    /// How many operations are in flight at most, however many workers there are.
    pub fn at_once(&self) -> usize {
        self.permits.map_or(self.clients, |permits| permits.min(self.clients))
    }

    /// The rows, in the order in which they are shown.
    pub fn settings(&self) -> Vec<Setting> {
        let rows = |work, cpu_share, sizes: &[usize], models: &[Model]| {
            let mut rows = Vec::new();
            for model in models {
                let row = |workers| Setting { model: *model, workers, work, cpu_share };
                match model {
                    Model::Sequential | Model::Threads => rows.push(row(None)),
                    Model::Pool | Model::Async => {
                        rows.extend(sizes.iter().copied().map(Some).map(row))
                    }
                }
            }
            rows
        };
        if let Some(share) = self.cpu_share {
            let work = if share >= 0.5 { Work::Cpu } else { Work::Io };
            return rows(work, Some(share), &self.workers, &self.models);
        }
        let mut all = rows(Work::Io, None, &self.workers, &self.models);
        if !self.profile.mean_service().is_zero() {
            all.extend(rows(Work::Cpu, Some(1.0), &self.cpu_sizes(), &self.cpu_models()));
        }
        all
    }

    fn cpu_sizes(&self) -> Vec<usize> {
        let known = CPU_SIZES.iter().copied().filter(|size| self.workers.contains(size));
        let known: Vec<usize> = known.collect();
        if known.is_empty() { self.workers.last().copied().into_iter().collect() } else { known }
    }

    /// The baseline and one model with a pool: what a core cannot do, none of them can.
    fn cpu_models(&self) -> Vec<Model> {
        let pooled = [Model::Pool, Model::Async].into_iter().find(|m| self.models.contains(m));
        let sequential = self.models.iter().copied().find(|model| *model == Model::Sequential);
        sequential.into_iter().chain(pooled).collect()
    }

    /// Operations a second that a row can do at most, from the profile alone: each takes its
    /// time, and computing takes a core.
    fn expected_per_s(&self, setting: &Setting) -> f64 {
        /// No row does more, whatever the profile says.
        const ENGINE_PER_S: f64 = 50_000.0;
        let profile = match setting.cpu_share {
            Some(share) => self.profile.clone().with_cpu_share(share),
            None => self.profile.clone(),
        };
        let actions = guichet_core::action::Action::LAB;
        let cpu: Duration = actions.iter().map(|action| profile.behaviour(*action).cpu).sum();
        let cpu = cpu.as_secs_f64() / actions.len() as f64;
        let mean = profile.mean_service().as_secs_f64();
        let in_flight = setting.in_flight_max(self.clients, self.permits) as f64;
        (in_flight / mean).min(self.cores as f64 / cpu).min(ENGINE_PER_S)
    }

    /// Requests of a row's first run, which is not measured: from what is expected.
    pub fn warm_up(&self, setting: &Setting) -> u64 {
        let expected = self.expected_per_s(setting) * limits::COMPARE_RUN.as_secs_f64();
        let expected = clamped(expected);
        self.requests.map_or(expected, |requests| requests.min(expected))
    }

    /// Requests of a row's measured runs, after a first one.
    pub fn calibrated(&self, first: &RunFigures) -> u64 {
        let per_s = first.sent as f64 / first.seconds.max(1e-6);
        self.requests.unwrap_or_else(|| clamped(per_s * limits::COMPARE_RUN.as_secs_f64()))
    }

    /// How long the whole comparison will take about, before anything was run.
    pub fn expected(&self) -> Duration {
        let rows = self.settings();
        let seconds = rows.iter().map(|setting| {
            let per_s = self.expected_per_s(setting);
            let (first, each) =
                (self.warm_up(setting), self.requests.unwrap_or(self.warm_up(setting)));
            (first + each * self.runs as u64) as f64 / per_s
        });
        Duration::try_from_secs_f64(seconds.sum()).unwrap_or(Duration::MAX)
    }

    /// One run of a row. All rows of a round have the same seed, and so the same clients with the
    /// same requests, delays and faults; each round has other ones, so that what hangs on a draw
    /// shows in the interval.
    pub fn spec(&self, setting: &Setting, requests: u64, round: usize) -> RunSpec {
        RunSpec {
            model: setting.model.as_str().to_owned(),
            workers: setting.workers.unwrap_or(limits::WORKERS_DEFAULT),
            permits: self.permits,
            clients: self.clients,
            requests,
            mix: self.mix.to_string(),
            profile: self.profile.name().to_owned(),
            cpu_share: setting.cpu_share,
            rounds: self.rounds,
            seed: self.seed.wrapping_add(round as u64),
            seconds_max: limits::COMPARE_TIME_MAX.as_secs_f64(),
        }
    }

    /// The order in which a round goes through the rows: another start each time, so that what
    /// drifts on the machine hits all rows alike.
    pub fn order(&self, round: usize, rows: usize) -> impl Iterator<Item = usize> {
        let start = (round * rows).checked_div(self.runs).unwrap_or(0);
        (0..rows).map(move |at| (at + start) % rows)
    }
}

fn clamped(requests: f64) -> u64 {
    (requests as u64).clamp(limits::COMPARE_REQUESTS_MIN, limits::COMPARE_REQUESTS_MAX)
}
