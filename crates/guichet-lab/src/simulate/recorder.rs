//! Reads what happens in a run and records what a report will draw.

pub mod busiest;
pub mod series;

use std::collections::BTreeMap;

use guichet_core::action::Action;
use guichet_core::event::{Event, EventKind};
use guichet_core::limits;
use guichet_core::refusal::RefusalKind;
use guichet_core::state::{State, Status};
use guichet_core::time::Timestamp;
use guichet_store::hub::{LogEntry, Subscription};

use busiest::{Busiest, Ran};
use series::{Levels, Series, Statuses};

/// The most there was of something, and when first, µs since the run's begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Peak {
    /// How much there was at that moment.
    pub value: u64,
    /// When it was first reached, in µs since the run began.
    pub at_us: u64,
}

impl Peak {
    fn see(&mut self, value: u64, at_us: u64) {
        if value > self.value {
            *self = Self { value, at_us };
        }
    }
}

/// What was recorded of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Levels, servers and counts over the time of the run.
    pub series: Series,
    /// From the run's begin to the last thing that happened, µs.
    pub end_us: u64,
    /// Most waiting for their first start.
    pub waiting: Peak,
    /// Most waiting for another attempt.
    pub again: Peak,
    /// The most operations that ran at once.
    pub running: Peak,
    /// How many ran on average.
    pub running_mean: f64,
    /// The workers' operations that are drawn one by one, in the order of their ends.
    pub spans: Vec<Ran>,
    /// How many of these there were in all.
    pub spans_total: u64,
    /// Records that were missed; none, unless something is wrong.
    pub missed: u64,
}

/// Reads records in their order. What it holds is bounded: see [`limits::REPORT_POINTS_MAX`] and
/// [`limits::REPORT_SPANS_MAX`]; besides, one entry for each operation that runs.
#[derive(Debug)]
pub struct Recorder {
    began: Timestamp,
    series: Series,
    end_us: u64,
    waiting: Peak,
    again: Peak,
    running: Peak,
    /// Operations that ran, times how long they did, in µs: the mean is made of it.
    worked_us: u128,
    /// What each worker runs, and since when.
    workers: BTreeMap<u32, (Event, u64)>,
    busiest: Busiest,
    missed: u64,
}

impl Recorder {
    /// Of a run that begins now.
    pub fn new(began: Timestamp) -> Self {
        Self {
            began,
            series: Series::default(),
            end_us: 0,
            waiting: Peak::default(),
            again: Peak::default(),
            running: Peak::default(),
            worked_us: 0,
            workers: BTreeMap::new(),
            busiest: Busiest::default(),
            missed: 0,
        }
    }

    /// Reads until the hub is closed.
    pub async fn read(mut self, mut records: Subscription) -> Recorded {
        while let Some(batch) = records.batch().await {
            self.missed += batch.missed;
            for record in &batch.records {
                self.record(record);
            }
        }
        self.finish()
    }

    /// Takes in one record; they come in their order.
    pub fn record(&mut self, record: &LogEntry) {
        match record {
            LogEntry::Event(event) => self.event(event),
            LogEntry::Refused(refused) => {
                let at_us = self.time(refused.at);
                let kind = RefusalKind::ALL.iter().position(|kind| *kind == refused.kind);
                self.series.change(at_us, self.series.levels(), |_, counts| {
                    counts.refused[kind.unwrap_or(0)] += 1;
                });
            }
            LogEntry::Changed(_) | LogEntry::Note(_) => {}
        }
    }

    /// Ends the recording: nothing more happens.
    pub fn finish(mut self) -> Recorded {
        self.series.reach(self.end_us);
        let (spans, spans_total) = self.busiest.finish();
        Recorded {
            series: self.series,
            end_us: self.end_us,
            waiting: self.waiting,
            again: self.again,
            running: self.running,
            running_mean: self.worked_us as f64 / self.end_us.max(1) as f64,
            spans,
            spans_total,
            missed: self.missed,
        }
    }

    /// Time since the begin. A refusal is stamped before its place in the order is known, so it
    /// may be a little older than what is before it: it counts as of now.
    fn time(&mut self, at: Timestamp) -> u64 {
        let since = u64::try_from(at.since(self.began).as_micros()).unwrap_or(u64::MAX);
        let now = since.max(self.end_us);
        let passed = u128::from(now - self.end_us);
        self.worked_us += passed * u128::from(self.series.levels().running);
        self.end_us = now;
        now
    }

    fn event(&mut self, event: &Event) {
        let at_us = self.time(event.at);
        let before = self.series.levels();
        let levels = self.levels_after(event, before, at_us);
        let action = Action::LAB.iter().position(|action| *action == event.action).unwrap_or(0);
        self.series.change(at_us, levels, |servers, counts| {
            moved(servers, event.from, event.to);
            match event.kind {
                EventKind::Accepted => counts.accepted[action] += 1,
                EventKind::Started | EventKind::Requeued => {}
                EventKind::Succeeded | EventKind::Failed | EventKind::Cancelled => {
                    counts.ended += 1;
                }
            }
        });
        self.waiting.see(levels.waiting, at_us);
        self.again.see(levels.again, at_us);
        self.running.see(levels.running, at_us);
        self.busiest.level(levels.waiting, levels.running);
    }

    /// Which of the levels an event moves. An operation that was never started waits for its
    /// first start; one that a worker has runs; any other waits for another attempt.
    fn levels_after(&mut self, event: &Event, mut levels: Levels, at_us: u64) -> Levels {
        match event.kind {
            EventKind::Accepted => levels.waiting += 1,
            EventKind::Started => {
                let from = if event.attempt <= 1 { &mut levels.waiting } else { &mut levels.again };
                *from = from.saturating_sub(1);
                levels.running += 1;
                if let Some(worker) = event.worker {
                    self.workers.insert(worker.0, (*event, at_us));
                }
            }
            EventKind::Requeued
            | EventKind::Succeeded
            | EventKind::Failed
            | EventKind::Cancelled => {
                let from = if event.attempt == 0 {
                    &mut levels.waiting
                } else if self.stopped(event, at_us) {
                    &mut levels.running
                } else {
                    &mut levels.again
                };
                *from = from.saturating_sub(1);
                levels.again += u64::from(event.kind == EventKind::Requeued);
            }
        }
        levels
    }

    /// Takes it from the worker that runs it; false if none does.
    fn stopped(&mut self, event: &Event, at_us: u64) -> bool {
        let Some(worker) = event.worker else {
            return false;
        };
        let same = |(started, _): &(Event, u64)| started.operation == event.operation;
        if !self.workers.get(&worker.0).is_some_and(same) {
            return false;
        }
        if let Some((started, from_us)) = self.workers.remove(&worker.0) {
            self.busiest.push(Ran {
                worker: worker.0,
                action: event.action,
                operation: event.operation,
                client: event.client,
                attempt: started.attempt,
                from_us,
                to_us: at_us,
                end: event.kind,
                failure: event.failure,
            });
        }
        true
    }
}

/// A server goes from one status to another; a new one comes from nowhere, a deleted one goes.
fn moved(servers: &mut Statuses, from: Option<State>, to: State) {
    let index = |state: State| Status::ALL.iter().position(|status| *status == state.status());
    if let Some(from) = from.and_then(index) {
        servers[from] = servers[from].saturating_sub(1);
    }
    if let Some(to) = index(to).filter(|index| Status::ALL[*index] != Status::Deleted) {
        servers[to] += 1;
    }
}

const _: () = assert!(limits::REPORT_POINTS_MAX >= 2 && limits::REPORT_SPANS_MAX >= 2);

#[cfg(test)]
mod tests;
