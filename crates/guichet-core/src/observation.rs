//! What a driver sees happen to a machine that nobody asked for, and what becomes of its server.

use std::sync::Arc;

use smallvec::smallvec;

use crate::event::{Cause, Change};
use crate::ids::ServerId;
use crate::rows::{Effects, Rows};
use crate::server::{Failure, Fault, Server};
use crate::state::{PowerState, VmState};
use crate::time::Timestamp;

/// What was seen of a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observed {
    /// It shut itself down: its guest was powered off from inside.
    PoweredOff,
    /// It does not exist any more: it was removed, or its host is gone.
    Gone,
}

/// One observation of a driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation {
    /// The server whose machine it is.
    pub server: ServerId,
    /// The fence of the last call that the driver had for it when it looked. A later call makes
    /// the observation void: what it came to is newer.
    pub fence: u32,
    /// What was seen.
    pub what: Observed,
}

/// What an owner is shown of a machine that is gone.
const GONE: &str = "The machine does not exist any more.";

/// Decides what becomes of a server whose driver has seen something. Nothing, if something is
/// being done to the server: the outcome of that says more; nor if a later call was made since, or
/// if the server is in that state already.
pub fn observe(rows: &impl Rows, observation: &Observation, at: Timestamp) -> Effects {
    let Some(server) = rows.server(observation.server) else {
        return Effects::default();
    };
    if server.active.is_some() || server.fence != observation.fence {
        return Effects::default();
    }
    match observation.what {
        Observed::PoweredOff if server.vm_state == VmState::Active => {
            let mut next = changed(server, at);
            (next.vm_state, next.power_state) = (VmState::Stopped, PowerState::Shutdown);
            effects(server, next, Cause::PoweredOff, at)
        }
        Observed::Gone if server.power_state != PowerState::None => {
            let mut next = changed(server, at);
            (next.vm_state, next.power_state) = (VmState::Error, PowerState::None);
            let message = Arc::from(GONE);
            next.fault = Some(Arc::new(Fault { kind: Failure::Driver, message, created: at }));
            effects(server, next, Cause::Gone, at)
        }
        Observed::PoweredOff | Observed::Gone => Effects::default(),
    }
}

fn changed(server: &Server, at: Timestamp) -> Server {
    Server { updated: at, expires: None, ..server.clone() }
}

fn effects(before: &Server, next: Server, cause: Cause, at: Timestamp) -> Effects {
    let change = Change {
        sequence: 0,
        at,
        cause,
        request: None,
        client: None,
        project: next.project,
        server: next.id,
        from: before.state(),
        to: next.state(),
    };
    Effects {
        servers: smallvec![Arc::new(next)],
        change: Some(Box::new(change)),
        ..Effects::default()
    }
}
