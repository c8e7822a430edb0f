//! Migrations: which servers went from which host to which, by a resize, a migration, a live
//! migration or an evacuation. Each is written down when it is accepted; how far it is follows from
//! the server's operations.

use std::sync::Arc;

use guichet_core::action::Action;
use guichet_core::ids::{FlavorId, HostId};
use guichet_core::limits;
use guichet_core::server::{Operation, OperationState, Server};
use guichet_core::time::Clock;
use guichet_engine::ServerManager;

use crate::accounts::Caller;
use crate::catalogue::Catalogue;
use crate::documents::{Change, next, shown};
pub use crate::migration::{Migration, MigrationKind};
use crate::records::Records;
use crate::servers::ServerError;

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

/// What knows migrations.
#[derive(Debug)]
pub struct Migrations<'a> {
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
            project: Arc::from(self.catalogue.project_id(before.project)),
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
        OperationState::Queued if is_live => ("queued", at),
        OperationState::Queued => ("pre-migrating", at),
        OperationState::Running if is_live => ("running", at),
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
