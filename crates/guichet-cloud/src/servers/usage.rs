//! What servers cost in hours over some time, those that were deleted in it too, as long as they
//! are remembered.

use std::sync::Arc;

use guichet_core::ids::ProjectId;
use guichet_core::server::Server;
use guichet_core::time::Timestamp;

/// The time over which servers are charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first instant that is charged.
    pub start: Timestamp,
    /// The last: not past the present.
    pub stop: Timestamp,
}

/// A server that is charged.
#[derive(Debug, Clone)]
pub struct Charged {
    /// The server.
    pub server: Arc<Server>,
    /// The instant from which on it ran.
    pub launched: Timestamp,
    /// The instant at which it was deleted, if it was.
    pub ended: Option<Timestamp>,
    /// For how long it is charged.
    pub hours: f64,
}

/// What a project's servers cost.
#[derive(Debug, Clone)]
pub struct ProjectHours {
    /// The project.
    pub project: ProjectId,
    /// Its servers that are charged, in the order in which they were given; at least one.
    pub servers: Vec<Charged>,
}

impl ProjectHours {
    /// The sum over its servers of what each has, times its hours.
    pub fn sum(&self, of: impl Fn(&Server) -> f64) -> f64 {
        self.servers.iter().map(|charged| of(&charged.server) * charged.hours).sum()
    }
}

impl Period {
    /// The hours for each project that has charged servers among these, which come project by
    /// project.
    pub fn by_project(self, servers: &[Arc<Server>]) -> impl Iterator<Item = ProjectHours> {
        let projects = servers.chunk_by(|one, next| one.project == next.project);
        projects.filter_map(move |servers| {
            let charged: Vec<Charged> =
                servers.iter().filter_map(|server| self.charged(server)).collect();
            let project = charged.first()?.server.project;
            Some(ProjectHours { project, servers: charged })
        })
    }

    /// What never ran, or not in this time, is not charged.
    fn charged(self, server: &Arc<Server>) -> Option<Charged> {
        const SECONDS_AN_HOUR: f64 = 3600.0;
        let launched = server.launched.filter(|launched| *launched <= self.stop)?;
        let ended = server.is_deleted().then_some(server.updated);
        if ended.is_some_and(|ended| ended < self.start) {
            return None;
        }
        let stop = ended.map_or(self.stop, |ended| ended.min(self.stop));
        let time = stop.since(launched.max(self.start));
        let hours = time.as_secs_f64() / SECONDS_AN_HOUR;
        Some(Charged { server: Arc::clone(server), launched, ended, hours })
    }
}
