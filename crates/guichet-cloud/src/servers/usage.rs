//! What servers cost in hours over some time, those that were deleted in it too, as long as they
//! are remembered.

use std::sync::Arc;

use guichet_core::charge::{Charge, Charged, Period};
use guichet_core::ids::ProjectId;
use guichet_core::limits;
use guichet_core::server::Server;
use tokio::task::yield_now;

use super::projects::{NotVisible, Projects};
use super::service::Servers;
use crate::accounts::Caller;

/// Microseconds of an hour.
const HOUR_US: f64 = 3_600e6;

/// A time in hours.
pub fn hours(time_us: u128) -> f64 {
    time_us as f64 / HOUR_US
}

/// What a project's servers cost.
#[derive(Debug, Clone)]
pub struct ProjectCharges {
    /// The project.
    pub project: ProjectId,
    /// What they cost by flavor and size; one at least.
    pub charges: Vec<Charge>,
}

impl ProjectCharges {
    /// The sum over its servers of what each has, times its hours.
    pub fn hours(&self, of: impl Fn(&Charge) -> f64) -> f64 {
        self.charges.iter().map(|charge| of(charge) * hours(charge.time_us)).sum()
    }

    /// What servers among these cost, which come project by project.
    pub fn of(period: Period, servers: &[Arc<Server>]) -> Vec<Self> {
        let projects = servers.chunk_by(|one, next| one.project == next.project);
        let of_project = |servers: &[Arc<Server>]| {
            let charged = servers.iter().filter_map(|server| period.charged(server));
            let charges = charged.map(|charged| charge(&charged)).collect();
            Self { project: servers[0].project, charges }
        };
        projects.map(of_project).filter(|project| !project.charges.is_empty()).collect()
    }
}

/// What one server costs.
fn charge(charged: &Charged) -> Charge {
    let Charged { server, time_us, .. } = charged;
    Charge { flavor: server.flavor, size: server.size, servers: 1, time_us: (*time_us).into() }
}

impl Servers {
    /// What the servers of these projects cost in a period, project by project, from sums that are kept:
    /// the servers themselves are not looked at.
    ///
    /// # Errors
    /// [`NotVisible`].
    pub async fn charges(
        &self,
        caller: &Caller,
        projects: Projects,
        period: Period,
    ) -> Result<Vec<ProjectCharges>, NotVisible> {
        let projects = match projects.seen_by(caller)? {
            Some(project) => vec![project],
            None => (0..self.catalogue.project_count() as u32).map(ProjectId).collect(),
        };
        let mut all = Vec::new();
        for some in projects.chunks(limits::PROJECTS_AT_ONCE) {
            for project in some.iter().copied() {
                let charges = self.manager.charges(project, period);
                if !charges.is_empty() {
                    all.push(ProjectCharges { project, charges });
                }
            }
            yield_now().await;
        }
        Ok(all)
    }

    /// The first servers of these projects that are charged in a period, project by project and the newest
    /// first: `most` of them. Servers are looked at until so many are found, a page before others have their
    /// turn.
    ///
    /// # Errors
    /// [`NotVisible`].
    pub async fn charged(
        &self,
        caller: &Caller,
        projects: Projects,
        period: Period,
        most: usize,
    ) -> Result<Vec<Charged>, NotVisible> {
        let project = projects.seen_by(caller)?;
        let mut found: Vec<Charged> = Vec::new();
        let mut scan = self.scan(caller, projects)?;
        while found.len() < most
            && let Some(page) = scan.next_page().await
        {
            let charged = page.iter().filter_map(|server| period.charged(server));
            found.extend(charged.take(most - found.len()));
        }
        let ended = self.ended(project, period.start).await;
        found.extend(ended.iter().filter_map(|server| period.charged(server)));
        found.sort_by_key(|charged| super::search::rank(&charged.server));
        // What was deleted meanwhile is there twice: as it was, and as it is.
        found.dedup_by_key(|charged| charged.server.id);
        found.truncate(most);
        Ok(found)
    }
}
