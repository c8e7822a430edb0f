//! Who is next, were every permit free.

use std::collections::VecDeque;

use super::Scheduler;
use crate::ids::OperationId;

impl Scheduler {
    /// The first ready jobs in the order in which `next` would hand them out, were every permit free.
    /// What it costs goes by their number, and by the projects in the ring.
    pub fn next_up(&self, count: usize) -> Vec<OperationId> {
        // Each turn of a project hands out one at least: none behind these is reached.
        let with_work = self.ring.iter().map(|project| &self.queues[project.index()]);
        let mut ring: VecDeque<_> = with_work
            .filter(|queue| !queue.ready.is_empty())
            .take(count)
            .map(|queue| {
                let credit = if queue.credit > 0 { queue.credit } else { queue.weight };
                (queue, credit, queue.ready.values())
            })
            .collect();
        let mut found = Vec::with_capacity(count.min(self.jobs.len()));
        while let Some((queue, credit, mut line)) = ring.pop_front() {
            let left = count - found.len();
            found.extend(line.by_ref().take((credit as usize).min(left)).copied());
            if found.len() >= count {
                break;
            }
            if line.len() > 0 {
                ring.push_back((queue, queue.weight, line));
            }
        }
        found
    }
}
