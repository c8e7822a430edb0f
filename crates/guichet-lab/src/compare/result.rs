//! What a comparison came to, as figures.

use serde::{Serialize, Serializer};

use super::fit::{Usl, serial_share};
use super::plan::{Setting, Work};
use super::spec::{Quantiles, RunFigures};
use super::stats::{Interval, bootstrap, median, ratio};
use guichet_engine::Model;

/// One row: a setting with its measured runs, one a round.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The setting that was measured.
    pub setting: Setting,
    /// The figures of each round, in order.
    pub runs: Vec<RunFigures>,
    /// Operations run in a second.
    pub per_s: Interval,
    /// Times the sequential row of the same work, round by round; none without one.
    pub speedup: Option<Interval>,
}

impl Row {
    fn of(&self, figure: impl Fn(&RunFigures) -> f64) -> f64 {
        median(&self.runs.iter().map(figure).collect::<Vec<f64>>())
    }

    fn most(&self, figure: impl Fn(&RunFigures) -> u64) -> u64 {
        self.runs.iter().map(figure).max().unwrap_or(0)
    }

    /// Operations a second, round by round.
    pub fn rates(&self) -> Vec<f64> {
        self.runs.iter().map(|run| run.per_s).collect()
    }

    /// Most operations seen running at once.
    pub fn max_in_flight(&self) -> u64 {
        self.most(|run| run.max_in_flight)
    }

    /// Most threads of the process.
    pub fn peak_threads(&self) -> u64 {
        self.most(|run| run.peak_threads)
    }

    /// Most memory of the process, MiB.
    pub fn peak_rss_mib(&self) -> f64 {
        self.runs.iter().map(|run| run.peak_rss_mib).fold(0.0, f64::max)
    }

    /// Operations that could run at once: the workers, or without a pool the most there were.
    pub fn at_once(&self) -> f64 {
        let at_once = self.setting.workers.map_or(self.max_in_flight(), |workers| workers as u64);
        at_once.max(1) as f64
    }

    /// The speed-up for each operation that could run at once.
    pub fn efficiency(&self) -> Option<f64> {
        Some(self.speedup?.median / self.at_once())
    }

    /// CPU of the process, s a run.
    pub fn cpu_s(&self) -> f64 {
        self.of(|run| run.cpu_s)
    }

    /// CPU of the process for each operation run, µs.
    pub fn cpu_us(&self) -> f64 {
        self.of(|run| run.cpu_s * 1e6 / run.ran.max(1) as f64)
    }

    /// How many cores the process kept busy.
    pub fn cores_busy(&self) -> f64 {
        self.of(|run| run.cpu_s / run.seconds.max(1e-9))
    }

    /// Cores that others on the machine kept busy meanwhile.
    pub fn others_busy(&self) -> f64 {
        self.of(|run| run.others_busy)
    }

    /// Thread switches a run.
    pub fn context_switches(&self) -> f64 {
        self.of(|run| run.context_switches as f64)
    }

    /// Thread switches for each operation run.
    pub fn switches_each(&self) -> f64 {
        self.of(|run| run.context_switches as f64 / run.ran.max(1) as f64)
    }

    /// Refused requests a run.
    pub fn refused(&self) -> f64 {
        self.of(|run| run.refused as f64)
    }

    /// Requests refused because the queue was full, in all runs.
    pub fn queue_full(&self) -> u64 {
        self.runs.iter().map(|run| run.queue_full).sum()
    }

    /// Operations run, a run.
    pub fn ran(&self) -> f64 {
        self.of(|run| run.ran as f64)
    }

    /// Mean service time, s.
    pub fn mean_service_s(&self) -> f64 {
        self.of(|run| run.mean_service_s)
    }

    /// Mean operations running, as an observer saw them; none if every run was over too soon.
    pub fn mean_in_flight(&self) -> Option<f64> {
        let seen: Vec<f64> = self.runs.iter().filter_map(|run| run.mean_in_flight).collect();
        (!seen.is_empty()).then(|| median(&seen))
    }

    /// Rate × mean service time: what Little's law says runs at a time.
    pub fn rate_times_time(&self) -> f64 {
        self.of(|run| run.per_s * run.mean_service_s)
    }

    /// Accepted → first started.
    pub fn wait_ms(&self) -> Quantiles {
        Quantiles { p50: self.of(|run| run.wait_ms.p50), p99: self.of(|run| run.wait_ms.p99) }
    }

