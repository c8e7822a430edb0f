//! Flavors as administrators write them: made, described, given extra specs and access, deleted.
//! Of those that are declared the extra specs can be written; all else is changed in the
//! configuration alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use guichet_core::limits;
use guichet_core::refusal::Refusal;
use guichet_core::server::Size;

use crate::accounts::Caller;
use crate::catalogue::{Catalogue, Flavor, Viewer};
use crate::declared_specs::DeclaredSpecs;
use crate::documents::{Change, next};
use crate::records::Records;

/// Why a flavor is not written. Nothing was changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FlavorError {
    /// Only administrators write flavors.
    #[error("only administrators write flavors")]
    Forbidden,
    /// There is none of that id.
    #[error("there is no such flavor")]
    NotFound,
    /// It is declared in the configuration.
    #[error("the flavor is declared: change the configuration")]
    Declared,
    /// One of that name is there.
    #[error("there is a flavor of that name")]
    NameTaken,
    /// One of that id is there.
    #[error("there is a flavor of that id")]
    IdTaken,
    /// There are as many as there may be.
    #[error("there are {} flavors written already", limits::FLAVORS_WRITTEN_MAX)]
    Full,
    /// It has as many extra specs as it may have.
    #[error("a flavor has {} extra specs at most", limits::EXTRA_SPECS_MAX)]
    TooManySpecs,
    /// It has no extra spec of that name.
    #[error("the flavor has no such extra spec")]
    NoSpec,
    /// Everybody has access to it.
    #[error("the flavor is public")]
    Public,
    /// That project has access to it already.
    #[error("the project has access already")]
    AccessTaken,
    /// That project has no access to it.
    #[error("the project has no access")]
    NoAccess,
    /// There is no project of that id.
    #[error("there is no such project")]
    NoProject,
    /// It cannot be recorded at present.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// A flavor as it is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct NewFlavor {
    /// Its id.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// What a server of it takes.
    pub size: Size,
    /// The root disk, GiB.
    pub disk_gib: u32,
    /// A second disk, GiB.
    pub ephemeral_gib: u32,
    /// Swap space, MiB.
    pub swap_mib: u32,
    /// Nova's factor of network traffic.
    pub rxtx_factor: f64,
    /// Whether every project sees it.
    pub is_public: bool,
    /// Free text.
    pub description: Option<String>,
}

/// What changes of a flavor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlavorEdit {
    /// Its description.
    Describe(Option<String>),
    /// These extra specs are added, or replaced.
    AddSpecs(BTreeMap<String, String>),
    /// One extra spec goes.
    DropSpec(String),
    /// A project gets access.
    GiveAccess(Arc<str>),
    /// A project loses access.
    TakeAccess(Arc<str>),
    /// It is deleted: servers that were made of it go on showing it.
    Delete,
}

/// What writes flavors.
#[derive(Debug)]
pub struct Flavors<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) records: &'a Records,
}

