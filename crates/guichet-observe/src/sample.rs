//! What happened in one second, and how things stood at its end.

use hdrhistogram::Histogram;
use serde::Serialize;
use utoipa::ToSchema;

use crate::depths::{OtherDepths, ProjectDepth};

/// How often something happened to operations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OperationCount {
    /// What they do, such as `create`.
    pub action: &'static str,
    /// `accepted`, `started`, `requeued`, `succeeded`, `failed` or `cancelled`.
    pub outcome: &'static str,
    /// How many.
    pub count: u64,
}

/// How many requests were refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RefusedCount {
    /// Why, such as `over_quota`.
    pub reason: &'static str,
    /// How many.
    pub count: u64,
}

/// How long something took, in milliseconds; two digits are right.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Percentiles {
    /// How many there were.
    pub count: u64,
    /// Half of them took no longer.
    pub p50_ms: f64,
    /// 95 of 100 took no longer.
    pub p95_ms: f64,
    /// 99 of 100 took no longer.
    pub p99_ms: f64,
    /// The longest.
    pub max_ms: f64,
}

impl Percentiles {
    pub(crate) fn of(times: &Histogram<u64>) -> Option<Self> {
        let at = |quantile| times.value_at_quantile(quantile) as f64 / 1e3;
        (!times.is_empty()).then(|| Self {
            count: times.len(),
            p50_ms: at(0.5),
            p95_ms: at(0.95),
            p99_ms: at(0.99),
            max_ms: times.max() as f64 / 1e3,
        })
    }
}

/// What happened in about a second, and how things stood at its end.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Sample {
    /// Its number: each is one more than the last.
    pub number: u64,
    /// Its end, by the service's time.
    pub at: String,
    /// How long it was, in seconds: longer than one on a busy machine. Counts divided by this are
    /// rates.
    pub seconds: f64,
    /// What happened to operations. None for a project's own users: they see what is theirs.
    pub operations: Option<Vec<OperationCount>>,
    /// Requests that were refused; none for a project's own users.
    pub refused: Option<Vec<RefusedCount>>,
    /// Accepted to first started, of what was started; null if nothing was.
    pub wait: Option<Percentiles>,
    /// First started to over, of what succeeded or failed; null if nothing did.
    pub service: Option<Percentiles>,
    /// Operations that wait for their first start.
    pub waiting: usize,
    /// Operations that wait for another attempt.
    pub requeued: usize,
    /// Operations that run.
    pub in_flight: usize,
    /// Servers that exist.
    pub servers: usize,
    /// The projects with the most in the queue, at most 20, the most first.
    pub projects: Vec<ProjectDepth>,
    /// All other projects together; null if there are none.
    pub other_projects: Option<OtherDepths>,
    /// Entries of the log that were missed, and are in no count: 0 unless the service was held up.
    pub missed: u64,
}

impl Sample {
    /// The same for the users of one project: what is not theirs is left out.
    pub fn for_project(&self, own: Option<ProjectDepth>) -> Self {
        Self {
            number: self.number,
            at: self.at.clone(),
            seconds: self.seconds,
            operations: None,
            refused: None,
            wait: None,
            service: None,
            waiting: own.as_ref().map_or(0, |own| own.waiting),
            requeued: 0,
            in_flight: own.as_ref().map_or(0, |own| own.in_flight),
            servers: 0,
            projects: own.into_iter().collect(),
            other_projects: None,
            missed: self.missed,
        }
    }

    /// What a project has in the queue as this sample has it, by its id.
    pub(crate) fn of_project(&self, id: &str) -> Option<ProjectDepth> {
        self.projects.iter().find(|depth| depth.project == id).cloned()
    }
}
