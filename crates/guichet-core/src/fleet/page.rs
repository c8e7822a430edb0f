//! Pages of lists: what is shown of which servers, in which order, read from the indexes.

use std::sync::Arc;

use itertools::Itertools;

use super::lists::{ByAge, ProjectLists, age, is_indexed};
use super::name::Name;
use super::ordered::{Age, Entry, Position};
use super::{Fleet, Slot};
use crate::ids::ProjectId;
use crate::limits;
use crate::server::Server;
use crate::state::Status;
use crate::time::Timestamp;

/// In which order a list shows servers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ListOrder {
    /// Project by project, the newest first inside each.
    #[default]
    Projects,
    /// By age, of all projects together.
    Age {
        /// The oldest first, or the newest.
        ascending: bool,
    },
    /// By name, and by age where names are the same; only some names.
    Name {
        /// Which names.
        names: Names,
        /// From the first name on and the oldest first, or the other way round.
        ascending: bool,
    },
}

/// Which names a list by name shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Names {
    /// All.
    All,
    /// Those that begin with this.
    Prefix(Arc<str>),
    /// This one.
    Exact(Arc<str>),
}

/// A list of servers that exist.
#[derive(Debug, Clone, Copy)]
pub struct List<'a> {
    /// Only servers of this project.
    pub project: Option<ProjectId>,
    /// Only servers with this status.
    pub status: Option<Status>,
    /// In this order.
    pub order: &'a ListOrder,
    /// Behind this server, as it was seen: it need not exist any more.
    pub after: Option<&'a Server>,
}

/// How far a list is read at once.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    /// Most servers that are found.
    pub found: usize,
    /// Most rows that are looked at for it.
    pub looked_at: usize,
}

/// How far a list was read.
#[derive(Debug, Clone, Default)]
pub struct Reached {
    /// The server that was looked at last: none if the list was at its end.
    pub last: Option<Arc<Server>>,
    /// Rows that were looked at.
    pub looked_at: usize,
}

/// Servers by when something happened to them, the last first: that they changed, or were deleted.
#[derive(Debug, Clone, Default)]
pub struct ChangePage {
    /// The servers of this page, as they are; one that changed twice is there twice.
    pub servers: Vec<Arc<Server>>,
    /// The number of the change before which the next page starts, if there may be one.
    pub next: Option<u64>,
    /// No server that is on a page behind this one, and on none before it, changed after this.
    pub until: Option<Timestamp>,
}

impl Names {
    fn has(&self, name: &Name) -> bool {
        match self {
            Self::All => true,
            Self::Prefix(prefix) => name.bytes().starts_with(prefix.as_bytes()),
            Self::Exact(exact) => *name.bytes() == *exact.as_bytes(),
        }
    }

    /// Whether a name comes before all of these.
    fn are_behind(&self, name: &Name) -> bool {
        match self {
            Self::All => false,
            Self::Prefix(first) | Self::Exact(first) => *name.bytes() < *first.as_bytes(),
        }
    }
}

impl Fleet {
    /// Finds servers of a list from its beginning, or from behind its marker on. Copies pointers
    /// only. A page of k servers costs O(k log n) where an index has the status and the names that
    /// are asked for; else as many rows are looked at as the bound allows.
    pub fn page(&self, list: &List<'_>, bound: Bound, into: &mut Vec<Arc<Server>>) -> Reached {
        match list.order {
            ListOrder::Projects => self.by_projects(list, bound, into),
            ListOrder::Age { ascending } => self.by_age(list, *ascending, bound, into),
            ListOrder::Name { names, ascending } => {
                self.by_name(list, names, *ascending, bound, into)
            }
        }
    }

    /// Up to `count` servers that exist and changed from `since` on, before the change of number
    /// `before`. None if it is not remembered any more what did: then all have to be looked at.
    pub fn changed(
        &self,
        since: Timestamp,
        before: Option<u64>,
        count: usize,
    ) -> Option<ChangePage> {
        if !self.recent.has_all_since(since) {
            return None;
        }
        Some(self.latest(since, before, count))
    }

    /// The same as far back as changes are remembered, whether they are all that there were or not.
    pub fn latest(&self, since: Timestamp, before: Option<u64>, count: usize) -> ChangePage {
        let (changes, next) = self.recent.since(since, before, count);
        let mut page = ChangePage { next, ..ChangePage::default() };
        for (moment, slot) in changes {
            page.until = Some(moment);
            page.servers.extend(self.shown_at(slot).cloned());
        }
        page
    }

    fn by_projects(&self, list: &List<'_>, bound: Bound, into: &mut Vec<Arc<Server>>) -> Reached {
        let mut ids = match list.project {
            Some(project) => project.index()..project.index().saturating_add(1),
            None => 0..self.lists.projects().len(),
        };
        if let Some(after) = list.after {
            ids.end = ids.end.min(after.project.index().saturating_add(1));
        }
        let of_project = |id: usize| {
            let index = self.lists.projects().get(id)?.of(list.status)?;
            let after = list.after.filter(|after| after.project.index() == id);
            Some(index.down(self.start(index, after, false)))
        };
        self.read(list, ids.rev().filter_map(of_project).flatten(), bound, into)
    }

