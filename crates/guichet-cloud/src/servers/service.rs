//! The servers of a cloud: what the other files of this folder ask of the manager.

use std::num::NonZero;
use std::sync::Arc;

use guichet_core::ids::{ProjectId, ServerId};
use guichet_core::project::{Host, Quota, Usage};
use guichet_core::server::{Operation, Server};
use guichet_engine::{Scan, ServerManager};
use guichet_store::Query;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::console;
use super::error::ServerError;
use super::password::AdminKey;
use super::projects::{NotVisible, Projects};
use crate::accounts::Caller;
use crate::catalogue::Catalogue;
use crate::faults::Faults;

/// Servers: made, acted on, edited, found.
#[derive(Debug)]
pub struct Servers {
    pub(super) manager: ServerManager,
    pub(super) catalogue: Arc<Catalogue>,
    pub(crate) admin_key: AdminKey,
    /// Whether a deleted server can be restored for a while.
    pub(super) restores_deleted: bool,
    /// Permits for searches that look at much: each runs on a thread of its own, and gives its
    /// permit back when it is over.
    pub(super) search_threads: Arc<Semaphore>,
    /// What is to go wrong, hosts that are dead among it.
    faults: Option<Arc<Faults>>,
}

impl Servers {
    pub(crate) fn new(
        manager: ServerManager,
        catalogue: Arc<Catalogue>,
        admin_key: AdminKey,
        restores_deleted: bool,
        faults: Option<Arc<Faults>>,
    ) -> Self {
        // The other cores go on answering.
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let search_threads = Arc::new(Semaphore::new((cores / 2).max(1)));
        Self { manager, catalogue, admin_key, restores_deleted, search_threads, faults }
    }

    /// Whether a host's service is down: an administrator said so, or nothing is heard of it.
    pub(super) fn is_down(&self, host: &Host) -> bool {
        self.catalogue.host_state(&host.name).is_forced_down
            || self.faults.as_ref().is_some_and(|faults| faults.is_dead(&host.name))
    }

    /// The server of that id, if the caller sees it.
    pub fn find(&self, caller: &Caller, id: ServerId) -> Option<Arc<Server>> {
        self.manager.any_server(id).filter(|server| caller.sees(server.project))
    }

    /// As [`find`](Self::find), also one that was deleted and is still remembered.
    pub fn find_remembered(&self, caller: &Caller, id: ServerId) -> Option<Arc<Server>> {
        self.manager.remembered(id).filter(|server| caller.sees(server.project))
    }

    /// A server that was just made, whoever sees it.
    pub fn made(&self, id: ServerId) -> Option<Arc<Server>> {
        self.manager.any_server(id)
    }

    /// A server's operations, the oldest first.
    pub fn operations(&self, id: ServerId) -> Vec<Operation> {
        self.manager.operations(id)
    }

    /// Every server of these projects.
    ///
    /// # Errors
    /// [`NotVisible`].
    pub fn scan(&self, caller: &Caller, projects: Projects) -> Result<Scan<'_>, NotVisible> {
        let project = projects.seen_by(caller)?;
        Ok(self.manager.scan(&Query { project, ..Query::default() }))
    }

    /// The same behind a server, so many at a time.
    ///
    /// # Errors
    /// [`NotVisible`].
    pub fn scan_behind(
        &self,
        caller: &Caller,
        projects: Projects,
        after: Option<Arc<Server>>,
        page: usize,
    ) -> Result<Scan<'_>, NotVisible> {
        let project = projects.seen_by(caller)?;
        let limit = Some(page);
        Ok(self.manager.scan(&Query { project, after, limit, ..Query::default() }))
    }

    /// The server that has this port, if the caller sees it.
    pub fn with_port(&self, caller: &Caller, port: Uuid) -> Option<Arc<Server>> {
        self.manager.with_port(port).filter(|server| caller.sees(server.project))
    }

    /// How many ports a project's servers have.
    ///
    /// # Errors
    /// [`NotVisible`].
    pub fn ports_of(&self, caller: &Caller, project: ProjectId) -> Result<usize, NotVisible> {
        Projects::One(project).seen_by(caller)?;
        Ok(self.manager.ports_of(project))
    }

    /// What a project uses and may use.
    pub fn usage(&self, project: ProjectId) -> Option<(Usage, Quota)> {
        self.manager.usage(project)
    }

    /// What a machine wrote on its console, the last `length` lines of it or all.
    ///
    /// # Errors
    /// [`ServerError::NotReady`] while the machine is being made.
    pub fn console(&self, server: &Server, length: Option<usize>) -> Result<String, ServerError> {
        if server.launched.is_none() {
            return Err(ServerError::NotReady(server.id));
        }
        let image = self.catalogue.image(server.image);
        let image = image.as_ref().map_or("", |image| &image.name);
        Ok(console::output(server, image, &self.manager.operations(server.id), length))
    }

    /// The password of a server's administrator, if none was given when it was made.
    pub fn admin_password(&self, id: ServerId) -> String {
        self.admin_key.password(id)
    }
}
