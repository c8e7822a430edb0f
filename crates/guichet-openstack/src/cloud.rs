//! All that handlers work with.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use guichet_engine::ServerManager;

use crate::config::Declared;
use crate::identity::Identity;

/// A cloud: the manager, and what was declared around it.
#[derive(Debug)]
pub struct Cloud {
    /// Takes the requests.
    pub manager: ServerManager,
    /// Flavors, images, networks, hosts, quotas as declared, in the order of their ids in the
    /// manager.
    pub declared: Declared,
    /// Users, projects, tokens.
    pub identity: Identity,
    /// What links begin with, if not what each request called this service.
    pub public_url: Option<Arc<str>>,
    /// What administrators' passwords of servers are derived from.
    pub secret: [u8; 32],
    /// Ports given out so far: addresses are taken in turn. Relaxed: only uniqueness matters.
    pub ports: AtomicU64,
}
