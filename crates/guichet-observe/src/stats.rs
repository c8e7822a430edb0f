//! How a cloud is doing, in one answer.

use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::worlds::World;
use guichet_core::ids::ProjectId;
use guichet_core::time::Timestamp;
use guichet_http::dates;
use serde::Serialize;
use utoipa::ToSchema;

use crate::depths::{self, OtherDepths, ProjectDepth};
use crate::followed::{Counted, Followed};
use crate::hosts::HostsFigures;
use crate::sample::{OperationCount, Percentiles, RefusedCount, Sample};

/// The queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct Queue {
    /// Operations that wait for their first start.
    pub waiting: usize,
    /// Operations that wait for another attempt.
    pub requeued: usize,
    /// How many may wait for their first start; then a create is refused.
    pub bound: usize,
    /// How long the oldest has waited, by the world's time; null if none does.
    pub oldest_s: Option<f64>,
    /// The projects with the most in it, at most 20, the most first.
    pub projects: Vec<ProjectDepth>,
    /// All other projects together; null if there are none.
    pub other_projects: Option<OtherDepths>,
}

/// What runs, and how much may.
#[derive(Debug, Serialize, ToSchema)]
pub struct Permits {
    /// Operations that run: each has a permit.
    pub in_flight: usize,
    /// How many may run at once.
    pub service: usize,
    /// How many may run at once on one host.
    pub per_host: usize,
    /// How many may run at once of one project.
    pub per_project: usize,
    /// How many workers there are.
    pub workers: usize,
}

/// How many servers have a status.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusCount {
    /// The status, such as `ACTIVE`.
    pub status: &'static str,
    /// How many.
    pub count: usize,
}

/// Operations since the cloud was started.
#[derive(Debug, Serialize, ToSchema)]
pub struct Totals {
    /// Taken in.
    pub accepted: u64,
    /// Starts, of further attempts too.
    pub started: u64,
    /// Attempts after the first.
    pub retried: u64,
    /// Done.
    pub succeeded: u64,
    /// Failed for good.
    pub failed: u64,
    /// Given up for a delete or a hard reboot.
    pub cancelled: u64,
}

/// What makes changes durable.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalState {
    /// Rows and answers that wait for the disk.
    pub backlog: usize,
    /// The most that ever waited for it.
    pub backlog_max: usize,
    /// Batches that were written.
    pub batches: u64,
    /// Rows in them.
    pub rows: u64,
    /// Whether nothing can be written at present: writes are refused.
    pub is_stalled: bool,
}

/// How a cloud is doing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stats {
    /// The present, by the service's time.
    pub now: String,
    /// The present, by the world's time, which delays and ages go by.
    pub world_now: String,
    /// For how long the service has run, in seconds.
    pub uptime_s: f64,
    /// Since when what happens is counted here; null: nobody counts.
    pub counted_since: Option<String>,
    /// What happened to operations since then. None for a project's own users, as all that follows
    /// and is null: they see what is theirs.
    pub operations: Option<Vec<OperationCount>>,
    /// Requests that were refused since then.
    pub refused: Option<Vec<RefusedCount>>,
    /// Accepted to first started, since then.
    pub wait: Option<Percentiles>,
    /// First started to over, since then.
    pub service: Option<Percentiles>,
    /// Entries of the log that were missed since then, and are in no count.
    pub missed: u64,
    /// The queue.
    pub queue: Queue,
    /// What runs.
    pub permits: Permits,
    /// Operations since the cloud was started.
    pub totals: Option<Totals>,
    /// Hosts.
    pub hosts: Option<HostsFigures>,
    /// Servers by status, of those that exist.
    pub servers: Option<Vec<StatusCount>>,
    /// What makes changes durable; null in memory.
    pub journal: Option<JournalState>,
    /// The samples that were asked for, from the oldest on; the service has those of the last 10
    /// minutes.
    #[schema(value_type = Vec<Sample>)]
    pub samples: Vec<Arc<Sample>>,
}

