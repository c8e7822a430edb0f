//! The orders that lists are read in: indexes of the servers that readers are shown.
//!
//! They hold what is shown and not what was decided, so with a journal they change when a row is
//! durable: a list never has to be put right by what is not, and what changes several times in
//! between costs its indexes once.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::Slot;
use super::charges::{self, Charges, Ran};
use super::name::Name;
use super::ordered::{Age, Instant, Ordered};
use super::plugs::Plugs;
use crate::ids::{GroupId, HostId, IdHash, ServerId};
use crate::server::Server;
use crate::state::Status;

/// What a list by age goes through.
pub(super) type ByAge = Ordered<Instant>;

/// What a list by name goes through.
pub(super) type ByName = Ordered<Name>;

/// All indexes of servers that are shown and exist; and what they and those that were deleted are charged for.
#[derive(Debug, Clone)]
pub(super) struct Lists {
    by_age: ByAge,
    /// In the order of their ids.
    projects: Vec<ProjectLists>,
    /// How many have each status, in the order of [`Status::ALL`].
    statuses: [usize; Status::ALL.len()],
    /// The members of server groups.
    groups: HashMap<GroupId, BTreeSet<Age>, IdHash>,
    /// How many are on each host, in the order of their ids; as long as it was ever needed.
    hosts: Vec<usize>,
    plugs: Plugs,
}

/// Those of one project's servers.
#[derive(Debug, Clone, Default)]
pub(super) struct ProjectLists {
    by_age: ByAge,
    pub(super) by_name: ByName,
    /// Of the statuses that were ever seen here. Most servers are ACTIVE, and need no index for
    /// that: whoever asks for them finds them in any.
    by_status: Vec<(Status, ByAge)>,
    /// How many ports they have.
    pub(super) ports: usize,
    pub(super) charges: Charges,
}

/// Whether servers of this status have an index for it.
pub(super) fn is_indexed(status: Status) -> bool {
    status != Status::Active
}

/// A server's age.
pub(super) fn age(server: &Server) -> Age {
    (server.created, server.id)
}

impl ProjectLists {
    /// The index that has the servers of a status, or of all, and of ACTIVE the others too. None if
    /// there are none of it.
    pub(super) fn of(&self, status: Option<Status>) -> Option<&ByAge> {
        match status.filter(|status| is_indexed(*status)) {
            None => Some(&self.by_age),
            Some(status) => {
                let mut known = self.by_status.iter();
                known.find(|(of, list)| *of == status && !list.is_empty()).map(|(_, list)| list)
            }
        }
    }

    fn put_status(&mut self, server: &Server, slot: Slot, age_of: impl Fn(Slot) -> Age) {
        let status = server.status();
        if !is_indexed(status) {
            return;
        }
        let place = self.by_status.iter().position(|(of, _)| *of == status);
        let place = place.unwrap_or_else(|| {
            self.by_status.push((status, ByAge::default()));
            self.by_status.len() - 1
        });
        self.by_status[place].1.insert(server.created.into(), slot, age(server), age_of);
    }

    fn remove_status(&mut self, server: &Server, slot: Slot, age_of: impl Fn(Slot) -> Age) {
        let status = server.status();
        if let Some((_, list)) = self.by_status.iter_mut().find(|(of, _)| *of == status) {
            list.remove(&server.created.into(), slot, age(server), age_of);
        }
    }
}

impl Lists {
    /// None yet, of so many projects.
    pub(super) fn new(projects: usize) -> Self {
        Self {
            by_age: ByAge::default(),
            projects: std::iter::repeat_with(ProjectLists::default).take(projects).collect(),
            statuses: [0; Status::ALL.len()],
            groups: HashMap::default(),
            hosts: Vec::new(),
            plugs: Plugs::default(),
        }
    }

    /// One project more.
    pub(super) fn add_project(&mut self) {
        self.projects.push(ProjectLists::default());
    }

    /// The servers of all projects.
    pub(super) const fn by_age(&self) -> &ByAge {
        &self.by_age
    }

    /// Those of every project, in the order of their ids.
    pub(super) fn projects(&self) -> &[ProjectLists] {
        &self.projects
    }

    /// How many servers are on a host.
    pub(super) fn on_host(&self, host: HostId) -> usize {
        self.hosts.get(host.index()).copied().unwrap_or(0)
    }

    /// Their ports.
    pub(super) const fn plugs(&self) -> &Plugs {
        &self.plugs
    }

    /// The servers that were made in a group, the oldest first.
    pub(super) fn members(&self, group: GroupId) -> impl Iterator<Item = ServerId> {
        self.groups.get(&group).into_iter().flatten().map(|(_, id)| *id)
    }

    /// The row of this place is shown as `now`, and was shown as `before` so far. `age_of` reads the
    /// age of a row, of this one too.
    pub(super) fn change(
        &mut self,
        slot: Slot,
        before: Option<&Server>,
        now: &Server,
        age_of: impl Fn(Slot) -> Age + Copy,
    ) {
        // Of most changes nothing of this is part.
        if before.is_none_or(|before| !charges::is_same(before, now)) {
            self.charge(before, Some(now));
        }
        let before = before.filter(|server| !server.is_deleted());
        match (before, !now.is_deleted()) {
            (None, true) => self.put(now, slot, age_of),
            (Some(before), false) => self.remove(before, slot, age_of),
            (Some(before), true) => self.replace(before, now, slot, age_of),
            (None, false) => {}
        }
    }

