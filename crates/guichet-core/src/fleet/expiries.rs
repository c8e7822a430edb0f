//! What time does to servers: states that do not last for ever end by an action that nobody asked
//! for (see [`EXPIRIES`]).

use std::collections::BTreeSet;
use std::time::Duration;

use super::Fleet;
use crate::action::EXPIRIES;
use crate::chance::Purpose;
use crate::ids::{RequestId, ServerId};
use crate::limits;
use crate::request::{Request, RequestBody};
use crate::rows::{Decision, Effects};
use crate::server::Server;
use crate::state::VmState;
use crate::time::Timestamp;

/// How long states last that time ends; none of them ends if nothing is said. Idle workers watch
/// the time, so the model `threads`, which has none, ends a state when it next takes a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StateTimes {
    /// How long a resized server waits to be confirmed before it is confirmed without being asked
    /// (Nova's `resize_confirm_window`).
    pub resized: Option<Duration>,
}

impl StateTimes {
    /// How long this state lasts, if not for ever.
    pub const fn of(&self, vm_state: VmState) -> Option<Duration> {
        match vm_state {
            VmState::Resized => self.resized,
            _ => None,
        }
    }
}

/// Servers whose state ends, by when.
#[derive(Debug, Clone, Default)]
pub(crate) struct Expiries {
    by_time: BTreeSet<(Timestamp, ServerId)>,
}

impl Expiries {
    /// A server's state ends at `now` instead of `before`.
    pub(super) fn put(
        &mut self,
        server: ServerId,
        before: Option<Timestamp>,
        now: Option<Timestamp>,
    ) {
        if before == now {
            return;
        }
        if let Some(before) = before {
            self.by_time.remove(&(before, server));
        }
        if let Some(now) = now {
            self.by_time.insert((now, server));
        }
    }

    /// Whether this end is known.
    pub(crate) fn holds(&self, at: Timestamp, server: ServerId) -> bool {
        self.by_time.contains(&(at, server))
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.by_time.len()
    }
}

impl Fleet {
    /// Ends one state whose time is over at `at`, as one step: its action is asked for as if by
    /// the server's owner, and no lock holds it up. Nothing if no state is due. If the action is
    /// refused, by a full queue for example, it is tried again after
    /// [`limits::EXPIRY_RETRY`].
    pub fn expire(&mut self, at: Timestamp) -> Option<Effects> {
        let (due, id) = self.expiries.by_time.first().copied()?;
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
        self.expiries.by_time.first().map(|(at, _)| *at)
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
