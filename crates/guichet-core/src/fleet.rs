//! The fleet in memory as plain data: all rows, their indexes, the queue, the counts. It reads
//! as [`Rows`](crate::rows::Rows) and changes by [`Fleet::apply`] only. It has no lock, no clock and no waiting:
//! a store puts it behind its own.

mod addresses;
mod audited;
mod beside;
mod by_id;
mod changes;
mod charges;
mod counts;
mod credentials;
mod deleted;
mod expire;
mod expiries;
mod finished;
mod groups;
mod journal;
mod key_pairs;
mod keys;
mod lists;
mod members;
mod moments;
mod name;
mod ordered;
mod page;
mod plugs;
mod published;
mod readers;
mod recent;
mod restore;
mod rows;
mod saved;
mod settings;
mod unwritten;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

pub use changes::{Changes, Forgotten, Images, RowImage, Slot};
pub use counts::Counts;
pub use expiries::StateTimes;
pub use page::{Bound, ChangePage, List, ListOrder, Names, Reached};
pub use restore::{Saved, SavedRow};

use crate::chance::Chance;
use crate::credential::ApplicationCredential;
use crate::edit::EditRequest;
use crate::group::ServerGroup;
use crate::ids::{HostId, ProjectId, ServerId, WorkerId};
use crate::key_pair::KeyPair;
use crate::limits;
use crate::network::Network;
use crate::observation::Observation;
use crate::project::{FreeCapacity, Host, Project, Usage};
use crate::rate::FinishRate;
use crate::refusal::Refusal;
use crate::request::Request;
use crate::rows::{Claim, Decision, Effects, JobChange, Outcome};
use crate::scheduler::{Bounds, Scheduler};
use crate::server::{Operation, Server};
use crate::time::Timestamp;

/// What a fleet is made of and bounded by.
#[derive(Debug, Clone)]
pub struct FleetConfig {
    /// The projects, in the order of their ids.
    pub projects: Vec<Project>,
    /// The hosts, in the order of their ids.
    pub hosts: Vec<Host>,
    /// The networks, in the order of their ids.
    pub networks: Vec<Network>,
    /// Bounds of the queue and the permits.
    pub bounds: Bounds,
    /// Most servers held at once; the tables are reserved for so many.
    pub servers_max: usize,
    /// Workers there will be, for the first Retry-After.
    pub workers: usize,
    /// How long an operation is expected to take, for the first Retry-After.
    pub expected_service: Duration,
    /// How long states last that time ends.
    pub times: StateTimes,
    /// All chance.
    pub chance: Chance,
}

/// A server's row: its image, and the operations that are over.
#[derive(Debug, Clone)]
struct Row {
    server: Arc<Server>,
    /// Those are apart: what is looked for by id goes through a table of small rows.
    finished: finished::Chain,
}

/// All rows with their indexes.
#[derive(Debug, Clone)]
pub struct Fleet {
    projects: Vec<Project>,
    usage: Vec<Usage>,
    hosts: Vec<Host>,
    capacities: Vec<FreeCapacity>,
    /// Where the next placement starts looking.
    cursor: usize,
    /// Hosts that take no more servers.
    closed: BTreeSet<HostId>,
    rows: Vec<Option<Row>>,
    free: Vec<Slot>,
    by_id: by_id::ById,
    finished: finished::Finished,
    /// How many servers exist.
    existing: usize,
    /// The servers that are shown, in the orders of lists.
    lists: lists::Lists,
    /// What changed lately of what is shown.
    recent: recent::Recent,
    /// Deleted servers kept for their history, oldest first.
    deleted: VecDeque<ServerId>,
    /// How many of them were forgotten already: what numbers those that are left.
    forgotten: u64,
    addresses: addresses::Addresses,
    credentials: beside::Beside<ApplicationCredential>,
    key_pairs: beside::Beside<KeyPair>,
    groups: beside::Beside<ServerGroup>,
    /// Servers that exist, by the group they were made in.
    members: members::Members,
    keys: keys::Keys,
    pub(crate) scheduler: Scheduler,
    rate: FinishRate,
    counts: Counts,
    servers_max: usize,
    times: StateTimes,
    /// Servers whose state time ends, by when.
    expiries: expiries::Expiries,
    chance: Chance,
    sequence: u64,
    /// What projects took when they were put back: a quota may have been lowered since.
    restored: Vec<Usage>,
    /// What is not durable yet, if anything keeps it.
    journal: Option<Box<unwritten::Journal>>,
}

