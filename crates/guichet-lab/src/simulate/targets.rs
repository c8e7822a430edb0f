//! Which servers a simulated client can name: those its project was granted and has not asked to
//! delete, as far as clients know. A target is drawn by rank, so the draw is the client's and
//! only what stands at that rank follows the course of the run.

use std::sync::{Mutex, PoisonError};

use guichet_core::ids::{ProjectId, ServerId};

/// Where a server stands among those of its project that clients know of.
pub type Rank = usize;

/// The servers of each project that clients know of.
#[derive(Debug)]
pub struct Targets {
    /// Each held to add, drop or look up one server.
    projects: Vec<Mutex<Vec<ServerId>>>,
}

impl Targets {
    /// For so many projects, of whose servers none is known yet.
    pub fn new(projects: usize) -> Self {
        Self { projects: (0..projects).map(|_| Mutex::default()).collect() }
    }

    /// For a load that says itself which servers it is about: none is noted.
    pub const fn none() -> Self {
        Self { projects: Vec::new() }
    }

    fn with<R>(
        &self,
        project: ProjectId,
        step: impl FnOnce(&mut Vec<ServerId>) -> Option<R>,
    ) -> Option<R> {
        let known = self.projects.get(project.index())?;
        step(&mut known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A create was accepted.
    pub fn add(&self, project: ProjectId, server: ServerId) {
        self.with(project, |known| {
            if known.len() == known.capacity() {
                // Not twice as many: there may be a million.
                known.reserve_exact(known.len() / 4 + 4);
            }
            known.push(server);
            Some(())
        });
    }

    /// A delete was accepted, or the server was not found, which stood at this rank when it was named.
    pub fn drop_one(&self, project: ProjectId, (server, rank): (ServerId, Rank)) {
        self.with(project, |known| {
            // It still stands there, but if it was the last one, and has taken the place of another.
            let is_there = known.get(rank) == Some(&server);
            let rank =
                if is_there { Some(rank) } else { known.iter().position(|at| *at == server) };
            rank.map(|rank| known.swap_remove(rank))
        });
    }

    /// The server at this share (0 to 1) of the project's list, and its rank; `None` if that is empty.
    pub fn at(&self, project: ProjectId, share: f64) -> Option<(ServerId, Rank)> {
        self.with(project, |known| {
            let rank = (share * known.len() as f64) as Rank;
            known.get(rank).map(|server| (*server, rank))
        })
    }
}
