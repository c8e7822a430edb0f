//! Which servers a simulated client can name: those its project was granted and has not asked to
//! delete, as far as clients know. A target is drawn by rank, so the draw is the client's and
//! only what stands at that rank follows the course of the run.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use guichet_core::ids::{IdHash, ProjectId, ServerId};

#[derive(Debug, Default)]
struct Known {
    servers: Vec<ServerId>,
    /// Where each stands among them.
    index: HashMap<ServerId, u32, IdHash>,
}

/// The servers of each project that clients know of.
#[derive(Debug)]
pub struct Targets {
    /// Held to add, drop or look up one server.
    projects: Vec<Mutex<Known>>,
}

impl Targets {
    /// For so many projects, of whose servers none is known yet.
    pub fn new(projects: usize) -> Self {
        Self { projects: (0..projects).map(|_| Mutex::default()).collect() }
    }

    fn with<R>(&self, project: ProjectId, step: impl FnOnce(&mut Known) -> R) -> R {
        let known = &self.projects[project.index()];
        step(&mut known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A create was accepted.
    pub fn add(&self, project: ProjectId, server: ServerId) {
        self.with(project, |known| {
            known.index.insert(server, known.servers.len() as u32);
            known.servers.push(server);
        });
    }

    /// A delete was accepted, or the server was not found.
    pub fn drop_one(&self, project: ProjectId, server: ServerId) {
        self.with(project, |known| {
            if let Some(index) = known.index.remove(&server) {
                known.servers.swap_remove(index as usize);
                if let Some(moved) = known.servers.get(index as usize) {
                    known.index.insert(*moved, index);
                }
            }
        });
    }

    /// The server at this share (0 to 1) of the project's list; `None` if that is empty.
    pub fn at(&self, project: ProjectId, share: f64) -> Option<ServerId> {
        self.with(project, |known| {
            let rank = (share * known.servers.len() as f64) as usize;
            known.servers.get(rank).copied()
        })
    }
}
