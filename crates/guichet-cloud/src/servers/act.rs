//! Acting on one server, and editing what it carries for its owner.

use std::collections::BTreeMap;
use std::sync::Arc;

use guichet_core::action::{Action, ActionArgs};
use guichet_core::details::Changes;
use guichet_core::edit::{self, Edit, EditRequest};
use guichet_core::ids::{FlavorId, ImageId, ProjectId};
use guichet_core::limits;
use guichet_core::refusal::Refusal;
use guichet_core::request::{Act, Request, RequestBody};
use guichet_core::server::Server;
use guichet_core::state::VmState;

use super::error::ServerError;
use super::service::Servers;
use crate::accounts::Caller;
use crate::catalogue::Flavor;

impl Servers {
    /// Has something done to a server that the caller has found: it is done some time after this
    /// returns.
    ///
    /// # Errors
    /// [`ServerError`]: nothing was changed.
    pub async fn act(
        &self,
        caller: &Caller,
        server: &Server,
        action: Action,
    ) -> Result<(), ServerError> {
        self.act_with(caller, server, action, None).await
    }

    /// Deletes a server; where deleted servers can be restored for a while, it waits for that.
    ///
    /// # Errors
    /// [`ServerError`]: nothing was changed.
    pub async fn delete(&self, caller: &Caller, server: &Server) -> Result<(), ServerError> {
        let action = if self.restores_deleted { Action::SoftDelete } else { Action::Delete };
        self.act(caller, server, action).await
    }

    /// Gives a server another size, which is to be confirmed or taken back.
    ///
    /// # Errors
    /// [`ServerError`]: nothing was changed.
    pub async fn resize(
        &self,
        caller: &Caller,
        server: &Server,
        flavor: FlavorId,
    ) -> Result<(), ServerError> {
        self.check_host(caller, server)?;
        let new = self
            .catalogue
            .flavor(flavor)
            .filter(|new| self.catalogue.sees_flavor(caller.into(), new));
        let new = new.ok_or(ServerError::UnknownFlavor)?;
        if flavor == server.flavor {
            return Err(ServerError::SameFlavor);
        }
        self.check_image(server.image, &new)?;
        if let Some(present) = self.catalogue.flavor(server.flavor)
            && new.disk_gib < present.disk_gib
        {
            return Err(ServerError::DiskShrinks { is_gone: new.disk_gib == 0 });
        }
        let args = ActionArgs::Resize { flavor, size: new.size };
        self.act_with(caller, server, Action::Resize, Some(args)).await
    }

    /// Makes a server anew: with these fields, and from the image that is one of them.
    ///
    /// # Errors
    /// [`ServerError`]: nothing was changed.
    pub async fn rebuild(
        &self,
        caller: &Caller,
        server: &Server,
        changes: Changes,
    ) -> Result<(), ServerError> {
        if let Some(flavor) = self.catalogue.flavor(server.flavor) {
            self.check_image(changes.image.unwrap_or(server.image), &flavor)?;
        }
        if let Some(metadata) = &changes.metadata {
            self.check_metadata(server.project, metadata)?;
        }
        let args = ActionArgs::Rebuild(Box::new(changes));
        self.act_with(caller, server, Action::Rebuild, Some(args)).await
    }

    /// Moves a server to another host: by a migration, a live migration, an evacuation, or as it
    /// is unshelved. To this one, by its name, or to the first that has capacity.
    ///
    /// # Errors
    /// [`ServerError`]: nothing was changed.
    pub async fn move_to(
        &self,
        caller: &Caller,
        server: &Server,
        action: Action,
        host: Option<&str>,
    ) -> Result<(), ServerError> {
        if !caller.is_admin() {
            return Err(ServerError::Forbidden);
        }
        let named = |name: &str| {
            let found = self.catalogue.find_host(name);
            found.map(|host| host.id).ok_or_else(|| ServerError::UnknownHost(Arc::from(name)))
        };
        let host = host.map(named).transpose()?;
        let present = server.host.and_then(|host| self.catalogue.host(host));
        if let Some(present) = present.filter(|_| action == Action::Evacuate)
            && !self.is_down(present)
        {
            return Err(ServerError::HostInUse(Arc::clone(&present.name)));
        }
        if action == Action::Migrate {
            self.check_host(caller, server)?;
        }
        self.act_with(caller, server, action, Some(ActionArgs::Move { host })).await
    }

