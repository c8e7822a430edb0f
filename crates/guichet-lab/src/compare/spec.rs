//! One run of a comparison: its specification and its figures. Both travel between processes as
//! JSON, so that each run has a process of its own and a peak of its own.

use std::time::Duration;

use guichet_core::fleet::StateTimes;
use guichet_core::limits;
use guichet_core::project::Quota;
use guichet_driver::profile::Profile;
use guichet_driver::simulated::Calibration;
use guichet_engine::config::{hosts, project};
use guichet_engine::{EngineConfig, Model};
use guichet_locale::{Locale, digits, text};
use serde::{Deserialize, Serialize};

use crate::simulate::options::Mix;
use crate::simulate::scenario::{Load, Scenario, catalogue, enough_hosts};
use crate::simulate::{self, Ran, RunError, Show};

/// What a run is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunSpec {
    /// The execution model's name.
    pub model: String,
    /// Size of the pool.
    pub workers: usize,
    /// The semaphore, if there is one.
    pub permits: Option<usize>,
    /// How many clients send requests.
    pub clients: usize,
    /// How many requests they send in all.
    pub requests: u64,
    /// What clients ask for.
    pub mix: String,
    /// The profile, as it was named.
    pub profile: String,
    /// The share of each action's time that is computed, if not the profile's own.
    pub cpu_share: Option<f64>,
    /// What a millisecond of computing means, so that all runs do the same.
    pub rounds: f64,
    /// The seed that all chance comes from.
    pub seed: u64,
    /// Nothing is sent after this long, s.
    pub seconds_max: f64,
}

/// Two quantiles of a time, ms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Quantiles {
    /// Half were no longer than this.
    pub p50: f64,
    /// 99 % were no longer than this.
    pub p99: f64,
}

/// The figures that a run answers with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RunFigures {
    /// How many requests were sent.
    pub sent: u64,
    /// How many of them were refused.
    pub refused: u64,
    /// How many of them because the queue was full.
    pub queue_full: u64,
    /// Operations that a worker ran to an end.
    pub ran: u64,
    /// From the first request to the last end, s.
    pub seconds: f64,
    /// Operations run a second, over the middle 80 % of their ends.
    pub per_s: f64,
    /// Mean service time there, s.
    pub mean_service_s: f64,
    /// Operations running there, mean of what an observer saw, if it did.
    pub mean_in_flight: Option<f64>,
    /// How long from when a request was accepted to its first start.
    pub wait_ms: Quantiles,
    /// How long from when a request was sent to when it was finished.
    pub latency_ms: Quantiles,
    /// CPU of the process during the run, s.
    pub cpu_s: f64,
    /// Cores that others on the machine kept busy meanwhile.
    pub others_busy: f64,
    /// Most threads of the process.
    pub peak_threads: u64,
    /// Most memory of the process (VmHWM), MiB.
    pub peak_rss_mib: f64,
    /// Thread switches during the run, voluntary or not.
    pub context_switches: u64,
    /// Most operations running at once.
    pub max_in_flight: u64,
    /// How many facts were checked.
    pub checked: u64,
    /// Those that do not hold.
    pub violations: Vec<String>,
}

