//! What must become of a request, from what the model knows.

use guichet_core::action::{Action, ActionArgs, Obstacle};
use guichet_core::ids::ProjectId;
use guichet_core::project::{Quota, Usage};
use guichet_core::refusal::Refusal;
use guichet_core::request::{Act, Answer, Create, RequestBody};
use guichet_core::rows::Decision;
use guichet_core::server::Size;
use guichet_core::state::VmState;
use guichet_core::time::Timestamp;

use super::model::{Model, Phase};
use crate::support::{allowed, is_over_at_once};

#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// So many operations.
    Accepted(usize),
    Repeated(Answer),
    NotFound,
    NoServer,
    Conflict(Obstacle),
    KeyReused,
    OverQuota,
    ServersFull,
    QueueFull,
    NoAddress,
}

impl Verdict {
    pub(super) fn of(decision: &Decision) -> Self {
        match decision {
            Decision::Accepted(effects) => {
                let answer = effects.answer.as_ref().expect("an answer");
                Self::Accepted(answer.operations.len())
            }
            Decision::Repeated(answer) => Self::Repeated(answer.clone()),
            Decision::Refused(refusal) => match refusal {
                Refusal::NotFound { .. } => Self::NotFound,
                Refusal::NoServer => Self::NoServer,
                Refusal::Conflict { obstacle, .. } => Self::Conflict(*obstacle),
                Refusal::KeyReused => Self::KeyReused,
                Refusal::OverQuota(_) => Self::OverQuota,
                Refusal::ServersFull { .. } => Self::ServersFull,
                Refusal::QueueFull { .. } => Self::QueueFull,
                Refusal::NoAddress { .. } => Self::NoAddress,
                other => panic!("the core never says: {other}"),
            },
        }
    }
}

/// What a request asks, without the ids drawn for it.
pub(super) fn asked(body: &RequestBody) -> String {
    match body {
        RequestBody::Create(create) => {
            let names: Vec<_> = create.servers.iter().map(|(_, name)| name).collect();
            format!("{names:?} {} {:?}", create.min_count, create.size)
        }
        RequestBody::Act(Act { action, server, args }) => format!("{action} {server} {args:?}"),
    }
}

impl Model {
    pub(super) fn verdict(
        &self,
        project: ProjectId,
        key: Option<u8>,
        body: &RequestBody,
        now: Timestamp,
    ) -> Verdict {
        if let Some((before, answer, expires)) = key.and_then(|key| self.keys.get(&(project, key)))
            && *expires > now
        {
            return if *before == asked(body) {
                Verdict::Repeated(answer.clone())
            } else {
                Verdict::KeyReused
            };
        }
        match body {
            RequestBody::Create(create) => self.verdict_on_create(project, create),
            RequestBody::Act(act) => self.verdict_on_act(project, act),
        }
    }

    pub(super) fn usage(&self, project: ProjectId) -> Usage {
        let mine = || self.existing().filter(|(_, server)| server.project == project);
        let instances = mine().count() as u64;
        let sizes = mine().flat_map(|(_, server)| server.held());
        sizes.fold(Usage { instances, ..Usage::default() }, |usage, (size, _)| Usage {
            instances,
            cores: usage.cores + u64::from(size.vcpus),
            ram_mib: usage.ram_mib + u64::from(size.ram_mib),
        })
    }

    fn quota_allows(&self, project: ProjectId, size: Size, count: u64, servers: u64) -> bool {
        let Quota { instances, cores, ram_mib } = self.setup.quotas[project.index()].0;
        let usage = self.usage(project);
        let within = |limit: Option<u64>, used: u64, each: u32| {
            limit.is_none_or(|limit| used + u64::from(each) * count <= limit)
        };
        instances.is_none_or(|limit| usage.instances + servers <= limit)
            && within(cores, usage.cores, size.vcpus)
            && within(ram_mib, usage.ram_mib, size.ram_mib)
    }

