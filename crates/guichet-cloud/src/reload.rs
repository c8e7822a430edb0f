//! What of another declaration a cloud takes over while it runs.
//!
//! | taken over | needs a new start |
//! | --- | --- |
//! | `[limits]`, `profile` | `region`, `zone`, `driver`, `workers`, `queue`, `servers_max`, `[times]`, `[hosts]`, `[[network]]`, `[[cells]]` but for projects that are new |
//! | `[quota]`; the quota and the description of a `[[project]]`; one that is new | its weight; its removal |
//! | the password, `roles` and `default_project` of a `[[user]]`; one that is new and has a password | its removal; a password that is to be drawn |
//! | a `[[flavor]]` or `[[image]]` that is new | a change of it; its removal |
//!
//! All of it or nothing: what cannot be taken over is found before anything is. Entries go by their
//! names, so a file may have them in another order; another name is another entry.
//!
//! ```text
//! Reload::of ─▶ the names of what is new are durable ─▶ it is there ─▶ what ended with it is removed
//! ```
//!
//! A role that is less than it was ends its user's tokens for that project. A rule of a simulated
//! driver's profile that names a project which is new strikes once the driver starts anew: a profile's
//! names are looked up among the projects of the start.

mod error;
mod merged;

use std::sync::Arc;

use guichet_core::ids::ProjectId;
use guichet_core::project;
use guichet_core::setting::Setting;
use guichet_driver::profile::Profile;
use guichet_store::journal::NewName;

pub use error::ReloadError;

use crate::accounts::{NewAccounts, Project, User};
use crate::builder::project_rate;
use crate::cloud::Cloud;
use crate::config::{Declared, DeclaredUser};

/// Another declaration, compared with the present one: it can be taken over.
#[derive(Debug)]
pub struct Reload {
    new: Declared,
    profile: Profile,
    /// What is other, by the names it has in a configuration.
    changed: Vec<&'static str>,
    /// Positions of projects whose quotas or descriptions are others.
    projects: Vec<usize>,
    /// Positions of users whose passwords are others.
    passwords: Vec<usize>,
    /// How many there were.
    before: Counts,
}

/// How many there are of each list that may grow.
#[derive(Debug, Clone, Copy)]
struct Counts {
    projects: usize,
    users: usize,
    flavors: usize,
    images: usize,
}

impl Counts {
    const fn of(declared: &Declared) -> Self {
        Self {
            projects: declared.projects.len(),
            users: declared.users.len(),
            flavors: declared.flavors.len(),
            images: declared.images.len(),
        }
    }
}

impl Reload {
    /// Compares what is declared. The present is what the cloud was opened with, or what the reload
    /// before [declares](Self::declared). The profiles are those that the names stand for: of a file
    /// of the same name the text may be another.
    ///
    /// # Errors
    /// [`ReloadError`].
    pub fn of(
        (present, behaves): (&Declared, &Profile),
        (new, profile): (&Declared, &Profile),
    ) -> Result<Self, ReloadError> {
        let new = merged::merged(present, new)?;
        let changed = [
            ("[limits]", present.rates != new.rates),
            ("profile", behaves != profile),
            ("[quota]", present.default_quota != new.default_quota),
            ("[[project]]", present.projects != new.projects),
            ("[[user]]", present.users != new.users),
            ("[[flavor]]", present.flavors != new.flavors),
            ("[[image]]", present.images != new.images),
        ];
        let changed = changed.into_iter().filter_map(|(name, is_other)| is_other.then_some(name));
        let projects = present.projects.iter().zip(&new.projects).enumerate();
        let projects = projects.filter(|(_, (before, now))| before != now);
        let users = present.users.iter().zip(&new.users).enumerate();
        let passwords = users.filter(|(_, (before, now))| before.password != now.password);
        Ok(Self {
            changed: changed.collect(),
            projects: projects.map(|(place, _)| place).collect(),
            passwords: passwords.map(|(place, _)| place).collect(),
            before: Counts::of(present),
            profile: profile.clone(),
            new,
        })
    }

    /// Refuses what moves projects or hosts from one cell of a cloud to another, of whole declarations.
    ///
    /// # Errors
    /// [`ReloadError::NeedsRestart`].
    pub fn check_cells(present: &Declared, new: &Declared) -> Result<(), ReloadError> {
        if present.has_cells_of(new) {
            return Ok(());
        }
        Err(ReloadError::NeedsRestart(vec!["[[cells]]".to_owned()]))
    }

