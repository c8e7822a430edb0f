//! What time does to servers: states that do not last for ever end by an action that nobody asked
//! for (see [`EXPIRIES`]).

use super::Fleet;
use super::expiries::Expiries;
use crate::action::EXPIRIES;
use crate::chance::Purpose;
use crate::ids::RequestId;
use crate::limits;
use crate::request::{Request, RequestBody};
use crate::rows::{Decision, Effects};
use crate::server::Server;
use crate::time::Timestamp;

impl Fleet {
    /// Ends one state whose time is over at `at`, as one step: its action is asked for as if by
    /// the server's owner, and no lock holds it up. Nothing if no state is due. If the action is
    /// refused, by a full queue for example, it is tried again after
    /// [`limits::EXPIRY_RETRY`].
    pub fn expire(&mut self, at: Timestamp) -> Option<Effects> {
        let (due, id) = self.expiries.first()?;
        if due > at {
            return None;
        }
        let server = self.get(id)?.clone();
        let expiry = EXPIRIES.iter().find(|expiry| expiry.state == server.vm_state)?;
        let request = Request {
            id: self.expiry_request(&server),
            client: server.created_by,
            project: server.project,
            privileged: true,
            key: None,
            body: RequestBody::act(expiry.then, id),
        };
        match self.submit(&request, at) {
            Decision::Accepted(effects) => Some(effects),
            Decision::Repeated(_) | Decision::Refused(_) => {
                let mut later = Server::clone(&server);
                later.expires = Some(at.after(limits::EXPIRY_RETRY));
                let mut effects = Effects::default();
                effects.servers.push(std::sync::Arc::new(later));
                self.apply(&mut effects, at);
                Some(effects)
            }
        }
    }

    /// When a state ends next.
    pub fn next_expiry(&self) -> Option<Timestamp> {
        self.expiries.first().map(|(at, _)| at)
    }

    pub(crate) const fn expiries(&self) -> &Expiries {
        &self.expiries
    }

    /// The id of the request that ends a server's state: a draw by server and operation, so that
    /// a run repeats.
    fn expiry_request(&self, server: &Server) -> RequestId {
        let (high, low) = server.id.0.as_u64_pair();
        let n = u64::from(server.operations);
        RequestId::from_bits(self.chance.wide(Purpose::Expiry, high ^ low, n, 0))
    }
}
