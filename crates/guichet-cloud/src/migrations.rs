//! Migrations: which servers went from which host to which, by a resize, a migration, a live
//! migration or an evacuation. Each is written down when it is accepted; how far it is follows from
//! the server's operations.

use std::sync::Arc;

use guichet_core::action::{Action, Obstacle};
use guichet_core::ids::{FlavorId, HostId};
use guichet_core::limits;
use guichet_core::refusal::Refusal;
use guichet_core::server::{Operation, OperationState, Server};
use guichet_core::state::VmState;
use guichet_core::time::Clock;
use guichet_engine::ServerManager;

use crate::accounts::Caller;
use crate::catalogue::Catalogue;
use crate::documents::{Change, next, of_shown, shown};
pub use crate::migration::{Migration, MigrationKind};
use crate::records::Records;
use crate::servers::{ServerError, Servers};

/// Nova's word for a live migration that waits.
const QUEUED: &str = "queued";
/// Nova's word for a live migration that a driver is at.
const RUNNING: &str = "running";

/// A migration as it is known: its number, itself, its status in Nova's word, when that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its number, from 1.
    pub number: u32,
    /// What was written down.
    pub migration: Arc<Migration>,
    /// How far it is, as Nova says it.
    pub status: &'static str,
    /// When that last changed: microseconds since 1970.
    pub updated_us: u64,
}

/// Why nothing is done to a migration. Nothing was changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MigrationError {
    /// The server has none of this number.
    #[error("the server has no such migration")]
    NotFound,
    /// The server is not on its way.
    #[error("the server is in {0}")]
    NotOnItsWay(Obstacle),
    /// The migration is not where something could be done to it.
    #[error("the migration is {0}")]
    Status(&'static str),
    /// The caller may not, or it cannot be recorded at present.
    #[error(transparent)]
    Server(#[from] ServerError),
}

/// What knows migrations.
#[derive(Debug)]
pub struct Migrations<'a> {
    pub(crate) servers: &'a Servers,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) manager: &'a ServerManager,
    pub(crate) records: &'a Records,
}

