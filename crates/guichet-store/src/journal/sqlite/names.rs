//! The numbers of projects, hosts, flavors, images, networks and users.
//!
//! Inside, a number is an index into the list declared at this start; in the file it is the number
//! of a name in a table that is only ever added to. So lists may be put in another order and made
//! longer between two starts, and rows need not be rewritten.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use guichet_core::project::Project;
use rusqlite::{Connection, Statement, params};

use super::error::OpenError;
use super::kind::Kind;
use super::values;
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
pub(super) fn unnamed(file: u32) -> Option<u32> {
    (file >= UNNAMED).then_some(file ^ UNNAMED)
}

/// What a number of the file is inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
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

/// The numbers of all kinds.
pub(super) struct Maps([Map; Kind::ALL.len()]);

impl fmt::Debug for Maps {
    /// How many there are: a hundred thousand names help nobody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |kind: &Kind| (kind.as_str(), self.map(*kind).names.len());
        f.debug_map().entries(Kind::ALL.iter().map(count)).finish()
    }
}

impl Maps {
    /// The maps between what is declared and what the file knows. Changes nothing.
    pub(super) fn read(
        connection: &Connection,
        names: &Names<'_>,
        corrupt: &impl Fn(&rusqlite::Error) -> OpenError,
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
            let known = known(connection, kind).map_err(|error| corrupt(&error))?;
            maps.push(Map::of(kind, declared, known)?);
        }
        let wrong_count = |_| corrupt(&rusqlite::Error::QueryReturnedNoRows);
        Ok(Self(<[Map; Kind::ALL.len()]>::try_from(maps).map_err(wrong_count)?))
    }

    fn map(&self, kind: Kind) -> &Map {
        &self.0[kind as usize]
    }

    /// The file's number.
    #[inline]
    pub(super) fn to_file(&self, kind: Kind, inside: u32) -> u32 {
        let map = self.map(kind);
        match map.to_file.get(inside as usize) {
            Some(file) => *file,
            None if map.declared => inside ^ UNNAMED,
            None => inside,
        }
    }

    /// What a number of the file is inside.
    #[inline]
    pub(super) fn to_inside(&self, kind: Kind, file: u32) -> Inside {
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
    pub(super) fn finished(&self, kind: Kind, file: u32) -> u32 {
        match self.to_inside(kind, file) {
            Inside::Is(inside) => inside,
            Inside::Missing | Inside::Unknown => file ^ UNNAMED,
        }
    }

    /// The file's name for a number.
    pub(super) fn name(&self, kind: Kind, file: u32) -> Option<&str> {
        self.map(kind).names.get(file as usize)?.as_deref()
    }

    /// Whether a number of the file has a name; so it must if the file has names of that kind.
    pub(super) fn has_name(&self, kind: Kind, file: u32) -> bool {
        let has_names = || self.map(kind).names.iter().any(Option::is_some);
        self.name(kind, file).is_some() || !has_names()
    }

    /// The next numbers of their kinds. What is known already gets none: a batch is written again if
    /// there was no space for it.
    pub(super) fn add(&mut self, names: &[NewName]) {
        for name in names {
            let (kind, name) = kind_and_name(name);
            self.0[kind as usize].add(name);
        }
    }

    /// Writes down names that were added. Part of a transaction.
    pub(super) fn write_added(
        &self,
        connection: &Connection,
        names: &[NewName],
    ) -> rusqlite::Result<()> {
        for added in names {
            let (kind, name) = kind_and_name(added);
            let place = self.map(kind).place(name);
            match added {
                NewName::Project(project) => {
                    let mut upsert = connection.prepare_cached(PUT_PROJECT)?;
                    put_project(&mut upsert, place, project)?;
                }
                _ => {
                    let mut insert = connection.prepare_cached(PUT_NAME)?;
                    insert.execute(params![kind.as_str(), place, name])?;
                }
            }
        }
        Ok(())
    }

    /// Writes down new names, and quotas as they are declared. Part of a transaction.
    pub(super) fn write(&self, connection: &Connection, names: &Names<'_>) -> rusqlite::Result<()> {
        let mut insert = connection.prepare(PUT_NAME)?;
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Project) {
            let map = self.map(kind);
            for (number, name) in map.names.iter().enumerate().skip(map.new_from) {
                insert.execute(params![kind.as_str(), number as u32, name.as_deref()])?;
            }
        }
        let mut upsert = connection.prepare(PUT_PROJECT)?;
        for (number, project) in names.projects.iter().enumerate() {
            put_project(&mut upsert, self.to_file(Kind::Project, number as u32), project)?;
        }
        Ok(())
    }
}

/// A name of the file; one that has its place already keeps it.
const PUT_NAME: &str = "INSERT OR IGNORE INTO name (kind, place, name) VALUES (?1, ?2, ?3)";

/// A project of the file, with its quota as it is declared now.
const PUT_PROJECT: &str =
    "INSERT INTO project (id, name, instances_max, cores_max, ram_mib_max, weight)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6)
     ON CONFLICT (id) DO UPDATE SET instances_max = excluded.instances_max,
     cores_max = excluded.cores_max, ram_mib_max = excluded.ram_mib_max,
     weight = excluded.weight";

fn put_project(
    upsert: &mut Statement<'_>,
    number: u32,
    project: &Project,
) -> rusqlite::Result<usize> {
    let most = |limit: Option<u64>| limit.map(values::integer);
    upsert.execute(params![
        number,
        &*project.name,
        most(project.quota.instances),
        most(project.quota.cores),
        most(project.quota.ram_mib),
        project.weight,
    ])
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
const NUMBERS_MAX: u32 = 16 * guichet_core::limits::HOSTS_MAX as u32;

/// The names of a kind that the file has.
fn known(connection: &Connection, kind: Kind) -> rusqlite::Result<Vec<(u32, String)>> {
    let sql = match kind {
        Kind::Project => "SELECT id, name FROM project WHERE ?1 = 'project' ORDER BY id",
        _ => "SELECT place, name FROM name WHERE kind = ?1 ORDER BY place",
    };
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([kind.as_str()], |row| {
        let number = row.get::<_, u32>(0)?;
        if number >= NUMBERS_MAX {
            return Err(rusqlite::Error::IntegralValueOutOfRange(0, i64::from(number)));
        }
        Ok((number, row.get(1)?))
    })?;
    rows.collect()
}