impl Flavors<'_> {
    /// Makes a flavor.
    ///
    /// # Errors
    /// [`FlavorError`].
    pub async fn create(
        &self,
        caller: &Caller,
        new: NewFlavor,
    ) -> Result<Arc<Flavor>, FlavorError> {
        if !caller.is_admin() {
            return Err(FlavorError::Forbidden);
        }
        let (id, name) = (Arc::clone(&new.id), Arc::clone(&new.name));
        let is_declared = self.catalogue.find_flavor(&id, Viewer::Admin).is_some();
        let names_declared = self.catalogue.declares_flavor_name(&name);
        let flavor = flavor(new);
        let written = &self.catalogue.written_flavors;
        let number = written.change(self.records, |rows| {
            let there = || rows.values().filter(|known| !known.is_deleted);
            if names_declared || there().any(|known| known.name == name) {
                return Err(FlavorError::NameTaken);
            }
            if is_declared || there().any(|known| known.id == id) {
                return Err(FlavorError::IdTaken);
            }
            if rows.len() >= limits::FLAVORS_WRITTEN_MAX {
                return Err(FlavorError::Full);
            }
            let number = next(rows);
            Ok((vec![Change::Put(number, flavor)], number))
        });
        let number = number.await?;
        written.get(number).ok_or(FlavorError::NotFound)
    }

    /// Changes a flavor: gives it as it is afterwards.
    ///
    /// # Errors
    /// [`FlavorError`].
    pub async fn edit(
        &self,
        caller: &Caller,
        id: &str,
        edit: FlavorEdit,
    ) -> Result<Arc<Flavor>, FlavorError> {
        if !caller.is_admin() {
            return Err(FlavorError::Forbidden);
        }
        if let FlavorEdit::GiveAccess(project) | FlavorEdit::TakeAccess(project) = &edit
            && !self.catalogue.has_project(project)
        {
            return Err(FlavorError::NoProject);
        }
        if let Some(declared) = self.catalogue.declared_flavor(id) {
            self.edit_specs(&declared, edit).await?;
            let found = self.catalogue.find_flavor(id, Viewer::Admin);
            return found.map(|(_, flavor)| flavor).ok_or(FlavorError::NotFound);
        }
        let written = &self.catalogue.written_flavors;
        let number = written.change(self.records, |rows| {
            let found = rows.iter().find(|(_, known)| !known.is_deleted && *known.id == *id);
            let (number, known) = found.ok_or(FlavorError::NotFound)?;
            let changed = edited(Flavor::clone(known), edit)?;
            Ok::<_, FlavorError>((vec![Change::Put(*number, changed)], *number))
        });
        let number = number.await?;
        written.get(number).ok_or(FlavorError::NotFound)
    }

    /// Changes the extra specs of a declared flavor: nothing else of it is changed here.
    async fn edit_specs(&self, declared: &Flavor, edit: FlavorEdit) -> Result<(), FlavorError> {
        if !matches!(edit, FlavorEdit::AddSpecs(_) | FlavorEdit::DropSpec(_)) {
            return Err(FlavorError::Declared);
        }
        let changed = self.catalogue.declared_specs.change(self.records, |rows| {
            let known = rows.iter().find(|(_, known)| known.flavor == declared.id);
            let mut flavor = declared.clone();
            if let Some((_, known)) = known {
                flavor.extra_specs = known.over(&declared.extra_specs);
            }
            let specs = edited(flavor, edit)?.extra_specs;
            let specs = DeclaredSpecs::between(&declared.id, &declared.extra_specs, specs);
            let change = match known {
                Some((number, _)) if specs.is_nothing() => Change::Remove(*number),
                Some((number, _)) => Change::Put(*number, specs),
                // Of flavors that are not declared any more some may be left.
                None if rows.len() >= limits::FLAVORS_WRITTEN_MAX => return Err(FlavorError::Full),
                None => Change::Put(next(rows), specs),
            };
            Ok((vec![change], ()))
        });
        changed.await
    }
}

fn flavor(new: NewFlavor) -> Flavor {
    Flavor {
        id: new.id,
        name: new.name,
        size: new.size,
        disk_gib: new.disk_gib,
        ephemeral_gib: new.ephemeral_gib,
        swap_mib: new.swap_mib,
        rxtx_factor: new.rxtx_factor,
        extra_specs: BTreeMap::new(),
        is_public: new.is_public,
        access: BTreeSet::new(),
        description: new.description,
        is_deleted: false,
    }
}

fn edited(mut flavor: Flavor, edit: FlavorEdit) -> Result<Flavor, FlavorError> {
    match edit {
        FlavorEdit::Describe(text) => flavor.description = text,
        FlavorEdit::AddSpecs(specs) => {
            flavor.extra_specs.extend(specs);
            if flavor.extra_specs.len() > limits::EXTRA_SPECS_MAX {
                return Err(FlavorError::TooManySpecs);
            }
        }
        FlavorEdit::DropSpec(name) => {
            flavor.extra_specs.remove(&name).ok_or(FlavorError::NoSpec)?;
        }
        FlavorEdit::GiveAccess(_) | FlavorEdit::TakeAccess(_) if flavor.is_public => {
            return Err(FlavorError::Public);
        }
        FlavorEdit::GiveAccess(project) => {
            if !flavor.access.insert(project) {
                return Err(FlavorError::AccessTaken);
            }
        }
        FlavorEdit::TakeAccess(project) => {
            if !flavor.access.remove(&project) {
                return Err(FlavorError::NoAccess);
            }
        }
        FlavorEdit::Delete => flavor.is_deleted = true,
    }
    Ok(flavor)
}