impl Migrations<'_> {
    /// All that are known, the newest first: at most [`limits::MIGRATIONS_MAX`].
    pub fn all(&self) -> Vec<Known> {
        let known = self.catalogue.migrations.all().into_iter().rev();
        known.map(|(number, migration)| self.known(number, migration)).collect()
    }

    /// A server's migration of this number.
    ///
    /// # Errors
    /// There is none.
    fn find(&self, server: &Server, number: u32) -> Result<Known, MigrationError> {
        let place = of_shown(number);
        let found = self.catalogue.migrations.get(place);
        let found = found.filter(|migration| number > 0 && migration.server == server.id);
        Ok(self.known(place, found.ok_or(MigrationError::NotFound)?))
    }

    /// Stops a live migration that runs, or waits if that is asked for too: its server stays where
    /// it is.
    ///
    /// # Errors
    /// [`MigrationError`].
    pub async fn abort(
        &self,
        caller: &Caller,
        server: &Server,
        number: u32,
        may_wait: bool,
    ) -> Result<(), MigrationError> {
        let rule = Action::AbortMigration.rule();
        rule.check(server.state()).map_err(MigrationError::NotOnItsWay)?;
        let status = self.find(server, number)?.status;
        if status != RUNNING && !(may_wait && status == QUEUED) {
            return Err(MigrationError::Status(status));
        }
        match self.servers.act(caller, server, Action::AbortMigration).await {
            // It has arrived since it was looked at.
            Err(ServerError::Refused(Refusal::Conflict { obstacle, .. })) => {
                Err(MigrationError::NotOnItsWay(obstacle))
            }
            done => Ok(done?),
        }
    }

    /// Whether a live migration may be told to come to its end. Nova pauses the machine, which has
    /// no more to copy then; a driver here is at its end when it says so, and is told nothing.
    ///
    /// # Errors
    /// [`MigrationError`].
    pub fn check_forced(&self, server: &Server, number: u32) -> Result<(), MigrationError> {
        if server.vm_state != VmState::Active {
            return Err(MigrationError::NotOnItsWay(Obstacle::VmState(server.vm_state)));
        }
        let rule = Action::AbortMigration.rule();
        rule.check(server.state()).map_err(MigrationError::NotOnItsWay)?;
        match self.find(server, number)?.status {
            RUNNING => Ok(()),
            other => Err(MigrationError::Status(other)),
        }
    }

    fn known(&self, number: u32, migration: Arc<Migration>) -> Known {
        let operations = self.manager.operations(migration.server);
        let (status, updated_us) = progress(&migration, &operations);
        Known { number: shown(number), migration, status, updated_us }
    }

    /// Writes down that a server is on its way. `before` is the server as it was.
    ///
    /// # Errors
    /// That it cannot be recorded at present; the server is on its way all the same.
    pub(crate) async fn began(
        &self,
        caller: &Caller,
        user: &str,
        before: &Server,
        kind: MigrationKind,
    ) -> Result<(), ServerError> {
        let after = self.manager.any_server(before.id);
        let second = after.as_ref().and_then(|server| server.second.as_deref());
        let host = |id: Option<HostId>| {
            let host = id.and_then(|id| self.catalogue.host(id));
            host.map(|host| Arc::clone(&host.name))
        };
        let flavor = |id: FlavorId| {
            let flavor = self.catalogue.flavor(id);
            flavor.map_or_else(|| Arc::from(""), |flavor| Arc::clone(&flavor.id))
        };
        let migration = Migration {
            server: before.id,
            request: caller.request,
            user: Arc::from(user),
            project: self.catalogue.project_id(before.project),
            kind,
            source: host(before.host).unwrap_or_else(|| Arc::from("")),
            target: host(second.and_then(|second| second.host)),
            old_flavor: flavor(before.flavor),
            new_flavor: flavor(second.map_or(before.flavor, |second| second.flavor)),
            created_us: self.manager.clock().now().micros(),
        };
        let written = self.catalogue.migrations.change(self.records, |rows| {
            let too_many = (rows.len() + 1).saturating_sub(limits::MIGRATIONS_MAX);
            let mut changes: Vec<Change<Migration>> =
                rows.keys().take(too_many).map(|number| Change::Remove(*number)).collect();
            changes.push(Change::Put(next(rows), migration));
            Ok((changes, ()))
        });
        written.await
    }
}

/// How far a migration is, and since when. What is forgotten is long over.
fn progress(migration: &Migration, operations: &[Operation]) -> (&'static str, u64) {
    let is_live = migration.kind == MigrationKind::LiveMigration;
    let place = operations.iter().position(|operation| operation.request == migration.request);
    let Some(place) = place else {
        return ("completed", migration.created_us);
    };
    let own = &operations[place];
    let at = own.finished.or(own.started).unwrap_or(own.accepted).micros();
    match own.state {
        OperationState::Queued if is_live => (QUEUED, at),
        OperationState::Queued => ("pre-migrating", at),
        OperationState::Running if is_live => (RUNNING, at),
        OperationState::Running => ("migrating", at),
        OperationState::Failed => ("error", at),
        OperationState::Cancelled => ("cancelled", at),
        OperationState::Succeeded => match migration.kind {
            MigrationKind::LiveMigration => ("completed", at),
            MigrationKind::Evacuation => ("done", at),
            MigrationKind::Resize | MigrationKind::Migration => {
                let later = operations[place..].iter().find_map(|operation| {
                    let word = match operation.action {
                        Action::ConfirmResize => "confirmed",
                        Action::RevertResize => "reverted",
                        _ => return None,
                    };
                    let is_done = operation.state == OperationState::Succeeded;
                    is_done.then_some((word, operation.finished?.micros()))
                });
                later.unwrap_or(("finished", at))
            }
        },
    }
}
