//! What projects have in the queue, as it is shown.

use std::cmp::Reverse;

use guichet_cloud::Cloud;
use guichet_core::limits;
use guichet_core::scheduler::Depth;
use serde::Serialize;
use utoipa::ToSchema;

/// What a project has in the queue.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ProjectDepth {
    /// The project's id.
    pub project: String,
    /// Its name.
    pub name: String,
    /// Operations that wait for their first start.
    pub waiting: usize,
    /// Operations that run.
    pub in_flight: usize,
    /// How long the oldest has waited, by the world's time; null if none does.
    pub oldest_s: Option<f64>,
}

/// What all projects have in the queue that are not shown one by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OtherDepths {
    /// How many they are.
    pub projects: usize,
    /// Operations that wait for their first start.
    pub waiting: usize,
    /// Operations that run.
    pub in_flight: usize,
}

/// A project's as it is shown.
pub(crate) fn shown(cloud: &Cloud, depth: &Depth) -> ProjectDepth {
    let directory = cloud.accounts().directory();
    let project = directory.owner(depth.project);
    let now = cloud.now();
    ProjectDepth {
        project: project.map_or_else(String::new, |project| project.id.to_string()),
        name: project.map_or_else(String::new, |project| project.name.to_string()),
        waiting: depth.waiting,
        in_flight: depth.in_flight,
        oldest_s: depth.oldest.map(|oldest| now.since(oldest).as_secs_f64()),
    }
}

/// The longest lines, the longest first, and the rest as one sum.
pub(crate) fn longest(
    cloud: &Cloud,
    mut depths: Vec<Depth>,
) -> (Vec<ProjectDepth>, Option<OtherDepths>) {
    depths.sort_by_key(|depth| (Reverse(depth.waiting + depth.in_flight), depth.project));
    let rest = depths.split_off(depths.len().min(limits::PROJECTS_SHOWN));
    let other = OtherDepths {
        projects: rest.len(),
        waiting: rest.iter().map(|depth| depth.waiting).sum(),
        in_flight: rest.iter().map(|depth| depth.in_flight).sum(),
    };
    let shown = depths.iter().map(|depth| shown(cloud, depth)).collect();
    (shown, (other.projects > 0).then_some(other))
}