    /// Whether the host of a server can give it up: a resize and a migration ask it to
    /// (`nova.compute.api`, `check_instance_host`). What the rules refuse anyhow they refuse with their own
    /// reason.
    fn check_host(&self, caller: &Caller, server: &Server) -> Result<(), ServerError> {
        let may_go = matches!(server.vm_state, VmState::Active | VmState::Stopped)
            && server.task_state.is_none()
            && (!server.is_locked() || caller.is_admin());
        match server.host.and_then(|host| self.catalogue.host(host)) {
            Some(host) if may_go && self.is_down(host) => Err(ServerError::HostDown),
            _ => Ok(()),
        }
    }

    /// Whether a server of this flavor can boot from that image.
    fn check_image(&self, image: ImageId, flavor: &Flavor) -> Result<(), ServerError> {
        let image = self.catalogue.image(image).ok_or(ServerError::UnknownImage)?;
        Ok(image.check(flavor)?)
    }

    async fn act_with(
        &self,
        caller: &Caller,
        server: &Server,
        action: Action,
        args: Option<ActionArgs>,
    ) -> Result<(), ServerError> {
        if !caller.may_write() || is_for_admins(action) && !caller.is_admin() {
            return Err(ServerError::Forbidden);
        }
        let request = Request {
            id: caller.request,
            client: caller.client(),
            project: server.project,
            privileged: caller.is_admin(),
            key: None,
            body: RequestBody::Act(Act { action, server: server.id, args: args.map(Arc::new) }),
        };
        match self.manager.submit(&request).await {
            Ok(_) => Ok(()),
            // It went away since it was looked at, and was its project's last.
            Err(Refusal::NoServer) => Err(ServerError::NotFound(server.id)),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// How many metadata each server of a project may carry.
    fn most_metadata(&self, project: ProjectId) -> usize {
        self.catalogue.most(project, "metadata_items", limits::METADATA_MAX)
    }

    /// Whether a server of a project may carry these metadata.
    pub(super) fn check_metadata(
        &self,
        project: ProjectId,
        metadata: &BTreeMap<Arc<str>, Arc<str>>,
    ) -> Result<(), Refusal> {
        // Most servers carry none, and then nothing need be looked up.
        if metadata.is_empty() {
            return Ok(());
        }
        edit::check_metadata_of(metadata.len(), Some(self.most_metadata(project)))
    }

    /// Changes what a server carries for its owner; gives the server as it is afterwards.
    ///
    /// # Errors
    /// [`ServerError`]: nothing was changed.
    pub async fn edit(
        &self,
        caller: &Caller,
        server: &Server,
        edit: Edit,
    ) -> Result<Arc<Server>, ServerError> {
        if !caller.may_write() {
            return Err(ServerError::Forbidden);
        }
        let request = EditRequest {
            id: caller.request,
            client: caller.client(),
            project: server.project,
            server: server.id,
            privileged: caller.is_admin(),
            most_metadata: edit.has_metadata().then(|| self.most_metadata(server.project)),
            edit,
        };
        Ok(self.manager.edit(&request).await?)
    }
}

/// Whether only an administrator may ask for it: what names a host, or says what is not so.
const fn is_for_admins(action: Action) -> bool {
    matches!(
        action,
        Action::Migrate
            | Action::LiveMigrate
            | Action::Evacuate
            | Action::ShelveOffload
            | Action::ResetActive
            | Action::ResetError
            | Action::CrashDump
            | Action::AbortMigration
    )
}
