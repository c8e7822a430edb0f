//! The numbers of projects, hosts, flavors, images, networks and users.
//!
//! Inside, a number is an index into the list declared at this start; in the file it is the number
//! of a name in a table that is only ever added to. So lists may be put in another order and made
//! longer between two starts, and rows need not be rewritten.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use guichet_core::project::Project;

use super::error::OpenError;
use super::kind::Kind;
use crate::records::NewName;

/// What is declared at this start. A list that is empty declares nothing: numbers of its kind are
/// left as they are.
#[derive(Debug, Clone, Default)]
pub struct Names<'a> {
    /// The projects, with quota and weight.
    pub projects: &'a [Project],
    /// The names of the hosts, in the order of their ids.
    pub hosts: Vec<Arc<str>>,
    /// The names of the flavors, in the order of their ids.
    pub flavors: Vec<Arc<str>>,
    /// The names of the images, in the order of their ids.
    pub images: Vec<Arc<str>>,
    /// The names of the networks, in the order of their ids.
    pub networks: Vec<Arc<str>>,
    /// The names of the users, in the order of their ids.
    pub users: Vec<Arc<str>>,
}

/// Numbers from here on have no name on the other side: a number that was not declared, in the
/// file; a user who is not declared any more, inside.
const UNNAMED: u32 = 1 << 31;

/// What a number of the file is inside that had no name when it was written: it was beyond all that
/// was declared.
pub(crate) fn unnamed(file: u32) -> Option<u32> {
    (file >= UNNAMED).then_some(file ^ UNNAMED)
}

/// What a number of the file is inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inside {
    /// The number that the name has at this start.
    Is(u32),
    /// Something that is not declared any more.
    Missing,
    /// Nothing: the file never had it.
    Unknown,
}

/// The numbers of one kind.
#[derive(Default)]
struct Map {
    /// Whether names were declared at this start.
    declared: bool,
    to_file: Vec<u32>,
    /// `None`: not declared any more.
    to_inside: Vec<Option<u32>>,
    /// The file's names, by number.
    names: Vec<Option<Box<str>>>,
    /// Names that the file does not have yet are those from here on, in the order of `names`.
    new_from: usize,
}

/// The numbers of all kinds, in the order of [`Kind::ALL`].
pub(crate) struct Maps(Vec<Map>);

impl fmt::Debug for Maps {
    /// How many there are: a hundred thousand names help nobody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |kind: &Kind| (kind.as_str(), self.map(*kind).names.len());
        f.debug_map().entries(Kind::ALL.iter().map(count)).finish()
    }
}

impl Maps {
    /// The maps between what is declared and what is `known` of each kind. Changes nothing.
    pub(crate) fn read(
        names: &Names<'_>,
        mut known: impl FnMut(Kind) -> Result<Vec<(u32, String)>, OpenError>,
    ) -> Result<Self, OpenError> {
        let projects: Vec<Arc<str>> =
            names.projects.iter().map(|project| Arc::clone(&project.name)).collect();
        let mut maps = Vec::with_capacity(Kind::ALL.len());
        for kind in Kind::ALL {
            let declared = match kind {
                Kind::Project => &projects,
                Kind::Host => &names.hosts,
                Kind::Flavor => &names.flavors,
                Kind::Image => &names.images,
                Kind::Network => &names.networks,
                Kind::User => &names.users,
            };
            maps.push(Map::of(kind, declared, known(kind)?)?);
        }
        Ok(Self(maps))
    }

    fn map(&self, kind: Kind) -> &Map {
        &self.0[kind as usize]
    }

    /// The file's number.
    #[inline]
    pub(crate) fn to_file(&self, kind: Kind, inside: u32) -> u32 {
        let map = self.map(kind);
        match map.to_file.get(inside as usize) {
            Some(file) => *file,
            None if map.declared => inside ^ UNNAMED,
            None => inside,
        }
    }

    /// What a number of the file is inside.
    #[inline]
    pub(crate) fn to_inside(&self, kind: Kind, file: u32) -> Inside {
        let map = self.map(kind);
        match map.to_inside.get(file as usize) {
            _ if !map.declared => Inside::Is(file),
            Some(Some(inside)) => Inside::Is(*inside),
            Some(None) => Inside::Missing,
            None if file >= UNNAMED => Inside::Is(file ^ UNNAMED),
            None => Inside::Unknown,
        }
    }

    /// A number as a finished operation has it: what is not declared any more has a number that
    /// nothing declared has.
    pub(crate) fn finished(&self, kind: Kind, file: u32) -> u32 {
        match self.to_inside(kind, file) {
            Inside::Is(inside) => inside,
            Inside::Missing | Inside::Unknown => file ^ UNNAMED,
        }
    }

