//! The reads of a request, one cell each.

use guichet_core::ids::ServerId;
use guichet_core::request::{Request, reads};

/// Reads one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Read {
    /// What the project takes.
    Usage,
    /// A server's row, found by its id (one step, as a look-up in a dictionary is).
    Server(ServerId),
    /// How long the list of servers is.
    Length,
    /// The free capacity of the host of the server that was looked up.
    HostOfServer,
    /// The free capacity of one host, from 0.
    Host(usize),
    /// How many wait in the queue.
    Queue,
}

/// The reads of a request, one cell each, in the order that production's `reads` names.
pub(crate) fn plan(request: &Request, hosts: usize) -> Vec<Read> {
    let named = reads(request);
    let mut plan = vec![Read::Usage];
    plan.extend(named.servers.iter().map(|id| Read::Server(*id)));
    if named.host_of_server {
        plan.push(Read::HostOfServer);
    }
    if named.hosts.is_some() {
        plan.push(Read::Length);
        plan.extend((0..hosts).map(Read::Host));
    }
    if named.queue {
        plan.push(Read::Queue);
    }
    plan
}
