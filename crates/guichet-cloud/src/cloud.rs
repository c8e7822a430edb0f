//! A cloud: all that a dialect works with.

use std::fmt;
use std::sync::Arc;

use guichet_core::action::Action;
use guichet_core::ids::{ClientId, FlavorId, ProjectId, RequestId};
use guichet_core::refusal::Refusal;
use guichet_core::server::Server;
use guichet_core::time::{Clock, Timestamp};
use guichet_engine::ServerManager;
use guichet_engine::rate_limit::ProjectRate;
use guichet_store::journal::RecordChange;

use crate::accounts::{Accounts, ByTime, Caller};
use crate::aggregates::Aggregates;
use crate::catalogue::Catalogue;
use crate::drains::Drains;
use crate::faults::Faults;
use crate::flavors::Flavors;
use crate::groups::Groups;
use crate::hosts::Hosts;
use crate::images::Images;
use crate::keys::KeyPairs;
use crate::migrations::{MigrationKind, Migrations};
use crate::quotas::Quotas;
use crate::records::Records;
use crate::replaceable::Replaceable;
use crate::servers::{ServerError, Servers};

/// A cloud: the manager, what is declared around it, and who may use it.
pub struct Cloud {
    pub(crate) manager: ServerManager,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) accounts: Accounts,
    pub(crate) servers: Servers,
    pub(crate) key_pairs: KeyPairs,
    pub(crate) groups: Groups,
    pub(crate) public_url: Option<Arc<str>>,
    pub(crate) is_encrypted: bool,
    pub(crate) path: Option<Arc<str>>,
    pub(crate) faults: Option<Arc<Faults>>,
    /// What all its chance is drawn from.
    pub(crate) seed: u64,
    /// How many requests about servers each project may send in a second, reads too.
    pub(crate) rate: Replaceable<Option<ByTime<ProjectRate>>>,
    /// What is to be recorded before the first request: [`Self::keep_secrets`].
    pub(crate) unrecorded: Vec<RecordChange>,
    pub(crate) records: Records,
    /// Hosts that are being emptied.
    pub(crate) drains: Drains,
}

/// Where a server is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination<'a> {
    /// To this flavor.
    Flavor(FlavorId),
    /// By this action to the host of that name, or to the first that has capacity.
    Host(Action, Option<&'a str>),
}

impl fmt::Debug for Cloud {
    /// Without the secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cloud").field("region", self.catalogue.region()).finish_non_exhaustive()
    }
}

impl Cloud {
    /// The manager below: for what a cloud does not say better, such as events, figures, the end.
    pub const fn manager(&self) -> &ServerManager {
        &self.manager
    }

    /// Flavors, images, networks, hosts.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Users, projects, tokens.
    pub const fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// Servers: made, acted on, found.
    pub const fn servers(&self) -> &Servers {
        &self.servers
    }

    /// Flavors as administrators write them.
    pub fn flavors(&self) -> Flavors<'_> {
        Flavors { catalogue: &self.catalogue, records: &self.records }
    }

    /// Images, and what makes them of servers.
    pub fn images(&self) -> Images<'_> {
        let Self { accounts, servers, manager, records, catalogue, .. } = self;
        Images { catalogue, accounts, servers, manager, records }
    }

    /// Hosts as administrators set them.
    pub fn hosts(&self) -> Hosts<'_> {
        let Self { manager, records, catalogue, faults, drains, .. } = self;
        Hosts { catalogue, manager, records, faults: faults.as_deref(), drains }
    }

    /// Host aggregates, and the zones they make.
    pub fn aggregates(&self) -> Aggregates<'_> {
        let Self { manager, records, catalogue, .. } = self;
        Aggregates { catalogue, manager, records }
    }

    /// Quotas as administrators write them.
    pub fn quotas(&self) -> Quotas<'_> {
        let Self { accounts, manager, records, catalogue, .. } = self;
        Quotas { catalogue, accounts, manager, records }
    }

    /// Which servers went from which host to which.
    pub fn migrations(&self) -> Migrations<'_> {
        let Self { servers, manager, records, catalogue, .. } = self;
        Migrations { servers, catalogue, manager, records }
    }

    /// Has a server go to another size or host, and writes that down.
    ///
    /// # Errors
    /// [`ServerError`]: nothing was changed, unless the move was accepted and then could not be
    /// written down: the list of migrations lacks it then.
    pub async fn migrate(
        &self,
        caller: &Caller,
        server: &Server,
        to: Destination<'_>,
    ) -> Result<(), ServerError> {
        let action = match to {
            Destination::Flavor(flavor) => {
                self.servers.resize(caller, server, flavor).await?;
                Action::Resize
            }
            Destination::Host(action, host) => {
                self.servers.move_to(caller, server, action, host).await?;
                action
            }
        };
        let Some(kind) = MigrationKind::of(action) else {
            return Ok(());
        };
        let directory = self.accounts.directory();
        let user = directory.user(caller.user).map_or("", |user| &user.id);
        self.migrations().began(caller, user, server, kind).await
    }

    /// Key pairs: imported, made, found, deleted.
    pub const fn key_pairs(&self) -> &KeyPairs {
        &self.key_pairs
    }

    /// Server groups: made, found, deleted.
    pub const fn groups(&self) -> &Groups {
        &self.groups
    }

    /// The address that links begin with, if not the one that each request called this service by.
    pub const fn public_url(&self) -> Option<&Arc<str>> {
        self.public_url.as_ref()
    }

    /// Whether clients come by connections that are encrypted.
    pub const fn is_encrypted(&self) -> bool {
        self.is_encrypted
    }

    /// The path that all of this cloud's lie under, if it has one, such as `/w/0123456789ab`.
    pub const fn path(&self) -> Option<&Arc<str>> {
        self.path.as_ref()
    }

    /// What is to go wrong in it, if that can be said: [`CloudBuilder::with_faults`](crate::CloudBuilder::with_faults).
    pub fn faults(&self) -> Option<&Faults> {
        self.faults.as_deref()
    }

    /// The present, by the world's clock.
    pub fn now(&self) -> Timestamp {
        self.manager.clock().now()
    }

    /// The instant at which this cloud was started.
    pub fn started(&self) -> Timestamp {
        self.manager.clock().start()
    }

    /// Draws the id of a request.
    pub fn new_request(&self) -> RequestId {
        self.manager.draw_ids(ClientId(0), 0).0
    }

    /// Counts a request about servers in the rate of its project.
    ///
    /// # Errors
    /// How long until the project may send one again.
    pub fn count(&self, project: ProjectId) -> Result<(), std::time::Duration> {
        self.rate.look(|rate| match rate {
            Some(rate) => rate.of(self.accounts.token_time()).check(project),
            None => Ok(()),
        })
    }

    /// Makes durable what this start changed: secrets that were drawn, passwords that the
    /// declaration overrules. To be waited for before the first request is taken; a fleet in
    /// memory needs none.
    ///
    /// # Errors
    /// A refusal: it cannot be recorded at present.
    pub async fn keep_secrets(&self) -> Result<(), Refusal> {
        for change in &self.unrecorded {
            self.records.write(change.clone()).await?;
        }
        Ok(())
    }
}
