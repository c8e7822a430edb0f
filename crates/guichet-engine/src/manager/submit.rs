//! Requests and edits.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::edit::EditRequest;
use guichet_core::ids::{ClientId, RequestId, ServerId};
use guichet_core::refusal::Refusal;
use guichet_core::request::{Answer, Request, RequestBody};
use guichet_core::server::Server;
use guichet_core::time::Clock;
use guichet_store::hub::{LogEntry, Refused};
use guichet_store::journal::RecordChange;
use guichet_store::{Decided, Watch};

use super::ack::Ack;
use super::handle::ServerManager;
use crate::admission::{self, Caller, NewServer, RebootKind};

impl ServerManager {
    /// Asks for a new server, or several.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub async fn create(&self, caller: Caller, new: &NewServer<'_>) -> Result<Ack, Refusal> {
        let admission = &self.shared.admission;
        let request = admission::create_request(&admission.catalogue, &admission.ids, caller, new)?;
        self.submit(&request).await
    }

    /// Asks for a reboot.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub async fn reboot(
        &self,
        caller: Caller,
        server: ServerId,
        kind: RebootKind,
    ) -> Result<Ack, Refusal> {
        let action = match kind {
            RebootKind::Soft => Action::RebootSoft,
            RebootKind::Hard => Action::RebootHard,
        };
        self.change(caller, action, server).await
    }

    /// Asks for power on.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub async fn start_server(&self, caller: Caller, server: ServerId) -> Result<Ack, Refusal> {
        self.change(caller, Action::Start, server).await
    }

    /// Asks for power off.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub async fn stop_server(&self, caller: Caller, server: ServerId) -> Result<Ack, Refusal> {
        self.change(caller, Action::Stop, server).await
    }

    /// Asks for removal, whatever is being done to the server.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub async fn delete(&self, caller: Caller, server: ServerId) -> Result<Ack, Refusal> {
        self.change(caller, Action::Delete, server).await
    }

    async fn change(
        &self,
        caller: Caller,
        action: Action,
        server: ServerId,
    ) -> Result<Ack, Refusal> {
        let (id, _) = self.shared.admission.ids.next(caller.client, 0);
        let request = Request {
            privileged: false,
            id,
            client: caller.client,
            project: caller.project,
            key: None,
            body: RequestBody::act(action, server),
        };
        self.submit(&request).await
    }

    /// Changes what a server carries for its owner: name, description, metadata, tags, lock.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub async fn edit(&self, request: &EditRequest) -> Result<Arc<Server>, Refusal> {
        let _entered = self.shared.admission.intake.enter()?;
        match self.shared.store.edit(request).wait().await {
            Some(edited) => edited,
            None => Err(gone()),
        }
    }

    /// Stores a record beside the fleet, or removes one; that is durable when this returns. A
    /// manager whose fleet is in memory stores none.
    ///
    /// # Errors
    /// A refusal: it cannot be recorded at present.
    pub async fn put_record(&self, row: RecordChange) -> Result<(), Refusal> {
        Self::answered(self.shared.store.put_record(row)).await
    }

    /// Stores or removes a record beside the fleet, and does not wait: it is not known when, or
    /// whether, that is durable.
    pub fn put_record_unawaited(&self, row: RecordChange) {
        drop(self.shared.store.put_record(row));
    }

    /// Draws the ids of a request and of the servers it may create.
    pub fn draw_ids(&self, client: ClientId, servers: usize) -> (RequestId, Vec<ServerId>) {
        self.shared.admission.ids.next(client, servers)
    }

    /// The general form, which all others come to: a request complete with its ids.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub async fn submit(&self, request: &Request) -> Result<Ack, Refusal> {
        self.submit_with(request, None).await
    }

    /// [`submit`](Self::submit), and `watch` names who is handed its operations as they end: those of
    /// a repeat too, where they are known.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub async fn submit_watched(
        &self,
        request: &Request,
        watch: &mut dyn Watch,
    ) -> Result<Ack, Refusal> {
        self.submit_with(request, Some(watch)).await
    }

    async fn submit_with(
        &self,
        request: &Request,
        watch: Option<&mut dyn Watch>,
    ) -> Result<Ack, Refusal> {
        let decided = match self.shared.admission.admit(request) {
            Ok(_entered) => self.shared.store.submit(request, watch).wait().await,
            Err(refusal) => Some(Decided::Refused(refusal)),
        };
        match decided {
            Some(Decided::Accepted(answer)) => {
                self.workers.pool.accepted();
                Ok(self.ack(answer, false))
            }
            Some(Decided::Repeated(answer)) => Ok(self.ack(answer, true)),
            Some(Decided::Refused(refusal)) => {
                self.note_refused(request, &refusal);
                Err(refusal)
            }
            None => Err(gone()),
        }
    }

    fn ack(&self, answer: Answer, repeated: bool) -> Ack {
        Ack::new(answer, repeated, Arc::downgrade(&self.shared))
    }

    fn note_refused(&self, request: &Request, refusal: &Refusal) {
        let hub = self.shared.store.hub();
        if hub.is_read() {
            hub.note(LogEntry::Refused(Refused {
                at: self.shared.clock.now(),
                request: request.id,
                client: request.client,
                project: request.project,
                action: request.action(),
                server: request.server(),
                kind: refusal.kind(),
            }));
        }
    }
}

/// The store went away before it answered: come back when it is there again.
pub(super) const fn gone() -> Refusal {
    Refusal::Draining { retry_after: Duration::from_secs(1) }
}
