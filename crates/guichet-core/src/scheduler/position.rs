//! How far a job is from its turn.

use super::{JobState, Scheduler};
use crate::ids::OperationId;

impl Scheduler {
    /// How many ready jobs `next` would hand out before this one, were every permit free; `None`
    /// if it is not ready.
    pub fn position(&self, operation: OperationId) -> Option<usize> {
        let entry = self.jobs.get(&operation)?;
        if entry.state != JobState::Ready {
            return None;
        }
        let queue = &self.queues[entry.job.project.index()];
        let ahead = queue.ready.range(..entry.arrival).count();
        // Rounds of the ring in which the own project is served before it reaches this job.
        let first = if queue.credit > 0 { queue.credit } else { queue.weight } as usize;
        let rounds = match ahead.checked_sub(first) {
            None => 0,
            Some(rest) => 1 + rest / queue.weight as usize,
        };
        let mut total = ahead;
        let mut mine_seen = false;
        for project in &self.ring {
            if *project == entry.job.project {
                mine_seen = true;
                continue;
            }
            let other = &self.queues[project.index()];
            let turns = rounds + usize::from(!mine_seen);
            let first = if other.credit > 0 { other.credit } else { other.weight } as usize;
            let served = match turns {
                0 => 0,
                n => first + (n - 1) * other.weight as usize,
            };
            total += served.min(other.ready.len());
        }
        Some(total)
    }
}