    /// The row of this place is forgotten, as it was shown.
    pub(super) fn forget(
        &mut self,
        server: &Server,
        slot: Slot,
        age_of: impl Fn(Slot) -> Age + Copy,
    ) {
        self.charge(Some(server), None);
        // Its end is written long before it is forgotten; were it ever not so, lists must not go on
        // naming its place.
        if !server.is_deleted() {
            self.remove(server, slot, age_of);
        }
    }

    fn charge(&mut self, before: Option<&Server>, now: Option<&Server>) {
        let (ran, runs) = (before.and_then(Ran::of), now.and_then(Ran::of));
        if ran != runs
            && let Some(server) = now.or(before)
            && let Some(lists) = self.projects.get_mut(server.project.index())
        {
            lists.charges.change(ran, runs);
        }
    }

    /// A server is on this host, or is no more.
    fn place(&mut self, host: Option<HostId>, is_there: bool) {
        let Some(host) = host else { return };
        if host.index() >= self.hosts.len() {
            self.hosts.resize(host.index() + 1, 0);
        }
        let count = &mut self.hosts[host.index()];
        *count = if is_there { *count + 1 } else { count.saturating_sub(1) };
    }

    fn put(&mut self, server: &Server, slot: Slot, age_of: impl Fn(Slot) -> Age + Copy) {
        let Some(lists) = self.projects.get_mut(server.project.index()) else {
            return;
        };
        let (created, age) = (Instant::from(server.created), age(server));
        if let Some(group) = server.group() {
            self.groups.entry(group).or_default().insert(age);
        }
        self.by_age.insert(created, slot, age, age_of);
        lists.by_age.insert(created, slot, age, age_of);
        lists.by_name.insert(Name::from(&server.name), slot, age, age_of);
        lists.put_status(server, slot, age_of);
        lists.ports += server.ports().len();
        self.plugs.put(server.ports(), slot, age, age_of);
        self.statuses[server.status() as usize] += 1;
        self.place(server.host, true);
    }

    fn remove(&mut self, server: &Server, slot: Slot, age_of: impl Fn(Slot) -> Age + Copy) {
        let Some(lists) = self.projects.get_mut(server.project.index()) else {
            return;
        };
        let (created, age) = (Instant::from(server.created), age(server));
        if let Some(group) = server.group()
            && let Some(members) = self.groups.get_mut(&group)
        {
            members.remove(&age);
            if members.is_empty() {
                self.groups.remove(&group);
            }
        }
        self.by_age.remove(&created, slot, age, age_of);
        lists.by_age.remove(&created, slot, age, age_of);
        lists.by_name.remove(&Name::from(&server.name), slot, age, age_of);
        lists.remove_status(server, slot, age_of);
        lists.ports -= server.ports().len();
        self.plugs.take(server.ports(), slot, age, age_of);
        self.statuses[server.status() as usize] -= 1;
        self.place(server.host, false);
    }

    fn replace(
        &mut self,
        before: &Server,
        now: &Server,
        slot: Slot,
        age_of: impl Fn(Slot) -> Age + Copy,
    ) {
        let renamed = before.name != now.name;
        let changed = before.status() != now.status();
        if before.host != now.host {
            self.place(before.host, false);
            self.place(now.host, true);
        }
        // Nor of what a server carries.
        let carries =
            before.details.as_ref().map(Arc::as_ptr) != now.details.as_ref().map(Arc::as_ptr);
        let plugged = carries && before.ports() != now.ports();
        if !renamed && !changed && !plugged {
            return;
        }
        let Some(lists) = self.projects.get_mut(now.project.index()) else {
            return;
        };
        if renamed {
            lists.by_name.remove(&Name::from(&before.name), slot, age(before), age_of);
            lists.by_name.insert(Name::from(&now.name), slot, age(now), age_of);
        }
        if plugged {
            lists.ports = lists.ports + now.ports().len() - before.ports().len();
            self.plugs.take(before.ports(), slot, age(before), age_of);
            self.plugs.put(now.ports(), slot, age(now), age_of);
        }
        if changed {
            lists.remove_status(before, slot, age_of);
            lists.put_status(now, slot, age_of);
            self.statuses[before.status() as usize] -= 1;
            self.statuses[now.status() as usize] += 1;
        }
    }

    /// How many servers have each status.
    pub(super) fn statuses(&self) -> impl Iterator<Item = (Status, usize)> {
        Status::ALL.iter().copied().zip(self.statuses)
    }

    /// Entries of each kind of index, over all projects: (by age, by age inside projects, by name,
    /// by status), and what the counts of statuses come to: (all, those that have an index). Then those
    /// that are on hosts, ports, and how many were launched and how many of them ended.
    pub(super) fn sizes(&self) -> [usize; 10] {
        let sum = |size: fn(&ProjectLists) -> usize| self.projects.iter().map(size).sum();
        [
            self.by_age.len(),
            sum(|lists| lists.by_age.len()),
            sum(|lists| lists.by_name.len()),
            sum(|lists| lists.by_status.iter().map(|(_, list)| list.len()).sum()),
            self.statuses.iter().sum(),
            self.statuses().filter(|(status, _)| is_indexed(*status)).map(|(_, count)| count).sum(),
            self.hosts.iter().sum(),
            // Were the count of a project's and the index not the same, this would be neither.
            if sum(|lists| lists.ports) == self.plugs.len() {
                self.plugs.len()
            } else {
                usize::MAX
            },
            sum(|lists| lists.charges.sizes()[0]),
            sum(|lists| lists.charges.sizes()[1]),
        ]
    }
}