    fn by_age(
        &self,
        list: &List<'_>,
        ascending: bool,
        bound: Bound,
        into: &mut Vec<Arc<Server>>,
    ) -> Reached {
        let indexes = self.indexes_by_age(list.project, list.status).into_iter();
        let start = |index| self.start(index, list.after, ascending);
        if ascending {
            let merged = indexes.map(|index| index.up(start(index)));
            let merged = merged.kmerge_by(|one, other| self.is_before(one, other));
            self.read(list, merged, bound, into)
        } else {
            let merged = indexes.map(|index| index.down(start(index)));
            let merged = merged.kmerge_by(|one, other| self.is_before(other, one));
            self.read(list, merged, bound, into)
        }
    }

    /// The indexes that together have the servers of a project, or of all, with a status at least.
    fn indexes_by_age(&self, project: Option<ProjectId>, status: Option<Status>) -> Vec<&ByAge> {
        let projects = self.lists_of(project).iter();
        match (project, status.filter(|status| is_indexed(*status))) {
            (None, None) => vec![self.lists.by_age()],
            (Some(_), _) => projects.filter_map(|lists| lists.of(status)).collect(),
            (None, Some(_)) => {
                let all: Vec<_> = projects.filter_map(|lists| lists.of(status)).collect();
                if all.len() > limits::LISTS_MERGED_MAX { vec![self.lists.by_age()] } else { all }
            }
        }
    }

    /// The indexes of a project, or of all.
    fn lists_of(&self, project: Option<ProjectId>) -> &[ProjectLists] {
        let all = self.lists.projects();
        match project {
            Some(project) => all.get(project.index()).map_or(&[], std::slice::from_ref),
            None => all,
        }
    }

    fn by_name(
        &self,
        list: &List<'_>,
        names: &Names,
        ascending: bool,
        bound: Bound,
        into: &mut Vec<Arc<Server>>,
    ) -> Reached {
        let projects = self.lists_of(list.project).iter();
        let indexes = projects.map(|lists| &lists.by_name).filter(|index| !index.is_empty());
        let age_of = self.age_of();
        let is_in = |entry: &&Entry<Name>| names.has(&entry.0);
        if ascending {
            let merged = indexes.map(|index| {
                let first = index.partition(|name, _| names.are_behind(name));
                let seek = |after: &Server| {
                    index.seek_behind(&Name::from(&after.name), age(after), age_of)
                };
                let behind = list.after.map(seek);
                index.up(behind.map_or(first, |behind| behind.max(first))).take_while(is_in)
            });
            let merged = merged.kmerge_by(|one, other| self.is_before(one, other));
            self.read(list, merged, bound, into)
        } else {
            let merged = indexes.map(|index| {
                let end = index.partition(|name, _| names.are_behind(name) || names.has(name));
                let seek =
                    |after: &Server| index.seek(&Name::from(&after.name), age(after), age_of);
                let before = list.after.map(seek);
                index.down(before.map_or(end, |before| before.min(end))).take_while(is_in)
            });
            let merged = merged.kmerge_by(|one, other| self.is_before(other, one));
            self.read(list, merged, bound, into)
        }
    }

    /// Where a list by age begins in an index: behind a server, or at the end it begins at.
    fn start(&self, index: &ByAge, after: Option<&Server>, ascending: bool) -> Position {
        match (after, ascending) {
            (Some(after), true) => {
                index.seek_behind(&after.created.into(), age(after), self.age_of())
            }
            (Some(after), false) => index.seek(&after.created.into(), age(after), self.age_of()),
            (None, _) => index.partition(|_, _| !ascending),
        }
    }

    /// Shows rows in this order until the bound is reached.
    fn read<'a, K: 'a>(
        &self,
        list: &List<'_>,
        entries: impl Iterator<Item = &'a Entry<K>>,
        bound: Bound,
        into: &mut Vec<Arc<Server>>,
    ) -> Reached {
        let mut found = 0;
        let mut reached = Reached::default();
        if bound.found == 0 || bound.looked_at == 0 {
            return reached;
        }
        // By one call of the iterator, which is made of several: each would be entered for each row.
        let last = entries.filter_map(|(_, slot)| self.shown_at(*slot)).find(|server| {
            reached.looked_at += 1;
            if list.status.is_none_or(|status| server.status() == status) {
                into.push(Arc::clone(server));
                found += 1;
            }
            found == bound.found || reached.looked_at == bound.looked_at
        });
        reached.last = last.map(Arc::clone);
        reached
    }

    /// Whether an entry comes before another one of another index.
    fn is_before<K: Ord>(&self, one: &Entry<K>, other: &Entry<K>) -> bool {
        let age_of = self.age_of();
        one.0.cmp(&other.0).then_with(|| age_of(one.1).cmp(&age_of(other.1))).is_lt()
    }

    /// Reads the age of a row.
    fn age_of(&self) -> impl Fn(Slot) -> Age + Copy + '_ {
        super::age_of(&self.rows)
    }
}