impl Fleet {
    /// An empty fleet whose tables have room for all that it may hold: none grows under a lock.
    pub fn new(config: FleetConfig) -> Self {
        let servers = config.servers_max;
        Self::with_room(config, servers)
    }

    /// An empty fleet whose tables have room for so many servers, and grow past that.
    pub fn with_room(config: FleetConfig, servers: usize) -> Self {
        let FleetConfig { projects, hosts, networks, bounds, servers_max, .. } = config;
        let capacities = hosts.iter().map(|host| FreeCapacity {
            id: host.id,
            free_vcpus: host.capacity.vcpus,
            free_ram_mib: host.capacity.ram_mib,
        });
        let kept = servers + servers.min(limits::DELETED_SERVERS_MAX);
        let rows_max = servers_max + servers_max.min(limits::DELETED_SERVERS_MAX);
        let jobs = bounds.queue.min(limits::QUEUE_DEFAULT) + bounds.service.min(config.workers);
        Self {
            capacities: capacities.collect(),
            hosts,
            usage: vec![Usage::default(); projects.len()],
            lists: lists::Lists::new(projects.len()),
            recent: recent::Recent::new(),
            scheduler: Scheduler::new(bounds, projects.iter().map(|p| p.weight), jobs),
            projects,
            cursor: 0,
            closed: BTreeSet::new(),
            // What is not written yet takes no memory: a row goes where no other was before.
            rows: Vec::with_capacity(rows_max),
            free: Vec::new(),
            by_id: by_id::ById::with_room(kept),
            finished: finished::Finished::default(),
            existing: 0,
            deleted: VecDeque::with_capacity(servers.min(limits::DELETED_SERVERS_MAX) + 1),
            forgotten: 0,
            addresses: addresses::Addresses::new(networks),
            credentials: beside::Beside::default(),
            key_pairs: beside::Beside::default(),
            groups: beside::Beside::default(),
            members: members::Members::default(),
            keys: keys::Keys::default(),
            rate: FinishRate::new(config.workers, config.expected_service),
            counts: Counts::default(),
            servers_max,
            times: config.times,
            expiries: expiries::Expiries::default(),
            chance: config.chance,
            sequence: 0,
            restored: Vec::new(),
            journal: None,
        }
    }

    /// Decides a request and makes what was decided true, as one step.
    #[inline]
    pub fn submit(&mut self, request: &Request, at: Timestamp) -> Decision {
        let mut decision = crate::decide::decide(self, request, at);
        if let Decision::Accepted(effects) = &mut decision {
            self.apply(effects, at);
        }
        decision
    }

