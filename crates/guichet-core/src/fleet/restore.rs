//! Putting a fleet back together from what a journal or a snapshot kept.
//!
//! What waited waits again where it stood. What ran is settled as a call that failed in passing:
//! it goes back to the queue with one attempt more, or fails for good if those are spent. The
//! journal may not have heard of the last starts before the process ended (of all attempts, if the
//! disk hung), so whatever is not over counts as started: its fence goes up by as many as there may
//! have been, and a delete asks the driver.

use std::sync::Arc;

use super::finished::Chain;
use super::{Fleet, FleetConfig, Row, Slot, age_of, id_at};
use crate::credential::ApplicationCredential;
use crate::group::ServerGroup;
use crate::ids::OperationId;
use crate::key_pair::KeyPair;
use crate::limits;
use crate::rows::{Claim, Job, KeyRow, Outcome};
use crate::scheduler::Restored;
use crate::server::{Failure, Operation, OperationState, Server};
use crate::time::Timestamp;

/// A row as it was kept.
#[derive(Debug, Clone)]
pub struct SavedRow {
    /// Its place.
    pub slot: Slot,
    /// The server; also one that was deleted and is remembered.
    pub server: Arc<Server>,
    /// The place of its live operation in the order of pushes.
    pub arrival: Option<u64>,
    /// The operations that are over, oldest first.
    pub finished: Vec<Operation>,
}

/// All that was kept.
#[derive(Debug, Clone, Default)]
pub struct Saved {
    /// The rows, each of another place and server.
    pub rows: Vec<SavedRow>,
    /// The keys, oldest first.
    pub keys: Vec<KeyRow>,
    /// The application credentials, each of another id.
    pub credentials: Vec<Arc<ApplicationCredential>>,
    /// The key pairs, each of another id.
    pub key_pairs: Vec<Arc<KeyPair>>,
    /// The server groups, each of another id.
    pub groups: Vec<Arc<ServerGroup>>,
}

/// What a client is shown of an operation that the service left unfinished each time.
const INTERRUPTED: &str = "The service stopped while this ran, and its attempts are spent.";

impl Fleet {
    /// A fleet of what was kept, as it goes on at `at`. Changes made by that are collected, for
    /// the journal to write before anything starts.
    ///
    /// Whoever kept the rows answers for them: places and ids are unique, projects and hosts are
    /// those of `config`.
    pub fn restore(config: FleetConfig, saved: Saved, at: Timestamp) -> Self {
        let mut fleet = Self::new(config);
        fleet.start_journal();
        fleet.put_back(saved, at);
        fleet
    }

    /// The same without a journal: what was kept is shown at once, and what is not over may start.
    pub fn resume(config: FleetConfig, saved: Saved, at: Timestamp) -> Self {
        let mut fleet = Self::new(config);
        fleet.put_back(saved, at);
        fleet
    }

    /// Fills a fleet that is empty.
    fn put_back(&mut self, saved: Saved, at: Timestamp) {
        let fleet = self;
        let last = saved.rows.iter().map(|row| row.slot as usize + 1).max().unwrap_or(0);
        fleet.rows.resize_with(last, || None);
        let mut active = Vec::new();
        let mut deleted = Vec::new();
        let mut by_age = Vec::new();
        let mut changed = Vec::new();
        for row in saved.rows {
            if row.server.is_deleted() {
                deleted.push((row.server.updated, row.server.id, row.slot));
            } else {
                fleet.count(&row.server);
                fleet.existing += 1;
                by_age.push((row.server.created, row.server.id, row.slot));
                changed.push((row.server.updated, row.slot));
                fleet.addresses.restore(&row.server);
                fleet.members.put(&row.server);
                fleet.expiries.put(row.server.id, None, row.server.expires);
            }
            if row.server.active.is_some() {
                active.push((row.arrival.unwrap_or(u64::MAX), Arc::clone(&row.server)));
            }
            let (id, slot) = (row.server.id, row.slot);
            let mut finished = Chain::default();
            row.finished.iter().for_each(|over| fleet.finished.push(&mut finished, over));
            fleet.rows[slot as usize] = Some(Row { server: row.server, finished });
            fleet.by_id.insert(id, slot, id_at(&fleet.rows));
        }
        by_age.sort_unstable();
        for (.., slot) in by_age {
            fleet.list_restored(slot);
        }
        fleet.restored.clone_from(&fleet.usage);
        fleet.free =
            (0..last as Slot).rev().filter(|s| fleet.rows[*s as usize].is_none()).collect();
        fleet.recent.restore(changed);
        deleted.sort_unstable();
        for (_, id, slot) in deleted {
            fleet.list_restored(slot);
            fleet.deleted.push_back(id);
        }
        for key in saved.keys {
            fleet.keys.insert(key, at);
        }
        fleet.credentials.restore(saved.credentials);
        fleet.key_pairs.restore(saved.key_pairs);
        fleet.groups.restore(saved.groups);
        fleet.counts.accepted = active.len() as u64;
        fleet.counts.peak(fleet.existing);
        active.sort_unstable_by_key(|(arrival, server)| (*arrival, server.id));
        // Numbered anew: two that said the same would take each other's place.
        for (arrival, (_, server)) in (1..).zip(active) {
            fleet.go_on(&server, arrival, at);
        }
        fleet.forget_deleted();
    }

    /// A server is shown in lists. The oldest come first: then indexes only grow at their ends.
    fn list_restored(&mut self, slot: Slot) {
        if let Some(row) = &self.rows[slot as usize] {
            self.lists.change(slot, None, &row.server, age_of(&self.rows));
        }
    }

    /// A server that exists takes its place on its host and in its project.
    fn count(&mut self, server: &Server) {
        if let Some(usage) = self.usage.get_mut(server.project.index()) {
            *usage = usage.plus_server(server);
        }
        for held in server.allocations() {
            if let Some(host) = held.host
                && let Some(capacity) = self.capacities.get_mut(host.index())
            {
                *capacity = capacity.take(held.size);
            }
        }
    }

    /// Puts a live operation back into the queue.
    fn go_on(&mut self, server: &Arc<Server>, arrival: u64, at: Timestamp) {
        let Some(operation) = &server.active else {
            return;
        };
        let id = server.operation_id(operation.number);
        let was = match operation.state {
            OperationState::Running => Restored::Running,
            _ if operation.attempt > 0 => Restored::Started { not_before: operation.not_before },
            _ => Restored::New,
        };
        let job = Job { operation: id, project: server.project, host: server.host };
        self.scheduler.restore(job, arrival, was);
        let mut next = Server::clone(server);
        next.ever_started = true;
        next.fence = next.fence.saturating_add(limits::ATTEMPTS_MAX);
        let mut next = Arc::new(next);
        self.put(&mut next);
        self.journal_rows(&[Arc::clone(&next)]);
        if was == Restored::Running {
            self.interrupted(id, &next, operation, at);
        }
    }

    /// Settles a call that ended with its process.
    fn interrupted(
        &mut self,
        id: OperationId,
        server: &Arc<Server>,
        operation: &Operation,
        at: Timestamp,
    ) {
        let claim = Claim {
            operation: id,
            action: operation.action,
            args: operation.args.clone(),
            attempt: operation.attempt,
            server: Arc::clone(server),
            worker: operation.worker,
            started: operation.started.unwrap_or(at),
            deadline: at,
        };
        let outcome = Outcome::Failed {
            kind: Failure::Interrupted,
            transient: true,
            message: Arc::from(INTERRUPTED),
        };
        self.finish(&claim, &outcome, at);
    }
}
