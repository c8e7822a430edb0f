//! Acting on one server, and editing what it carries for its owner.

use std::sync::Arc;

use guichet_core::action::Action;
use guichet_core::edit::{Edit, EditRequest};
use guichet_core::refusal::Refusal;
use guichet_core::request::{Request, RequestBody};
use guichet_core::server::Server;

use super::error::ServerError;
use super::service::Servers;
use crate::accounts::Caller;

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
        if !caller.may_write() {
            return Err(ServerError::Forbidden);
        }
        let request = Request {
            id: caller.request,
            client: caller.client(),
            project: server.project,
            privileged: caller.is_admin(),
            key: None,
            body: RequestBody::act(action, server.id),
        };
        match self.manager.submit(&request).await {
            Ok(_) => Ok(()),
            // It went away since it was looked at, and was its project's last.
            Err(Refusal::NoServer) => Err(ServerError::NotFound(server.id)),
            Err(refusal) => Err(refusal.into()),
        }
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
            edit,
        };
        Ok(self.manager.edit(&request).await?)
    }
}
