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
    /// [`limits::EXPIRY_RETRY`]. The end of a state that lasts, which no rule sets, is forgotten.
    pub fn expire(&mut self, at: Timestamp) -> Option<Effects> {
        let (server, then) = loop {
            let (due, id) = self.expiries.first()?;
            if due > at {
                return None;
            }
            let Some(server) = self.get(id).cloned() else {
                // Nobody's end would be due for ever, and whoever looks would never rest.
                self.expiries.put(id, Some(due), None);
                continue;
            };
            match EXPIRIES.iter().find(|expiry| expiry.state == server.vm_state) {
                Some(expiry) => break (server, expiry.then),
                // So would the end of a state that lasts.
                None => return Some(self.end_at(&server, None, at)),
            }
        };
        let request = Request {
            id: self.expiry_request(&server),
            client: server.created_by,
            project: server.project,
            privileged: true,
            key: None,
            body: RequestBody::act(then, server.id),
        };
        match self.submit(&request, at) {
            Decision::Accepted(effects) => Some(effects),
            Decision::Repeated(_) | Decision::Refused(_) => {
                Some(self.end_at(&server, Some(at.after(limits::EXPIRY_RETRY)), at))
            }
        }
    }

    /// Has a server's state end at another time, or not at all.
    fn end_at(&mut self, server: &Server, end: Option<Timestamp>, at: Timestamp) -> Effects {
        let mut effects = Effects::default();
        let row = Server { expires: end, ..server.clone() };
        effects.servers.push(std::sync::Arc::new(row));
        self.apply(&mut effects, at);
        effects
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
