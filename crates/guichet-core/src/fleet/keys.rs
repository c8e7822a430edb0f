//! Remembered idempotency keys: bounded for each project, forgotten in the order they came.

use std::collections::{BTreeMap, VecDeque};

use crate::ids::ProjectId;
use crate::limits;
use crate::request::IdempotencyKey;
use crate::rows::{KeyCapacity, KeyRow};
use crate::time::Timestamp;

#[derive(Debug, Clone, Default)]
struct ProjectKeys {
    rows: BTreeMap<IdempotencyKey, KeyRow>,
    /// Oldest first: all are kept equally long.
    order: VecDeque<(Timestamp, IdempotencyKey)>,
}

/// The keys of all projects.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys {
    projects: BTreeMap<ProjectId, ProjectKeys>,
}

impl Keys {
    pub(super) fn get(
        &self,
        project: ProjectId,
        key: &IdempotencyKey,
        at: Timestamp,
    ) -> Option<&KeyRow> {
        self.projects.get(&project)?.rows.get(key).filter(|row| row.expires > at)
    }

    /// All of them, those of each project from the oldest on.
    pub(super) fn all(&self) -> impl Iterator<Item = &KeyRow> {
        self.projects.values().flat_map(|keys| {
            keys.order.iter().filter_map(move |(expires, key)| {
                // One that came again is in the order twice, and the older entry says nothing.
                keys.rows.get(key).filter(|row| row.expires == *expires)
            })
        })
    }

    /// Expired rows still in the table do not count: the next insert drops them.
    pub(super) fn capacity(&self, project: ProjectId, at: Timestamp) -> KeyCapacity {
        let Some(keys) = self.projects.get(&project) else {
            return KeyCapacity { free: limits::KEYS_PER_PROJECT_MAX, next_expiry: None };
        };
        let expired = keys.order.partition_point(|(expires, _)| *expires <= at);
        KeyCapacity {
            free: limits::KEYS_PER_PROJECT_MAX.saturating_sub(keys.order.len() - expired),
            next_expiry: keys.order.get(expired).map(|(expires, _)| *expires),
        }
    }

    pub(super) fn insert(&mut self, row: KeyRow, at: Timestamp) {
        let keys = self.projects.entry(row.project).or_default();
        for _ in 0..limits::KEYS_EXPIRED_PER_STEP {
            match keys.order.front() {
                Some((expires, _)) if *expires <= at => {}
                _ => break,
            }
            if let Some((expires, old)) = keys.order.pop_front()
                && keys.rows.get(&old).is_some_and(|row| row.expires == expires)
            {
                keys.rows.remove(&old);
            }
        }
        keys.order.push_back((row.expires, row.key.clone()));
        keys.rows.insert(row.key.clone(), row);
    }
}
