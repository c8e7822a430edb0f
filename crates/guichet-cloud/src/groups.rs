//! Server groups: servers of a project that are to be near to each other, or apart. What that says
//! of places is decided with each server, by the rules.

use std::sync::Arc;

use guichet_core::group::{GroupRequest, Policy, ServerGroup};
use guichet_core::ids::{GroupId, ProjectId, ServerId, UserId};
use guichet_core::limits;
use guichet_core::refusal::Refusal;
use guichet_core::time::Clock;
use guichet_engine::ServerManager;

use crate::accounts::Caller;

/// Why a request about server groups is not carried out. Nothing was changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GroupError {
    /// The caller's role allows it to look only, or it asks for what only administrators see.
    #[error("this role may not do that")]
    Forbidden,
    /// There is no such group, as far as the caller can see.
    #[error("there is no such server group")]
    NotFound,
    /// A rule about hosts was given with a policy that has none.
    #[error("only the policy anti-affinity has rules")]
    RulesOfOther,
    /// The rules do not allow it, or it cannot be recorded at present.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// A server group that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGroup<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it wants of its members' places.
    pub policy: Policy,
    /// How many may be on one host, if that is asked for.
    pub max_per_host: Option<u32>,
}

/// Server groups: made, found, deleted.
#[derive(Debug)]
pub struct Groups {
    manager: ServerManager,
}

impl Groups {
    pub(crate) const fn new(manager: ServerManager) -> Self {
        Self { manager }
    }

    /// Makes a group of the caller's project, which may have so many.
    ///
    /// # Errors
    /// [`GroupError`]: nothing was changed.
    pub async fn create(
        &self,
        caller: &Caller,
        new: &NewGroup<'_>,
        most: usize,
    ) -> Result<Arc<ServerGroup>, GroupError> {
        if !caller.may_write() {
            return Err(GroupError::Forbidden);
        }
        let policy = match (new.policy, new.max_per_host) {
            (policy, None) => policy,
            (Policy::AntiAffinity { .. }, Some(most)) => {
                Policy::AntiAffinity { max_per_host: most.max(1) }
            }
            _ => return Err(GroupError::RulesOfOther),
        };
        let (_, ids) = self.manager.draw_ids(caller.client(), 1);
        let row = ServerGroup {
            id: GroupId(ids.first().map_or_else(|| caller.request.0, |id| id.0)),
            project: caller.project,
            user: UserId(caller.client().0),
            name: Arc::from(new.name),
            policy,
            has_rules: new.max_per_host.is_some(),
            created: self.manager.clock().now(),
        };
        let request = GroupRequest::Create { new: Arc::new(row), most };
        let reply = self.manager.groups().change_group(&request);
        Ok(ServerManager::answered(reply).await?)
    }

    /// The group of this id.
    ///
    /// # Errors
    /// There is none that the caller sees.
    pub fn find(&self, caller: &Caller, id: GroupId) -> Result<Arc<ServerGroup>, GroupError> {
        let found = self.manager.groups().group(id).filter(|group| caller.sees(group.project));
        found.ok_or(GroupError::NotFound)
    }

    /// Whether there is such a group, whoever sees it.
    pub fn has(&self, id: GroupId) -> bool {
        self.manager.groups().group(id).is_some()
    }

    /// The groups of the caller's project, or of all, the oldest first: so many after the first
    /// `offset`. Not one instant if there are more than [`limits::ROWS_PER_LOCK_MAX`].
    ///
    /// # Errors
    /// Only administrators see those of all.
    pub fn list(
        &self,
        caller: &Caller,
        is_of_all: bool,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Arc<ServerGroup>>, GroupError> {
        if is_of_all && !caller.is_admin() {
            return Err(GroupError::Forbidden);
        }
        let mut all = self.all((!is_of_all).then_some(caller.project));
        all.sort_unstable_by_key(|group| (group.created, group.id));
        Ok(all.into_iter().skip(offset).take(limit).collect())
    }

    fn all(&self, project: Option<ProjectId>) -> Vec<Arc<ServerGroup>> {
        let mut all: Vec<Arc<ServerGroup>> = Vec::new();
        loop {
            let more = self.manager.groups().groups(project, all.last().map(|group| group.id));
            let is_last = more.len() < limits::ROWS_PER_LOCK_MAX;
            all.extend(more);
            if is_last {
                return all;
            }
        }
    }

    /// How many groups a project has.
    pub fn count(&self, project: ProjectId) -> usize {
        self.all(Some(project)).len()
    }

    /// The servers that exist in a group, the oldest first.
    pub fn members(&self, group: GroupId) -> Vec<ServerId> {
        self.manager.groups().members(group)
    }

    /// Deletes a group. Its servers stay where they are.
    ///
    /// # Errors
    /// The caller may not, there is none that it sees, or it cannot be recorded at present.
    pub async fn delete(&self, caller: &Caller, id: GroupId) -> Result<(), GroupError> {
        if !caller.may_write() {
            return Err(GroupError::Forbidden);
        }
        let project = self.find(caller, id)?.project;
        let reply = self.manager.groups().change_group(&GroupRequest::Delete { project, id });
        match ServerManager::answered(reply).await {
            Ok(_) => Ok(()),
            // It went since it was looked at.
            Err(Refusal::NoSuchRow { .. }) => Err(GroupError::NotFound),
            Err(refusal) => Err(refusal.into()),
        }
    }
}
