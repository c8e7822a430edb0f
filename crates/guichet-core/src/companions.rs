//! Where the others of a server's group are, and what that says of its own place. Looked at for one
//! request, whose servers count in turn. A group has few members, so this costs next to nothing.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::group::Policy;
use crate::ids::{GroupId, HostId, ProjectId, ServerId};
use crate::limits;
use crate::project::FreeCapacity;
use crate::refusal::Refusal;
use crate::rows::Rows;
use crate::server::{Server, Size};

/// The companions of a server that is to have a place. Of one in no group nothing is asked.
#[derive(Debug, Default)]
pub(crate) struct Companions {
    policy: Option<Policy>,
    /// How many there are, also of those that have no host.
    members: usize,
    /// How many hold a place on each host.
    counts: BTreeMap<HostId, u32>,
}

impl Companions {
    /// Those of new servers of a project in this group.
    ///
    /// # Errors
    /// The project has no such group.
    pub(crate) fn of_new(
        rows: &impl Rows,
        project: ProjectId,
        group: Option<GroupId>,
    ) -> Result<Self, Refusal> {
        let Some(id) = group else {
            return Ok(Self::default());
        };
        let group = rows.group(id).filter(|group| group.project == project);
        let policy = group.ok_or(Refusal::NoSuchGroup { group: id })?.policy;
        Ok(Self::in_group(rows, id, policy, None))
    }

    /// Those of a server that is to have another place. Of a group that was deleted nothing is
    /// left to heed.
    pub(crate) fn of(rows: &impl Rows, server: &Server) -> Self {
        let group = server.group().and_then(|id| rows.group(id));
        group.map_or_else(Self::default, |group| {
            Self::in_group(rows, group.id, group.policy, Some(server.id))
        })
    }

    fn in_group(rows: &impl Rows, group: GroupId, policy: Policy, but: Option<ServerId>) -> Self {
        let mut companions = Self { policy: Some(policy), ..Self::default() };
        for (_, hosts) in rows.members(group).filter(|(id, _)| Some(*id) != but) {
            companions.members += 1;
            hosts.iter().for_each(|host| companions.count(*host));
        }
        companions
    }

    fn count(&mut self, host: HostId) {
        *self.counts.entry(host).or_default() += 1;
    }

    /// Whether the group may have so many more members, where it may have this many or, if nothing
    /// is said, as many as any.
    ///
    /// # Errors
    /// It would have more than it may have.
    pub(crate) fn check_members(&self, more: usize, most: Option<u16>) -> Result<(), Refusal> {
        let own = limits::SERVER_GROUP_MEMBERS_MAX;
        let most = most.map_or(own, |most| usize::from(most).min(own));
        if self.policy.is_some() && self.members + more > most {
            return Err(Refusal::GroupFull { most });
        }
        Ok(())
    }

    /// One more has its place here.
    pub(crate) fn add(&mut self, host: Option<HostId>) {
        self.members += 1;
        if let Some(host) = host {
            self.count(host);
        }
    }

    /// The host to take: of `fitting`, which have room and come in the order in which they are to
    /// be tried, the one that the policy wants; `look` says whether a certain host has room.
    /// `size` is what every one of them has room for.
    pub(crate) fn choose(
        &self,
        mut fitting: impl Iterator<Item = FreeCapacity>,
        look: impl Fn(HostId) -> Option<FreeCapacity>,
        size: Size,
    ) -> Option<FreeCapacity> {
        let look = |host: HostId| look(host).filter(|host| host.fits(size));
        let count = |host: &FreeCapacity| self.counts.get(&host.id).copied().unwrap_or(0);
        match self.policy {
            Some(Policy::Affinity) if !self.counts.is_empty() => {
                // One that is being resized may hold two places: then there is no one host.
                let mut hosts = self.counts.keys();
                let (first, second) = (hosts.next(), hosts.next());
                first.filter(|_| second.is_none()).and_then(|host| look(*host))
            }
            Some(Policy::AntiAffinity { max_per_host }) => {
                fitting.find(|host| count(host) < max_per_host)
            }
            Some(Policy::SoftAffinity) => {
                let mut hosts: Vec<_> = self.counts.iter().collect();
                hosts.sort_by_key(|(host, count)| (Reverse(**count), **host));
                let near = hosts.into_iter().find_map(|(host, _)| look(*host));
                near.or_else(|| fitting.next())
            }
            Some(Policy::SoftAntiAffinity) => {
                let mut best: Option<FreeCapacity> = None;
                for host in fitting {
                    if best.is_none_or(|best| count(&host) < count(&best)) {
                        best = Some(host);
                    }
                    if count(&host) == 0 {
                        break;
                    }
                }
                best
            }
            None | Some(Policy::Affinity) => fitting.next(),
        }
    }
}