    /// Sent → finished.
    pub fn latency_ms(&self) -> Quantiles {
        Quantiles { p50: self.of(|run| run.latency_ms.p50), p99: self.of(|run| run.latency_ms.p99) }
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shown {
            model: &'static str,
            workers: Option<usize>,
            work: &'static str,
            cpu_share: Option<f64>,
            requests_per_s: Interval,
            speedup: Option<Interval>,
            efficiency: Option<f64>,
            wait_ms: Quantiles,
            latency_ms: Quantiles,
            cpu_s: f64,
            cpu_us_per_operation: f64,
            cores_busy: f64,
            others_busy: f64,
            peak_threads: u64,
            peak_rss_mib: f64,
            context_switches: f64,
            max_in_flight: u64,
            mean_in_flight: Option<f64>,
            mean_service_ms: f64,
            operations: f64,
            refused: f64,
            runs_per_s: Vec<f64>,
        }
        Shown {
            model: self.setting.model.as_str(),
            workers: self
                .setting
                .workers
                .or((self.setting.model == Model::Sequential).then_some(1)),
            work: self.setting.work.as_str(),
            cpu_share: self.setting.cpu_share,
            requests_per_s: self.per_s,
            speedup: self.speedup,
            efficiency: self.efficiency(),
            wait_ms: self.wait_ms(),
            latency_ms: self.latency_ms(),
            cpu_s: self.cpu_s(),
            cpu_us_per_operation: self.cpu_us(),
            cores_busy: self.cores_busy(),
            others_busy: self.others_busy(),
            peak_threads: self.peak_threads(),
            peak_rss_mib: self.peak_rss_mib(),
            context_switches: self.context_switches(),
            max_in_flight: self.max_in_flight(),
            mean_in_flight: self.mean_in_flight(),
            mean_service_ms: self.mean_service_s() * 1e3,
            operations: self.ran(),
            refused: self.refused(),
            runs_per_s: self.rates(),
        }
        .serialize(serializer)
    }
}

/// Rows with their intervals and speed-ups.
pub fn rows(measured: Vec<(Setting, Vec<RunFigures>)>, seed: u64) -> Vec<Row> {
    let rates = |runs: &[RunFigures]| runs.iter().map(|run| run.per_s).collect::<Vec<f64>>();
    let baseline = |work: Work| {
        let found = measured
            .iter()
            .find(|(setting, _)| setting.model == Model::Sequential && setting.work == work);
        found.map(|(_, runs)| rates(runs))
    };
    let baselines = [(Work::Io, baseline(Work::Io)), (Work::Cpu, baseline(Work::Cpu))];
    let row = |(setting, runs): (Setting, Vec<RunFigures>)| {
        let own = rates(&runs);
        let base = baselines.iter().find(|(work, _)| *work == setting.work);
        let speedup = base.and_then(|(_, base)| Some(ratio(&own, base.as_ref()?, seed)));
        Row { setting, runs, per_s: bootstrap(&own, seed), speedup }
    };
    measured.into_iter().map(row).collect()
}

/// The laws fitted to one model's rows of one kind of work.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The model that was fitted.
    pub model: Model,
    /// The kind of work of its rows.
    pub work: Work,
    /// The Universal Scalability Law, with three sizes or more.
    pub usl: Option<Usl>,
    /// Its largest distance from a measured rate, as a share.
    pub usl_error: f64,
    /// Amdahl's serial share, with a speed-up over sequential.
    pub serial_share: Option<f64>,
    /// The largest size that the laws were fitted to.
    pub largest: usize,
    /// The size with the highest rate.
    pub best_workers: usize,
    /// The smallest size whose rate no other size passes by more than the noise.
    pub measured_knee: usize,
}

impl Fit {
    /// Whether its laws are read: of computing they say something only while there are cores to
    /// compute on, of which they know nothing.
    pub fn is_read(&self, cores: usize) -> bool {
        self.work == Work::Io || self.largest <= cores
    }
}

/// The fits of every model with a pool. A larger one than `at_once` cannot do more, whatever the law:
/// the permits or the clients are its limit, so the laws are fitted to the others.
pub fn fits(rows: &[Row], at_once: usize, seed: u64) -> Vec<Fit> {
    let mut fits = Vec::new();
    for work in [Work::Io, Work::Cpu] {
        for model in [Model::Pool, Model::Async] {
            let of = |row: &&Row| row.setting.model == model && row.setting.work == work;
            let sized: Vec<&Row> = rows.iter().filter(of).collect();
            let base = rows
                .iter()
                .find(|row| row.setting.model == Model::Sequential && row.setting.work == work);
            fits.extend(fit((model, work), &sized, base, (at_once, seed)));
        }
    }
    fits
}

fn fit(
    (model, work): (Model, Work),
    sized: &[&Row],
    base: Option<&Row>,
    (at_once, seed): (usize, u64),
) -> Option<Fit> {
    let size = |row: &Row| row.setting.workers.unwrap_or(1);
    let best = sized.iter().max_by(|a, b| a.per_s.median.total_cmp(&b.per_s.median))?;
    let knee = sized.iter().find(|row| {
        let behind = ratio(&best.rates(), &row.rates(), seed);
        !behind.excludes(1.0) || behind.median <= 1.0
    })?;
    let own = || sized.iter().filter(|row| size(row) <= at_once);
    let mut rates: Vec<(f64, f64)> =
        own().map(|row| (size(row) as f64, row.per_s.median)).collect();
    // A pool of one was not measured: one worker is what sequential has.
    if let (true, Some(base)) = (sized.iter().all(|row| size(row) > 1), base) {
        rates.push((1.0, base.per_s.median));
    }
    let usl = Usl::fit(&rates);
    let speedups: Vec<(f64, f64)> =
        own().filter_map(|row| Some((size(row) as f64, row.speedup?.median))).collect();
    Some(Fit {
        model,
        work,
        usl,
        usl_error: usl.map_or(0.0, |usl| usl.worst_error(&rates)),
        serial_share: serial_share(&speedups),
        largest: own().map(|row| size(row)).max().unwrap_or(1),
        best_workers: size(best),
        measured_knee: size(knee),
    })
}