    /// Decides an edit and makes it true, as one step.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub fn edit(
        &mut self,
        request: &EditRequest,
        at: Timestamp,
    ) -> Result<(Effects, Arc<Server>), Refusal> {
        let (mut effects, server) = crate::edit::edit(self, request, at)?;
        self.apply(&mut effects, at);
        Ok((effects, server))
    }

    /// Takes in what a driver has seen, as one step. No effects if it changes nothing.
    pub fn observe(&mut self, observation: &Observation, at: Timestamp) -> Effects {
        let mut effects = crate::observation::observe(self, observation, at);
        self.apply(&mut effects, at);
        effects
    }

    /// Hands the next job in fair order to a worker, as one step.
    #[inline]
    pub fn claim(&mut self, worker: WorkerId, at: Timestamp) -> Option<(Effects, Claim)> {
        while let Some(job) = self.scheduler.next(at) {
            let mut started = crate::settle::start(self, job.operation, worker, at);
            if let Some((effects, _)) = &mut started {
                self.apply(effects, at);
                return started;
            }
            // Queue and rows change in one step, so a job always has its operation; were it ever not
            // so, its permits must not leak.
            self.scheduler.done(job.operation);
        }
        None
    }

    /// Takes an outcome in, as one step.
    #[inline]
    pub fn finish(&mut self, claim: &Claim, outcome: &Outcome, at: Timestamp) -> Effects {
        let mut effects = crate::settle::settle(self, claim, outcome, self.chance, at);
        // What goes back to the queue has not left it, so only an end is a finish.
        let over = effects.jobs.iter().any(|job| matches!(job, JobChange::Done(_)));
        if over && self.scheduler.is_running(claim.operation) {
            self.rate.record(at, at.since(claim.started));
        }
        self.apply(&mut effects, at);
        effects
    }

    /// Makes effects true and numbers their events. Nothing else ever changes a row.
    pub fn apply(&mut self, effects: &mut Effects, at: Timestamp) {
        for event in &mut effects.events {
            self.sequence += 1;
            event.sequence = self.sequence;
            self.counts.event(event);
        }
        if let Some(change) = &mut effects.change {
            self.sequence += 1;
            change.sequence = self.sequence;
        }
        let mut last = None;
        for server in &mut effects.servers {
            last = Some((server.id, self.put(server)));
        }
        for (server, operation) in &effects.finished {
            // Mostly of the server that was just written: then it need not be found again.
            let slot = last.filter(|(id, _)| id == server).map(|(_, slot)| slot);
            self.remember(*server, slot, operation);
        }
        if let Some((project, usage)) = effects.usage
            && let Some(row) = self.usage.get_mut(project.index())
        {
            if let Some(journal) = &mut self.journal {
                journal.usage(project, *row, usage);
            }
            *row = usage;
        }
        for capacity in &effects.hosts {
            self.put_capacity(*capacity);
        }
        for change in &effects.addresses {
            self.addresses.apply(change);
        }
        if let Some(change) = &effects.credential {
            self.put_credential(change);
        }
        if let Some(change) = &effects.key_pair {
            self.put_key_pair(change);
        }
        if let Some(change) = &effects.group {
            self.put_group(change);
        }
        if let Some(key) = &effects.key {
            if let Some(journal) = &mut self.journal {
                journal.changes.keys.push((**key).clone());
            }
            self.keys.insert((**key).clone(), at);
        }
        for change in &effects.jobs {
            self.scheduler.apply(*change);
        }
        self.journal_rows(&effects.servers);
        self.forget_deleted();
        self.counts.peak(self.existing);
    }

    /// A host's room; placement goes on behind a host that was just filled.
    fn put_capacity(&mut self, capacity: FreeCapacity) {
        let Some(row) = self.capacities.get_mut(capacity.id.index()) else {
            return;
        };
        if capacity.free_vcpus < row.free_vcpus || capacity.free_ram_mib < row.free_ram_mib {
            self.cursor = capacity.id.index() + 1;
        }
        if let Some(journal) = &mut self.journal {
            journal.capacity(*row, capacity);
        }
        *row = capacity;
    }

    /// Writes a server's row: where it is.
    fn put(&mut self, server: &mut Arc<Server>) -> Slot {
        self.members.put(server);
        let known = self.by_id.get(server.id, id_at(&self.rows));
        let (slot, before) = match known {
            Some(slot) => (slot, self.replace(slot, server)),
            None => (self.insert(server), None),
        };
        let was_there = before.as_ref().is_some_and(|before| !before.is_deleted());
        if was_there && server.is_deleted() {
            self.existing -= 1;
            self.deleted.push_back(server.id);
        } else if !was_there && !server.is_deleted() {
            self.existing += 1;
        }
        let expired = before.as_ref().and_then(|before| before.expires);
        self.expiries.put(server.id, expired, server.expires);
        match &mut self.journal {
            Some(journal) => journal.published.server_changes(server.id, before),
            None => {
                self.lists.change(slot, before.as_deref(), server, age_of(&self.rows));
                self.recent.add(server.updated, slot);
            }
        }
        slot
    }

    /// A row's new image. Gives back the one before.
    ///
    /// Where nobody else has the one before, what is in it is exchanged, and the row stays where it is in
    /// memory: who writes it anew has just read it, and any other place is in no cache.
    fn replace(&mut self, slot: Slot, server: &mut Arc<Server>) -> Option<Arc<Server>> {
        let row = self.rows[slot as usize].as_mut()?;
        let Some(own) = Arc::get_mut(&mut row.server) else {
            return Some(std::mem::replace(&mut row.server, Arc::clone(server)));
        };
        let Some(new) = Arc::get_mut(server) else {
            // Whoever runs the operation has the new one too.
            return Some(Arc::new(std::mem::replace(own, Server::clone(server))));
        };
        std::mem::swap(own, new);
        Some(std::mem::replace(server, Arc::clone(&row.server)))
    }

    /// A new row.
    fn insert(&mut self, server: &Arc<Server>) -> Slot {
        let row = Some(Row { server: Arc::clone(server), finished: Default::default() });
        let slot = match self.free.pop() {
            Some(slot) => {
                self.rows[slot as usize] = row;
                slot
            }
            None => {
                self.rows.push(row);
                (self.rows.len() - 1) as Slot
            }
        };
        self.by_id.insert(server.id, slot, id_at(&self.rows));
        slot
    }

    /// Keeps a finished operation, and of those the newest [`limits::OPERATIONS_PER_SERVER_MAX`].
    fn remember(&mut self, server: ServerId, slot: Option<Slot>, operation: &Operation) {
        let Some(slot) = slot.or_else(|| self.by_id.get(server, id_at(&self.rows))) else {
            return;
        };
        if let Some(row) = &mut self.rows[slot as usize] {
            if let Some(journal) = &mut self.journal {
                journal.changes.finished.push((slot, operation.clone()));
            }
            self.finished.push(&mut row.finished, operation);
        }
    }

    fn row(&self, id: ServerId) -> Option<&Row> {
        self.rows[self.by_id.get(id, id_at(&self.rows))? as usize].as_ref()
    }

    /// The present row of a server that exists: what the rules see.
    pub fn get(&self, id: ServerId) -> Option<&Arc<Server>> {
        self.row(id).map(|row| &row.server).filter(|server| !server.is_deleted())
    }

    /// Servers that exist.
    pub fn len(&self) -> usize {
        self.existing
    }

    /// Whether no server exists.
    pub fn is_empty(&self) -> bool {
        self.existing == 0
    }

    /// The queue and the permits.
    pub const fn scheduler(&self) -> &Scheduler {
        &self.scheduler
    }

    /// What happened so far, counted.
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// What a project took when it was put back, which may be more than its quota is now.
    pub(crate) fn restored(&self, id: ProjectId) -> Usage {
        self.restored.get(id.index()).copied().unwrap_or_default()
    }

    /// All projects.
    pub fn projects(&self) -> &[Project] {
        &self.projects
    }

    /// What is free on each host, in the order of their ids.
    pub fn capacities(&self) -> &[FreeCapacity] {
        &self.capacities
    }

    /// All hosts with their room.
    pub fn hosts_with_capacity(&self) -> impl Iterator<Item = (&Host, FreeCapacity)> {
        self.hosts.iter().zip(self.capacities.iter().copied())
    }

    /// Finishes per second as Retry-After counts them.
    pub fn finishes_per_second(&self, at: Timestamp) -> f64 {
        self.rate.per_second(at)
    }
}

/// Reads the id of a row, if there is one at that place.
fn id_at(rows: &[Option<Row>]) -> impl Fn(Slot) -> Option<ServerId> + Copy + '_ {
    |slot| Some(rows.get(slot as usize)?.as_ref()?.server.id)
}

/// Reads the age of a row. There is one at every place that an index names.
fn age_of(rows: &[Option<Row>]) -> impl Fn(Slot) -> ordered::Age + Copy + '_ {
    const NONE: ordered::Age = (Timestamp::from_micros(0), ServerId(uuid::Uuid::nil()));
    |slot| {
        let row = rows.get(slot as usize).and_then(Option::as_ref);
        row.map_or(NONE, |row| lists::age(&row.server))
    }
}
