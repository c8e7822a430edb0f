//! `guichet compare`: one seeded workload through execution models and pool sizes, each run in a
//! process of its own, and what the figures say.
//!
//! [`plan`] says what is run and in which order, [`spec`] is one run, [`stats`] says how far a
//! median may be off, [`fit`] fits the laws, [`result`] puts the figures together, [`commentary`]
//! says what they say, [`output`] prints them.

pub mod commentary;
pub mod context;
pub mod fit;
pub mod output;
pub mod page;
pub mod plan;
pub mod result;
pub mod spec;
pub mod stats;

use std::time::Duration;

use commentary::Said;
use context::Context;
use guichet_locale::{Locale, text};
use plan::{Plan, Setting};
use result::{Fit, Row};
use spec::{RunFigures, RunSpec};

/// What a comparison came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What was asked for.
    pub plan: Plan,
    /// The rows, in the order of the plan.
    pub rows: Vec<Row>,
    /// The laws fitted to them.
    pub fits: Vec<Fit>,
    /// How many facts were checked.
    pub checked: u64,
    /// What does not hold.
    pub violations: Vec<Violation>,
}

/// Something that did not hold after a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    /// Of which row it was a run; none of a first one, which is not measured.
    pub setting: Option<Setting>,
    /// What does not hold.
    pub what: String,
}

impl Violation {
    /// Which run, and what.
    pub fn text(&self, locale: Locale) -> String {
        let what = self.what.as_str();
        match self.setting {
            Some(setting) => {
                let (row, work) = (setting.name(locale), setting.work.word(locale));
                text!(locale, "compare-of-row", row = row, work = work, what = what)
            }
            None => text!(locale, "compare-of-first", what = what),
        }
    }
}

/// How far a comparison is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Time of the runs that are over, as they were expected to take.
    pub done: Duration,
    /// Time that all runs are expected to take.
    pub all: Duration,
}

/// Carries a comparison out: `run` is called for one run after another, `progress` after each.
///
/// # Errors
/// The first that `run` gives.
pub fn compare<E>(
    plan: Plan,
    mut run: impl FnMut(&RunSpec) -> Result<RunFigures, E>,
    mut progress: impl FnMut(Progress),
) -> Result<Comparison, E> {
    let settings = plan.settings();
    let (mut done, expected) = (Duration::ZERO, plan.expected());
    let mut first = Vec::with_capacity(settings.len());
    for setting in &settings {
        let figures = run(&plan.spec(setting, plan.warm_up(setting), 0))?;
        done += Duration::from_secs_f64(figures.seconds);
        first.push(figures);
        progress(Progress { done, all: expected.max(done) });
    }
    // What each run takes is known from here on.
    let takes = |requests: u64, figures: &RunFigures| {
        let per_s = figures.sent.max(1) as f64 / figures.seconds.max(1e-6);
        Duration::from_secs_f64(requests as f64 / per_s)
    };
    let requests: Vec<u64> = first.iter().map(|figures| plan.calibrated(figures)).collect();
    let times: Vec<Duration> =
        requests.iter().zip(&first).map(|(requests, figures)| takes(*requests, figures)).collect();
    let all = done + times.iter().sum::<Duration>() * plan.runs as u32;
    let mut measured: Vec<_> = settings.iter().map(|setting| (*setting, Vec::new())).collect();
    for round in 0..plan.runs {
        for row in plan.order(round, settings.len()) {
            let figures = run(&plan.spec(&settings[row], requests[row], round))?;
            measured[row].1.push(figures);
            done += times[row];
            progress(Progress { done, all });
        }
    }
    Ok(Comparison::new(plan, measured, &first))
}

impl Comparison {
    /// Puts together what was measured. What broke in a first run broke too.
    fn new(plan: Plan, measured: Vec<(Setting, Vec<RunFigures>)>, first: &[RunFigures]) -> Self {
        let all = || measured.iter().flat_map(|(_, runs)| runs).chain(first);
        let checked = all().map(|run| run.checked).sum();
        let broken = |(setting, run): (Option<Setting>, &RunFigures)| {
            let found = run.violations.iter().cloned();
            found.map(|what| Violation { setting, what }).collect::<Vec<Violation>>()
        };
        let of_rows = measured
            .iter()
            .flat_map(|(setting, runs)| runs.iter().map(move |run| (Some(*setting), run)));
        let of_first = first.iter().map(|run| (None, run));
        let violations = of_rows.chain(of_first).flat_map(broken).collect();
        let rows = result::rows(measured, plan.seed);
        let fits = result::fits(&rows, plan.at_once(), plan.seed);
        Self { plan, rows, fits, checked, violations }
    }

    /// What the figures say, the most important first.
    pub fn commentary(&self, locale: Locale) -> Vec<Said> {
        let plan = &self.plan;
        let context = Context {
            locale,
            cores: plan.cores,
            clients: plan.clients,
            permits: plan.permits,
            seed: plan.seed,
        };
        commentary::commentary(&self.rows, &self.fits, &context)
    }

    /// The fit that stands for the whole: that of the pool under I/O-bound work if there is one.
    pub fn main_fit(&self) -> Option<&Fit> {
        self.fits.iter().max_by_key(|fit| {
            let io = fit.work == plan::Work::Io;
            (io, fit.usl.is_some(), fit.model == guichet_engine::Model::Pool)
        })
    }
}
