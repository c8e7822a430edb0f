//! Host aggregates as administrators write them. One with a zone puts its hosts into that; a host
//! is in one zone at most, and in the declared one if in no other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use guichet_core::limits;
use guichet_core::refusal::Refusal;
use guichet_core::time::Clock;
use guichet_engine::ServerManager;

use crate::accounts::Caller;
pub use crate::aggregate::{Aggregate, ZONE};
use crate::catalogue::Catalogue;
use crate::documents::{Change, next, of_shown, shown};
use crate::records::Records;

/// Why an aggregate is not written. Nothing was changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AggregateError {
    /// Only administrators write aggregates.
    #[error("only administrators write aggregates")]
    Forbidden,
    /// There is no such aggregate.
    #[error("there is no such aggregate")]
    NotFound,
    /// There is no such host.
    #[error("there is no such host")]
    UnknownHost,
    /// One of that name is there.
    #[error("there is an aggregate of that name")]
    NameTaken,
    /// It has that host already.
    #[error("the aggregate has that host already")]
    HostTaken,
    /// It has no such host.
    #[error("the aggregate has no such host")]
    NoHost,
    /// A host of it is in another zone already.
    #[error("a host of it is in another zone")]
    OtherZone,
    /// It has hosts.
    #[error("the aggregate is not empty")]
    NotEmpty,
    /// There are as many as there may be.
    #[error("there are {} aggregates already", limits::AGGREGATES_MAX)]
    Full,
    /// It cannot be recorded at present.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// What becomes of an aggregate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AggregateEdit {
    /// Another name, another zone, or both.
    Update {
        /// The name.
        name: Option<Arc<str>>,
        /// The zone, or that it has none.
        zone: Option<Option<String>>,
    },
    /// One more host.
    AddHost(Arc<str>),
    /// One host less.
    RemoveHost(Arc<str>),
    /// These metadata are set; `None` takes one away.
    SetMetadata(BTreeMap<String, Option<String>>),
}

/// What writes aggregates.
#[derive(Debug)]
pub struct Aggregates<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) manager: &'a ServerManager,
    pub(crate) records: &'a Records,
}

type Rows = BTreeMap<u32, Arc<Aggregate>>;

impl Aggregates<'_> {
    /// All, each with its number from 1.
    pub fn all(&self) -> Vec<(u32, Arc<Aggregate>)> {
        let all = self.catalogue.aggregates.all().into_iter();
        all.map(|(number, aggregate)| (shown(number), aggregate)).collect()
    }

    /// The one of this number.
    pub fn find(&self, number: u32) -> Option<Arc<Aggregate>> {
        self.catalogue.aggregates.get(of_shown(number))
    }

    /// Makes one: gives its number.
    ///
    /// # Errors
    /// [`AggregateError`].
    pub async fn create(
        &self,
        caller: &Caller,
        name: Arc<str>,
        zone: Option<String>,
    ) -> Result<u32, AggregateError> {
        self.check(caller)?;
        let aggregate = Aggregate {
            name,
            hosts: BTreeSet::new(),
            metadata: zone.map(|zone| (ZONE.to_owned(), zone)).into_iter().collect(),
            created_us: self.manager.clock().now().micros(),
            updated_us: None,
        };
        let made = self.catalogue.aggregates.change(self.records, |rows| {
            if rows.len() >= limits::AGGREGATES_MAX {
                return Err(AggregateError::Full);
            }
            check_name(rows, None, &aggregate.name)?;
            let number = next(rows);
            Ok((vec![Change::Put(number, aggregate)], number))
        });
        Ok(shown(made.await?))
    }

    /// Changes one.
    ///
    /// # Errors
    /// [`AggregateError`].
    pub async fn edit(
        &self,
        caller: &Caller,
        number: u32,
        edit: AggregateEdit,
    ) -> Result<(), AggregateError> {
        self.check(caller)?;
        if let AggregateEdit::AddHost(name) | AggregateEdit::RemoveHost(name) = &edit {
            self.catalogue.find_host(name).ok_or(AggregateError::UnknownHost)?;
        }
        let now_us = self.manager.clock().now().micros();
        let number = of_shown(number);
        let changed = self.catalogue.aggregates.change(self.records, |rows| {
            let known = rows.get(&number).ok_or(AggregateError::NotFound)?;
            let mut aggregate = edited(rows, (number, known), edit)?;
            aggregate.updated_us = Some(now_us);
            Ok((vec![Change::Put(number, aggregate)], ()))
        });
        changed.await
    }

    /// Deletes one without hosts.
    ///
    /// # Errors
    /// [`AggregateError`].
    pub async fn delete(&self, caller: &Caller, number: u32) -> Result<(), AggregateError> {
        self.check(caller)?;
        let number = of_shown(number);
        let deleted = self.catalogue.aggregates.change(self.records, |rows| {
            let known = rows.get(&number).ok_or(AggregateError::NotFound)?;
            if !known.hosts.is_empty() {
                return Err(AggregateError::NotEmpty);
            }
            Ok((vec![Change::Remove(number)], ()))
        });
        deleted.await
    }

    fn check(&self, caller: &Caller) -> Result<(), AggregateError> {
        if caller.is_admin() { Ok(()) } else { Err(AggregateError::Forbidden) }
    }
}

fn check_name(rows: &Rows, own: Option<u32>, name: &str) -> Result<(), AggregateError> {
    let mut others = rows.iter().filter(|(number, _)| Some(**number) != own);
    let is_taken = others.any(|(_, known)| *known.name == *name);
    if is_taken { Err(AggregateError::NameTaken) } else { Ok(()) }
}

fn edited(
    rows: &Rows,
    (number, known): (u32, &Aggregate),
    edit: AggregateEdit,
) -> Result<Aggregate, AggregateError> {
    let mut aggregate = known.clone();
    match edit {
        AggregateEdit::Update { name, zone } => {
            if let Some(name) = name {
                check_name(rows, Some(number), &name)?;
                aggregate.name = name;
            }
            if let Some(zone) = zone {
                set(&mut aggregate.metadata, ZONE.to_owned(), zone);
            }
        }
        AggregateEdit::AddHost(host) => {
            if !aggregate.hosts.insert(host) {
                return Err(AggregateError::HostTaken);
            }
        }
        AggregateEdit::RemoveHost(host) => {
            if !aggregate.hosts.remove(&host) {
                return Err(AggregateError::NoHost);
            }
        }
        AggregateEdit::SetMetadata(metadata) => {
            for (name, value) in metadata {
                set(&mut aggregate.metadata, name, value);
            }
        }
    }
    let clashes = |other: &Aggregate| {
        let zones = (aggregate.zone(), other.zone());
        let differ = matches!(zones, (Some(one), Some(two)) if one != two);
        differ && aggregate.hosts.iter().any(|host| other.hosts.contains(host))
    };
    let mut others = rows.iter().filter(|(other, _)| **other != number);
    if others.any(|(_, other)| clashes(other)) {
        return Err(AggregateError::OtherZone);
    }
    Ok(aggregate)
}

fn set(metadata: &mut BTreeMap<String, String>, name: String, value: Option<String>) {
    match value {
        Some(value) => drop(metadata.insert(name, value)),
        None => drop(metadata.remove(&name)),
    }
}