impl Stats {
    pub(crate) fn of(
        world: &World,
        followed: Option<&Followed>,
        now: Timestamp,
        since: Option<u64>,
        own: Option<ProjectId>,
    ) -> Self {
        let cloud = world.cloud();
        let samples = followed.zip(since).map(|(followed, since)| followed.samples(since));
        let samples = samples.unwrap_or_default();
        let whole = Self::whole(&cloud, followed, now, samples);
        match own {
            // Who sees one project alone does not see them, and they are a walk over all hosts.
            None => Self { hosts: Some(HostsFigures::of(&cloud)), ..whole },
            Some(own) => whole.for_project(&cloud, followed, own),
        }
    }

    /// All figures but those of the hosts.
    fn whole(
        cloud: &Cloud,
        followed: Option<&Followed>,
        now: Timestamp,
        samples: Vec<Arc<Sample>>,
    ) -> Self {
        let (figures, detail) = (cloud.manager().figures(), cloud.manager().detail());
        let oldest = detail.depths.iter().filter_map(|depth| depth.oldest).min();
        let (projects, other_projects) = depths::longest(cloud, detail.depths);
        let (bounds, load, counts) = (detail.bounds, figures.load, figures.counts);
        let counted = followed.map(Followed::counted);
        let total = counted.as_ref().map(|Counted { total, .. }| total);
        let status = |(status, count): (guichet_core::state::Status, usize)| StatusCount {
            status: status.as_str(),
            count,
        };
        Self {
            now: dates::micros(now).to_string(),
            world_now: dates::micros(cloud.now()).to_string(),
            uptime_s: 0.0,
            counted_since: counted.as_ref().map(|it| dates::micros(it.since).to_string()),
            operations: total.map(|total| total.operations()),
            refused: total.map(|total| total.refused()),
            wait: total.and_then(|total| total.wait()),
            service: total.and_then(|total| total.service()),
            missed: counted.as_ref().map_or(0, |counted| counted.missed),
            queue: Queue {
                waiting: load.waiting,
                requeued: load.requeued,
                bound: bounds.queue,
                oldest_s: oldest.map(|oldest| cloud.now().since(oldest).as_secs_f64()),
                projects,
                other_projects,
            },
            permits: Permits {
                in_flight: load.in_flight,
                service: bounds.service,
                per_host: bounds.per_host,
                per_project: bounds.per_project,
                workers: cloud.manager().workers(),
            },
            totals: Some(Totals {
                accepted: counts.accepted,
                started: counts.started,
                retried: counts.retried,
                succeeded: counts.succeeded,
                failed: counts.failed,
                cancelled: counts.cancelled,
            }),
            hosts: None,
            servers: Some(detail.statuses.into_iter().map(status).collect()),
            journal: figures.journal.map(|journal| JournalState {
                backlog: journal.backlog,
                backlog_max: journal.backlog_max,
                batches: journal.batches,
                rows: journal.rows,
                is_stalled: journal.is_stalled,
            }),
            samples,
        }
    }

    /// The same for the users of one project.
    fn for_project(self, cloud: &Cloud, followed: Option<&Followed>, own: ProjectId) -> Self {
        let depth = followed.and_then(|followed| followed.depth(cloud, own));
        let id = cloud.accounts().directory().owner(own).map(|project| project.id.to_string());
        let id = id.unwrap_or_default();
        let of_own = |sample: &Arc<Sample>| Arc::new(sample.for_project(sample.of_project(&id)));
        Self {
            operations: None,
            refused: None,
            wait: None,
            service: None,
            queue: Queue {
                waiting: depth.as_ref().map_or(0, |own| own.waiting),
                requeued: 0,
                bound: self.queue.bound,
                oldest_s: depth.as_ref().and_then(|own| own.oldest_s),
                projects: depth.clone().into_iter().collect(),
                other_projects: None,
            },
            permits: Permits { in_flight: depth.map_or(0, |own| own.in_flight), ..self.permits },
            totals: None,
            servers: None,
            journal: None,
            samples: self.samples.iter().map(of_own).collect(),
            ..self
        }
    }
}
