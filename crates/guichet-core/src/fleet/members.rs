//! Who is in which server group, and where.

use std::collections::{BTreeMap, HashMap};

use crate::group::{MemberHosts, hosts_of};
use crate::ids::{GroupId, IdHash, ServerId};
use crate::server::Server;
use crate::time::Timestamp;

/// The servers that exist in each group, the oldest first, with the hosts they hold places on.
#[derive(Debug, Clone, Default)]
pub(super) struct Members(HashMap<GroupId, BTreeMap<(Timestamp, ServerId), MemberHosts>, IdHash>);

impl Members {
    /// A server is as it is here from now on. It never changes its group.
    pub(super) fn put(&mut self, server: &Server) {
        let Some(group) = server.group() else {
            return;
        };
        let place = (server.created, server.id);
        if !server.is_deleted() {
            self.0.entry(group).or_default().insert(place, hosts_of(server));
        } else if let Some(members) = self.0.get_mut(&group) {
            members.remove(&place);
            if members.is_empty() {
                self.0.remove(&group);
            }
        }
    }

    pub(super) fn of(&self, group: GroupId) -> impl Iterator<Item = (ServerId, &MemberHosts)> {
        let members = self.0.get(&group).into_iter().flatten();
        members.map(|((_, id), hosts)| (*id, hosts))
    }

    /// How many there are, in all groups.
    pub(super) fn len(&self) -> usize {
        self.0.values().map(BTreeMap::len).sum()
    }
}
