//! Pages of lists: what is shown of which servers, in which order, read from the indexes.

use std::sync::Arc;

use itertools::Itertools;

use super::lists::{ByAge, age, is_indexed};
use super::ordered::{Age, Entry, Ordered, Position};
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

/// Servers that changed lately.
#[derive(Debug, Clone, Default)]
pub struct Changed {
    /// The servers as they are, the last changed first; one that changed twice is there twice.
    pub servers: Vec<Arc<Server>>,
    /// The number of the change before which the next page starts, if there are more.
    pub next: Option<u64>,
}

/// The entries of one index that a list goes through: from the one end to the other.
struct Span<'a, K> {
    index: &'a Ordered<K>,
    from: Position,
}

impl Names {
    fn has(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Prefix(prefix) => name.starts_with(&**prefix),
            Self::Exact(exact) => *name == **exact,
        }
    }

    /// Whether a name comes before all of these.
    fn are_behind(&self, name: &str) -> bool {
        match self {
            Self::All => false,
            Self::Prefix(first) | Self::Exact(first) => *name < **first,
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
    pub fn changed(&self, since: Timestamp, before: Option<u64>, count: usize) -> Option<Changed> {
        if !self.recent.has_all_since(since) {
            return None;
        }
        let (slots, next) = self.recent.since(since, before, count);
        let servers = slots.filter_map(|slot| self.shown_at(slot).cloned()).collect();
        Some(Changed { servers, next })
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
            let lists = self.lists.projects().get(id)?;
            let index = match list.status.filter(|status| is_indexed(*status)) {
                Some(status) => lists.by_status(status)?,
                None => &lists.by_age,
            };
            let after = list.after.filter(|after| after.project.index() == id);
            Some(self.span_by_age(index, after, false))
        };
        let slots = ids.rev().filter_map(of_project).flat_map(|span| span.index.down(span.from));
        self.read(list, slots, bound, into)
    }

    fn by_age(
        &self,
        list: &List<'_>,
        ascending: bool,
        bound: Bound,
        into: &mut Vec<Arc<Server>>,
    ) -> Reached {
        let indexes = self.indexes_by_age(list.project, list.status);
        let spans = indexes.into_iter().map(|index| self.span_by_age(index, list.after, ascending));
        if ascending {
            let merged = spans.map(|span| span.index.up(span.from));
            let merged = merged.kmerge_by(|one, other| self.is_before(one, other));
            self.read(list, merged, bound, into)
        } else {
            let merged = spans.map(|span| span.index.down(span.from));
            let merged = merged.kmerge_by(|one, other| self.is_before(other, one));
            self.read(list, merged, bound, into)
        }
    }

    /// The indexes that together have the servers of a project, or of all, with a status at least.
    fn indexes_by_age(&self, project: Option<ProjectId>, status: Option<Status>) -> Vec<&ByAge> {
        let status = status.filter(|status| is_indexed(*status));
        match (project, status) {
            (None, None) => vec![self.lists.by_age()],
            (Some(project), None) => {
                self.lists.project(project).map(|lists| &lists.by_age).into_iter().collect()
            }
            (Some(project), Some(status)) => self
                .lists
                .project(project)
                .and_then(|lists| lists.by_status(status))
                .into_iter()
                .collect(),
            (None, Some(status)) => {
                let projects = self.lists.projects().iter();
                let all: Vec<_> = projects.filter_map(|lists| lists.by_status(status)).collect();
                if all.len() > limits::LISTS_MERGED_MAX { vec![self.lists.by_age()] } else { all }
            }
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
        let projects = match list.project {
            Some(project) => {
                self.lists.project(project).map(std::slice::from_ref).unwrap_or_default()
            }
            None => self.lists.projects(),
        };
        let indexes = projects.iter().map(|lists| &lists.by_name).filter(|index| !index.is_empty());
        let age_of = self.age_of();
        let is_in = |entry: &&Entry<Arc<str>>| names.has(&entry.0);
        if ascending {
            let merged = indexes.map(|index| {
                let first = index.partition(|name, _| names.are_behind(name));
                let behind =
                    list.after.map(|after| index.seek_behind(&after.name, age(after), age_of));
                index.up(behind.map_or(first, |behind| behind.max(first))).take_while(is_in)
            });
            let merged = merged.kmerge_by(|one, other| self.is_before(one, other));
            self.read(list, merged, bound, into)
        } else {
            let merged = indexes.map(|index| {
                let end = index.partition(|name, _| names.are_behind(name) || names.has(name));
                let before = list.after.map(|after| index.seek(&after.name, age(after), age_of));
                index.down(before.map_or(end, |before| before.min(end))).take_while(is_in)
            });
            let merged = merged.kmerge_by(|one, other| self.is_before(other, one));
            self.read(list, merged, bound, into)
        }
    }

    fn span_by_age<'a>(
        &self,
        index: &'a ByAge,
        after: Option<&Server>,
        ascending: bool,
    ) -> Span<'a, Timestamp> {
        let from = match (after, ascending) {
            (Some(after), true) => index.seek_behind(&after.created, age(after), self.age_of()),
            (Some(after), false) => index.seek(&after.created, age(after), self.age_of()),
            (None, true) => index.partition(|_, _| false),
            (None, false) => index.partition(|_, _| true),
        };
        Span { index, from }
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
        for server in entries.filter_map(|(_, slot)| self.shown_at(*slot)) {
            reached.looked_at += 1;
            if list.status.is_none_or(|status| server.status() == status) {
                into.push(Arc::clone(server));
                found += 1;
            }
            if found == bound.found || reached.looked_at == bound.looked_at {
                reached.last = Some(Arc::clone(server));
                return reached;
            }
        }
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
