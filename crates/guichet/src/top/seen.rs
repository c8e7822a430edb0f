//! What a service answers, as far as it is shown. What an older service leaves out is nothing.

use serde::Deserialize;

/// How a service is doing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Figures {
    pub(super) now: String,
    pub(super) uptime_s: f64,
    pub(super) wait: Option<Times>,
    pub(super) service: Option<Times>,
    pub(super) missed: u64,
    pub(super) queue: Queue,
    pub(super) permits: Permits,
    pub(super) hosts: Option<Hosts>,
    pub(super) servers: Option<Vec<StatusCount>>,
    pub(super) journal: Option<Journal>,
    pub(super) samples: Vec<Sample>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Queue {
    pub(super) waiting: u64,
    pub(super) requeued: u64,
    pub(super) bound: u64,
    pub(super) oldest_s: Option<f64>,
    pub(super) projects: Vec<Project>,
    pub(super) other_projects: Option<OtherProjects>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Project {
    pub(super) name: String,
    pub(super) waiting: u64,
    pub(super) in_flight: u64,
    pub(super) oldest_s: Option<f64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct OtherProjects {
    pub(super) projects: u64,
    pub(super) waiting: u64,
    pub(super) in_flight: u64,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Permits {
    pub(super) in_flight: u64,
    pub(super) service: u64,
    pub(super) workers: u64,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Hosts {
    pub(super) count: u64,
    pub(super) fullest: Vec<Host>,
    pub(super) closed_count: u64,
    pub(super) closed: Vec<Host>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Host {
    pub(super) name: String,
    pub(super) state: String,
    pub(super) status: String,
    pub(super) vcpus_used: u64,
    pub(super) vcpus: u64,
    pub(super) ram_used_mib: u64,
    pub(super) ram_mib: u64,
    pub(super) drain: Option<Drain>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Drain {
    pub(super) left: u64,
    pub(super) stuck: u64,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct StatusCount {
    pub(super) status: String,
    pub(super) count: u64,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Journal {
    pub(super) is_stalled: bool,
}

/// What happened in about a second.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sample {
    pub(super) number: u64,
    pub(super) seconds: f64,
    pub(super) operations: Option<Vec<OperationCount>>,
    pub(super) refused: Option<Vec<RefusedCount>>,
    pub(super) wait: Option<Times>,
    pub(super) service: Option<Times>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct OperationCount {
    pub(super) action: String,
    pub(super) outcome: String,
    pub(super) count: u64,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RefusedCount {
    pub(super) reason: String,
    pub(super) count: u64,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(super) struct Times {
    pub(super) p50_ms: f64,
    pub(super) p95_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) max_ms: f64,
}

/// Operations that were started and are not over.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct InFlight {
    pub(super) operations: Vec<Operation>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) action: String,
    pub(super) name: String,
    pub(super) project: String,
    pub(super) state: String,
    pub(super) attempts: u64,
    pub(super) wait_ms: f64,
    pub(super) run_ms: Option<f64>,
}