    fn verdict_on_create(&self, project: ProjectId, create: &Create) -> Verdict {
        let wanted = create.servers.len();
        let least = create.min_count.clamp(1, wanted);
        let free = self.setup.servers_max - self.existing().count();
        if free < least {
            return Verdict::ServersFull;
        }
        let mut counts = (least..=wanted.min(free)).rev();
        match counts
            .find(|count| self.quota_allows(project, create.size, *count as u64, *count as u64))
        {
            None => Verdict::OverQuota,
            Some(count) if !self.has_capacity(project, count) => Verdict::QueueFull,
            Some(count) if !self.has_addresses(count) => Verdict::NoAddress,
            Some(count) => Verdict::Accepted(count),
        }
    }

    fn has_addresses(&self, count: usize) -> bool {
        let taken = self.existing().count() + count;
        self.setup.addresses.is_none_or(|addresses| taken <= addresses as usize)
    }

    /// (waiting for the first start, waiting for another attempt).
    pub(super) fn waiting(&self, project: Option<ProjectId>) -> (usize, usize) {
        let mine = self.queued().filter(|(id, _)| {
            let of = self.servers[&id.server].project;
            project.is_none_or(|project| of == project)
        });
        let (again, first): (Vec<_>, Vec<_>) = mine.partition(|(_, op)| op.restarted);
        (first.len(), again.len())
    }

    fn has_capacity(&self, project: ProjectId, count: usize) -> bool {
        let bounds = self.setup.bounds;
        let (first, again) = self.waiting(None);
        let (mine, _) = self.waiting(Some(project));
        let places = match bounds.queue {
            // The last tenth is for a project with nothing waiting; of one place nothing is kept.
            queue if queue > 1 && self.setup.quotas.len() > 1 && mine + count > 1 => {
                queue - queue.div_ceil(10)
            }
            queue => queue,
        };
        first + count <= places && first + again + self.out.len() + count <= bounds.active
    }

    fn verdict_on_act(&self, project: ProjectId, act: &Act) -> Verdict {
        let id = act.server;
        let known = self.existing().find(|(known, _)| *known == id);
        let Some((_, server)) = known.filter(|(_, server)| server.project == project) else {
            let none = self.usage(project).instances == 0;
            return if matches!(act.action, Action::Delete | Action::SoftDelete) && none {
                Verdict::NoServer
            } else {
                Verdict::NotFound
            };
        };
        let is_soft = server.launched && server.state.vm_state != VmState::SoftDeleted;
        let action = match act.action {
            Action::SoftDelete if !is_soft => Action::Delete,
            action => action,
        };
        let active = server.active.map(|id| (id, &self.operations[&id]));
        if let Some((id, operation)) = active
            && matches!(action, Action::Delete | Action::SoftDelete)
            && action == operation.action
        {
            return Verdict::Repeated(Answer {
                request: operation.request,
                operations: std::iter::once(id).collect(),
            });
        }
        if let Err(obstacle) = allowed(action, server.state.vm_state, server.state.task_state) {
            return Verdict::Conflict(obstacle);
        }
        let without_host = matches!(
            action,
            Action::Delete
                | Action::SoftDelete
                | Action::Unshelve
                | Action::ResetActive
                | Action::ResetError
        );
        if server.host.is_none() && !without_host {
            return Verdict::Conflict(Obstacle::VmState(server.state.vm_state));
        }
        let second = match act.args.as_deref() {
            Some(ActionArgs::Resize { size, .. }) => Some(*size),
            Some(ActionArgs::Move { .. }) => Some(server.size),
            _ => None,
        };
        if second.is_some_and(|size| !self.quota_allows(project, size, 1, 0)) {
            return Verdict::OverQuota;
        }
        let takes_a_place = active.is_some_and(|(_, operation)| operation.phase == Phase::Queued);
        let at_once = action == Action::Delete && !server.ever_started || is_over_at_once(action);
        if takes_a_place || at_once || self.has_capacity(project, 1) {
            Verdict::Accepted(1)
        } else {
            Verdict::QueueFull
        }
    }
}