    /// What is declared from now on: in the order of the cloud, which is not the file's where that
    /// has something new before what there was.
    pub const fn declared(&self) -> &Declared {
        &self.new
    }

    /// How machines behave from now on.
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    fn has(&self, name: &str) -> bool {
        self.changed.contains(&name)
    }

    fn project(&self, place: usize) -> project::Project {
        let Project { name, quota, weight, .. } = &self.new.projects[place];
        let (name, id) = (Arc::clone(name), ProjectId(place as u32));
        project::Project { id, name, quota: *quota, weight: *weight }
    }

    /// The projects that are new, as the manager has them.
    fn new_projects(&self) -> impl Iterator<Item = project::Project> {
        (self.before.projects..self.new.projects.len()).map(|place| self.project(place))
    }

    fn new_users(&self) -> &[DeclaredUser] {
        &self.new.users[self.before.users..]
    }

    /// What rows may name from now on; of a project whose quota is another, that.
    fn names(&self) -> Vec<NewName> {
        let quotas = self.projects.iter().map(|place| self.project(*place));
        let flavors = self.new.flavors[self.before.flavors..].iter();
        let images = self.new.images[self.before.images..].iter();
        let users = self.new_users().iter().map(|user| NewName::User(Arc::clone(&user.id)));
        let names = quotas.chain(self.new_projects()).map(NewName::Project);
        let names = names.chain(flavors.map(|flavor| NewName::Flavor(Arc::clone(&flavor.name))));
        let names = names.chain(images.map(|image| NewName::Image(Arc::clone(&image.name))));
        names.chain(users).collect()
    }

    fn accounts(&self) -> Result<NewAccounts, ReloadError> {
        let user = |user: &DeclaredUser| User {
            id: Arc::clone(&user.id),
            name: Arc::clone(&user.name),
            default_project: user.default_project,
            grants: user.grants.clone(),
        };
        let of_new = self.before.users..self.new.users.len();
        let places = self.passwords.iter().copied().chain(of_new);
        let passwords =
            places.filter_map(|place| Some((place, self.new.users[place].password.clone()?)));
        let users = self.new.users.iter().map(user).collect();
        Ok(NewAccounts::new(users, self.new.projects.clone(), passwords.collect())?)
    }
}

impl Cloud {
    /// Takes over what is new; what that is, by the names it has in a configuration. Requests that are
    /// under way go on by what they began with. To be awaited to its end: the names that it has made
    /// durable have the next numbers, and it is it that uses them.
    ///
    /// # Errors
    /// [`ReloadError`]: nothing was changed.
    pub async fn reload(&self, reload: &Reload) -> Result<Vec<&'static str>, ReloadError> {
        let accounts = reload.accounts()?;
        let names = reload.names();
        if !names.is_empty() {
            self.manager.put_names(names).await?;
        }
        self.take_over(reload, accounts);
        self.accounts.remove_ended(&reload.passwords).await;
        Ok(reload.changed.clone())
    }

    /// Whoever finds something that is new finds all that it needs: accounts come last.
    fn take_over(&self, reload: &Reload, accounts: NewAccounts) {
        if reload.has("[limits]") {
            let rates = reload.new.rates;
            self.rate.replace(project_rate(rates.compute_per_s, self.manager.clock()));
            self.accounts.set_rate(rates.identity_per_min);
        }
        if reload.has("profile") {
            self.manager.behave(&reload.profile);
        }
        for project in reload.new_projects() {
            self.manager.set(Setting::Project(project));
        }
        let projects = &reload.new.projects[reload.before.projects..];
        if let Some(faults) = &self.faults {
            faults.add_projects(projects.iter().map(|it| Arc::clone(&it.name)).collect());
        }
        self.catalogue.add(
            &reload.new.flavors[reload.before.flavors..],
            &reload.new.images[reload.before.images..],
            projects.iter().map(|it| Arc::clone(&it.id)).collect(),
        );
        let users = reload.new_users().iter();
        self.key_pairs.add_users(users.map(|user| Arc::clone(&user.id)).collect());
        self.accounts.take_over(accounts);
        self.quotas().set_all();
    }
}
