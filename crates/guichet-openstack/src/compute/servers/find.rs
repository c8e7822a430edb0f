//! Which server is meant.

use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_core::ids::ServerId;
use guichet_core::server::Server;

use crate::http::gate::Caller;
use crate::http::problem::Problem;

/// The server of that id, if the caller may see it. Clients try names as ids first, so a text
/// that is no id is a server that is not there, no mistake.
pub(in crate::compute) fn find(
    cloud: &Cloud,
    caller: &Caller,
    id: &str,
) -> Result<Arc<Server>, Problem> {
    let not_there = || Problem::no_instance(id);
    let id = parse(id).ok_or_else(not_there)?;
    cloud.servers().find(&caller.who, id).ok_or_else(not_there)
}

/// An id as it is written in links: with its dashes.
pub(super) fn parse(id: &str) -> Option<ServerId> {
    (id.len() == 36).then(|| id.parse().ok().map(ServerId)).flatten()
}
