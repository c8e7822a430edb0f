//! Quotas as administrators write them: of a project, or of all that have nothing of their own.
//! What a project holds already stays, also beyond a quota that was lowered.

use std::collections::BTreeMap;
use std::sync::Arc;

use guichet_core::ids::ProjectId;
use guichet_core::limits;
use guichet_core::project::Quota;
use guichet_core::refusal::Refusal;
use guichet_core::setting::Setting;
use guichet_engine::ServerManager;

use crate::accounts::{Accounts, Caller};
use crate::catalogue::Catalogue;
use crate::documents::{Change, next};
use crate::quota::WrittenQuota;
pub use crate::quota::{Limit, OtherLimits, QuotaLimits};
use crate::records::Records;

/// Why a quota is not written. Nothing was changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum QuotaError {
    /// Only administrators write quotas.
    #[error("only administrators write quotas")]
    Forbidden,
    /// There is no such project.
    #[error("there is no such project")]
    NoProject,
    /// The project holds more already.
    #[error("{used} {resource} are in use, more than {limit}")]
    InUse {
        /// Which resource.
        resource: &'static str,
        /// How much of it is in use.
        used: u64,
        /// What was to be allowed.
        limit: u64,
    },
    /// It cannot be recorded at present.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// What writes quotas.
#[derive(Debug)]
pub struct Quotas<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) accounts: &'a Accounts,
    pub(crate) manager: &'a ServerManager,
    pub(crate) records: &'a Records,
}

impl Quotas<'_> {
    /// What a project may hold if nobody gives it anything of its own.
    pub fn default_of(&self, project: ProjectId) -> Option<Quota> {
        let declared = self.accounts.directory().owner(project)?.quota;
        Some(self.written("").apply(declared))
    }

    /// What is allowed of each resource to projects that have nothing of their own, declared or
    /// written; of the resources that nothing is written of, what the first project has.
    pub fn class(&self) -> Quota {
        let directory = self.accounts.directory();
        let first = directory.projects().first();
        let declared = first.map(|project| project.quota).unwrap_or_default();
        self.written("").apply(declared)
    }

    fn written(&self, project: &str) -> QuotaLimits {
        let found = self.catalogue.quotas.find(|_, known| *known.project == *project);
        found.map(|(_, known)| known.limits.clone()).unwrap_or_default()
    }

    /// What is written of resources beside servers, processors and memory: of a project, over what
    /// is of all that have nothing of their own.
    pub fn others_of(&self, project: &str) -> OtherLimits {
        self.written(project).over(self.written("")).others
    }

    /// How many server groups a project may have.
    pub fn most_groups(&self, project: ProjectId) -> usize {
        self.catalogue.most(project, "server_groups", limits::SERVER_GROUPS_MAX)
    }

    /// How many key pairs each user of a project may have.
    pub fn most_key_pairs(&self, project: ProjectId) -> usize {
        self.catalogue.most(project, "key_pairs", limits::KEY_PAIRS_MAX)
    }

    /// Gives a project these limits. Without force a limit below what is in use is refused.
    ///
    /// # Errors
    /// [`QuotaError`].
    pub async fn set(
        &self,
        caller: &Caller,
        project: ProjectId,
        limits: QuotaLimits,
        is_forced: bool,
    ) -> Result<(), QuotaError> {
        let known = self.project(caller, project)?;
        let (usage, _) = self.manager.usage(project).ok_or(QuotaError::NoProject)?;
        let in_use = [
            ("instances", limits.instances, usage.instances),
            ("cores", limits.cores, usage.cores),
            ("ram", limits.ram_mib, usage.ram_mib),
        ];
        for (resource, limit, used) in in_use.into_iter().filter(|_| !is_forced) {
            if let Some(Limit::Most(limit)) = limit
                && limit < used
            {
                return Err(QuotaError::InUse { resource, used, limit });
            }
        }
        self.put(&known, limits).await?;
        self.set_all();
        Ok(())
    }

    /// Gives all projects that have nothing of their own these limits.
    ///
    /// # Errors
    /// [`QuotaError`].
    pub async fn set_class(&self, caller: &Caller, limits: QuotaLimits) -> Result<(), QuotaError> {
        if !caller.is_admin() {
            return Err(QuotaError::Forbidden);
        }
        self.put("", limits).await?;
        self.set_all();
        Ok(())
    }

    /// Takes away what a project has of its own.
    ///
    /// # Errors
    /// [`QuotaError`].
    pub async fn reset(&self, caller: &Caller, project: ProjectId) -> Result<(), QuotaError> {
        let known = self.project(caller, project)?;
        let removed = self.catalogue.quotas.change(self.records, |rows| {
            let found = number(rows, &known).map(Change::Remove);
            Ok::<_, QuotaError>((found.into_iter().collect(), ()))
        });
        removed.await?;
        self.set_all();
        Ok(())
    }

    fn project(&self, caller: &Caller, project: ProjectId) -> Result<Arc<str>, QuotaError> {
        if !caller.is_admin() {
            return Err(QuotaError::Forbidden);
        }
        let directory = self.accounts.directory();
        let known = directory.owner(project).ok_or(QuotaError::NoProject)?;
        Ok(Arc::clone(&known.id))
    }

    async fn put(&self, project: &str, limits: QuotaLimits) -> Result<(), QuotaError> {
        let written = self.catalogue.quotas.change(self.records, |rows| {
            let known = number(rows, project);
            let below = known.and_then(|number| Some(rows.get(&number)?.limits.clone()));
            let limits = limits.over(below.unwrap_or_default());
            let quota = WrittenQuota { project: Arc::from(project), limits };
            let number = known.unwrap_or_else(|| next(rows));
            Ok((vec![Change::Put(number, quota)], ()))
        });
        written.await
    }

    /// Has the manager go by what is written.
    pub(crate) fn set_all(&self) {
        let class = self.written("");
        for (place, known) in self.accounts.directory().projects().iter().enumerate() {
            let limits = self.written(&known.id).over(class.clone());
            let quota = limits.apply(known.quota);
            let project = ProjectId(place as u32);
            if self.manager.usage(project).is_some_and(|(_, present)| present != quota) {
                self.manager.set(Setting::Quota { project, quota });
            }
        }
    }
}

fn number(rows: &BTreeMap<u32, Arc<WrittenQuota>>, project: &str) -> Option<u32> {
    rows.iter().find(|(_, known)| *known.project == *project).map(|(number, _)| *number)
}
