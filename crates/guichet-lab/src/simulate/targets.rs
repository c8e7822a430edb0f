//! Which servers a simulated client can name: those its project was granted and has not asked to
//! delete, as far as clients know. A target is drawn by rank, so the draw is the client's and
//! only what stands at that rank follows the course of the run.

use std::hash::BuildHasher;
use std::sync::{Mutex, PoisonError};

use guichet_core::ids::{IdHash, ProjectId, ServerId};
use hashbrown::HashTable;

#[derive(Debug, Default)]
struct Known {
    servers: Vec<ServerId>,
    /// Where each stands among them.
    index: HashTable<u32>,
}

fn hash(server: ServerId) -> u64 {
    IdHash::default().hash_one(server)
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
            let Known { servers, index } = known;
            let place = servers.len() as u32;
            if servers.len() == servers.capacity() {
                // Not twice as many: there may be a million.
                servers.reserve_exact(servers.len() / 4 + 4);
            }
            servers.push(server);
            index.insert_unique(hash(server), place, |place| hash(servers[*place as usize]));
        });
    }

    /// A delete was accepted, or the server was not found.
    pub fn drop_one(&self, project: ProjectId, server: ServerId) {
        self.with(project, |known| {
            let Known { servers, index } = known;
            let is_it = |place: &u32| servers[*place as usize] == server;
            let Ok(found) = index.find_entry(hash(server), is_it) else { return };
            let (place, _) = found.remove();
            let last = servers.len() as u32 - 1;
            // The last one takes its place.
            if place != last
                && let Some(moved) =
                    index.find_mut(hash(servers[last as usize]), |place| *place == last)
            {
                *moved = place;
            }
            servers.swap_remove(place as usize);
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