    /// The file's name for a number.
    pub(crate) fn name(&self, kind: Kind, file: u32) -> Option<&str> {
        self.map(kind).names.get(file as usize)?.as_deref()
    }

    /// Whether a number of the file has a name; so it must if the file has names of that kind.
    pub(crate) fn has_name(&self, kind: Kind, file: u32) -> bool {
        let has_names = || self.map(kind).names.iter().any(Option::is_some);
        self.name(kind, file).is_some() || !has_names()
    }

    /// The next numbers of their kinds. What is known already gets none: a batch is written again if
    /// there was no space for it.
    pub(crate) fn add(&mut self, names: &[NewName]) {
        for name in names {
            let (kind, name) = kind_and_name(name);
            self.0[kind as usize].add(name);
        }
    }

    /// Names that were added with their numbers in the file: of projects, and of all else.
    pub(crate) fn places<'a>(
        &'a self,
        names: &'a [NewName],
    ) -> impl Iterator<Item = (Kind, u32, &'a NewName)> {
        names.iter().map(|added| {
            let (kind, name) = kind_and_name(added);
            (kind, self.map(kind).place(name), added)
        })
    }

    /// Names that the file does not have yet, with their numbers. Projects are not among them: see
    /// [`projects`](Self::projects).
    pub(crate) fn new_names(&self) -> impl Iterator<Item = (Kind, u32, &str)> {
        let others = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Project);
        others.flat_map(|kind| {
            let map = self.map(kind);
            let new = map.names.iter().enumerate().skip(map.new_from);
            new.filter_map(move |(number, name)| Some((kind, number as u32, name.as_deref()?)))
        })
    }

    /// Whether the database gets names that it does not have yet.
    #[cfg(feature = "postgres")]
    pub(crate) fn has_new_names(&self) -> bool {
        self.0.iter().any(|map| map.new_from < map.names.len())
    }

    /// What is declared of projects, with their numbers in the file.
    pub(crate) fn projects<'a>(
        &'a self,
        names: &Names<'a>,
    ) -> impl Iterator<Item = (u32, &'a Project)> {
        let projects = names.projects.iter().zip(0..);
        projects.map(|(project, number)| (self.to_file(Kind::Project, number), project))
    }
}

fn kind_and_name(name: &NewName) -> (Kind, &Arc<str>) {
    match name {
        NewName::Project(project) => (Kind::Project, &project.name),
        NewName::Flavor(name) => (Kind::Flavor, name),
        NewName::Image(name) => (Kind::Image, name),
        NewName::User(id) => (Kind::User, id),
    }
}

impl Map {
    /// The number of a name in the file: the one it has, or the next one.
    fn place(&self, name: &str) -> u32 {
        let known = self.names.iter().position(|known| known.as_deref() == Some(name));
        known.unwrap_or(self.names.len()) as u32
    }

    /// Has the next number inside stand for this name, if none does.
    fn add(&mut self, name: &str) {
        let file = self.place(name);
        let place = file as usize;
        if place == self.names.len() {
            self.names.push(Some(Box::from(name)));
        }
        self.to_inside.resize(self.names.len(), None);
        if self.declared && self.to_inside[place].is_none() {
            self.to_inside[place] = Some(self.to_file.len() as u32);
            self.to_file.push(file);
        }
    }

    fn of(kind: Kind, declared: &[Arc<str>], known: Vec<(u32, String)>) -> Result<Self, OpenError> {
        let mut map = Self { declared: !declared.is_empty(), ..Self::default() };
        for (number, name) in known {
            let index = number as usize;
            if map.names.len() <= index {
                map.names.resize(index + 1, None);
            }
            map.names[index] = Some(name.into_boxed_str());
        }
        map.new_from = map.names.len();
        let numbers: HashMap<Box<str>, u32> = map
            .names
            .iter()
            .zip(0_u32..)
            .filter_map(|(name, number)| Some((name.clone()?, number)))
            .collect();
        let mut seen = HashSet::with_capacity(declared.len());
        for name in declared {
            if !seen.insert(name) {
                return Err(OpenError::NameTwice { kind, name: name.to_string() });
            }
            let number = numbers.get(&**name).copied().unwrap_or_else(|| {
                map.names.push(Some(Box::from(&**name)));
                map.names.len() as u32 - 1
            });
            map.to_file.push(number);
        }
        map.to_inside.resize(map.names.len(), None);
        for (file, inside) in map.to_file.iter().zip(0_u32..) {
            map.to_inside[*file as usize] = Some(inside);
        }
        Ok(map)
    }
}

/// Most numbers of a kind: names that were declared and are not any more keep theirs, and a number
/// of a damaged file must not make a table of any size.
pub(crate) const NUMBERS_MAX: u32 = 16 * guichet_core::limits::HOSTS_MAX as u32;