/// Why a run did not take place. As text it is in English.
#[derive(Debug, thiserror::Error)]
pub enum SpecError {
    /// The specification is of no run that can be made.
    #[error("{field}: {problem}")]
    Invalid {
        /// The field of the specification that is wrong.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// It could not be run.
    #[error(transparent)]
    Run(#[from] RunError),
    /// Nothing was run twice at different times, so there is no rate.
    #[error("{}", self.text_in(Locale::English))]
    TooShort {
        /// How many operations were run.
        ran: u64,
    },
}

impl SpecError {
    /// The error in a language; what a specification brings that no flag does is in English.
    pub fn text_in(&self, locale: Locale) -> String {
        match self {
            Self::Invalid { .. } => self.to_string(),
            Self::Run(error) => error.text_in(locale),
            Self::TooShort { ran } => text!(locale, "input-run-short", ran = digits(*ran)),
        }
    }
}

/// Projects of a compared run: as many as `simulate` has.
const PROJECTS: u32 = 4;

impl RunSpec {
    /// Carries it out in this process.
    ///
    /// # Errors
    /// Why it did not take place, or has no rate.
    pub fn run(&self, profile: Profile) -> Result<RunFigures, SpecError> {
        let invalid = |field, problem: &str| {
            let problem = problem.to_owned();
            SpecError::Invalid { field, problem }
        };
        let calibration = Calibration::from_rounds(self.rounds);
        if !calibration.is_some_and(Calibration::adopt) {
            return Err(invalid("rounds", "not what this process goes by"));
        }
        let scenario = self.scenario(profile)?;
        let show = Show { trail: true, ..Show::default() };
        let ran = simulate::run(&scenario, &show, tokio_util::sync::CancellationToken::new)?;
        figures(&ran)
    }

    fn scenario(&self, profile: Profile) -> Result<Scenario, SpecError> {
        let model = Model::ALL.into_iter().find(|model| model.as_str() == self.model);
        let model = model.ok_or_else(|| SpecError::Invalid {
            field: "model",
            problem: format!("there is no model {}", self.model),
        })?;
        let mix: Mix = self.mix.parse().map_err(|error: crate::trace::input::InputError| {
            SpecError::Invalid { field: "mix", problem: error.to_string() }
        })?;
        let load = Load::Closed { clients: self.clients, requests: self.requests, mix };
        let cloud = enough_hosts(&load);
        Ok(Scenario {
            config: EngineConfig {
                model,
                workers: self.workers,
                permits: self.permits,
                host_permits: None,
                project_permits: None,
                queue: limits::QUEUE_DEFAULT,
                project_rate: None,
                projects: (0..PROJECTS)
                    .map(|id| project(id, &format!("project-{}", id + 1), Quota::default()))
                    .collect(),
                hosts: hosts(cloud.count, cloud.capacity),
                catalogue: catalogue(None),
                servers_max: self.requests.clamp(1, limits::SERVERS_MAX as u64) as usize,
                state_times: StateTimes::default(),
                networks: Vec::new(),
                seed: self.seed,
            },
            profile: match self.cpu_share {
                Some(share) => profile.with_cpu_share(share),
                None => profile,
            },
            client_threads: false,
            virtual_time: false,
            load,
            duration: Some(Duration::from_secs_f64(self.seconds_max)),
            history: None,
            data: None,
        })
    }
}

fn figures(ran: &Ran) -> Result<RunFigures, SpecError> {
    let summary = &ran.summary;
    let trail = ran.trail.clone().unwrap_or_default();
    let count = trail.ran.len() as u64;
    let middle = trail.middle().ok_or(SpecError::TooShort { ran: count })?;
    let refused = &summary.requests.refused;
    let mut violations = summary.invariants.violations.clone();
    if !ran.drained.is_complete() {
        violations.push("it did not end within the time for a drain".to_owned());
    }
    Ok(RunFigures {
        sent: summary.requests.sent,
        refused: refused.values().sum(),
        queue_full: refused.get("queue_full").copied().unwrap_or(0),
        ran: count,
        seconds: summary.seconds,
        per_s: middle.per_s,
        mean_service_s: middle.mean_service_s,
        mean_in_flight: middle.mean_in_flight,
        wait_ms: Quantiles { p50: summary.wait_ms.p50, p99: summary.wait_ms.p99 },
        latency_ms: Quantiles { p50: summary.latency_ms.p50, p99: summary.latency_ms.p99 },
        cpu_s: summary.cpu_s,
        others_busy: trail.others.as_secs_f64() / summary.seconds.max(1e-9),
        peak_threads: trail.peak_threads as u64,
        peak_rss_mib: summary.peak_rss_mib,
        context_switches: trail.context_switches,
        max_in_flight: summary.max_in_flight as u64,
        checked: summary.invariants.checked,
        violations,
    })
}
