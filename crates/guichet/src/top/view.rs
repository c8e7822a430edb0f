//! What is looked at: the last answer, what is done with the keys, and what is wrong.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::time::Duration;

use guichet_core::limits;
use guichet_locale::Locale;

use super::asking::Answer;
use super::seen::{Figures, Host, Operation, Project, Sample};

/// A part of the screen that can be gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Panel {
    /// Operations a second.
    Rates,
    /// Projects in the queue.
    Projects,
    /// Hosts.
    Hosts,
    /// Operations in flight.
    Flight,
}

impl Panel {
    /// All of them, in the order in which one goes from one to the next.
    pub(super) const ALL: [Self; 4] = [Self::Rates, Self::Projects, Self::Hosts, Self::Flight];

    /// The one that is so many places behind it.
    pub(super) const fn moved(self, by: usize) -> Self {
        Self::ALL[(self as usize + by) % Self::ALL.len()]
    }

    /// How many orders its rows may be in.
    const fn orders(self) -> usize {
        match self {
            Self::Rates => 1,
            Self::Projects | Self::Hosts | Self::Flight => 3,
        }
    }
}

/// Nobody answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    /// Since when, by this machine's clock.
    pub(super) since: String,
    /// What is known of why; empty while an answer is waited for.
    pub(super) why: String,
}

/// What is looked at.
#[derive(Debug)]
pub(super) struct View {
    pub(super) place: String,
    pub(super) period: Duration,
    pub(super) locale: Locale,
    pub(super) has_color: bool,
    pub(super) figures: Figures,
    operations: Vec<Operation>,
    /// The last samples, the oldest first.
    pub(super) samples: VecDeque<Sample>,
    pub(super) focus: Panel,
    /// Whether the panel that is gone through has the place of all others.
    pub(super) is_whole: bool,
    pub(super) is_paused: bool,
    pub(super) is_helped: bool,
    pub(super) trouble: Option<Trouble>,
    /// How long it is until the next question, while nobody answers.
    pub(super) again_in: Duration,
    /// In which order the rows of each panel are, and which of them is chosen.
    orders: [usize; Panel::ALL.len()],
    chosen: [usize; Panel::ALL.len()],
}

impl View {
    /// Nothing was answered yet.
    pub(super) fn new(place: String, period: Duration, locale: Locale) -> Self {
        Self {
            place,
            period,
            locale,
            has_color: false,
            figures: Figures::default(),
            operations: Vec::new(),
            samples: VecDeque::new(),
            focus: Panel::Flight,
            is_whole: false,
            is_paused: false,
            is_helped: false,
            trouble: None,
            again_in: Duration::ZERO,
            orders: [0; Panel::ALL.len()],
            chosen: [0; Panel::ALL.len()],
        }
    }

    /// The number of the last sample that is known: what is behind it is asked for.
    pub(super) fn last(&self) -> u64 {
        self.samples.back().map_or(0, |sample| sample.number)
    }

    /// Takes an answer in.
    pub(super) fn take(&mut self, answer: Answer) {
        let Answer { mut figures, operations } = answer;
        // A service that was started again counts from one.
        if figures.uptime_s < self.figures.uptime_s {
            self.samples.clear();
        }
        let last = self.last();
        let new = std::mem::take(&mut figures.samples).into_iter();
        self.samples.extend(new.filter(|sample| sample.number > last));
        while self.samples.len() > limits::TOP_SAMPLES {
            self.samples.pop_front();
        }
        (self.figures, self.operations) = (figures, operations);
        self.trouble = None;
    }

    /// The samples that rates are of: as many seconds as there are between two answers.
    pub(super) fn recent(&self) -> impl Iterator<Item = &Sample> + Clone {
        let count = (self.period.as_secs_f64().round() as usize).max(1);
        self.samples.iter().skip(self.samples.len().saturating_sub(count))
    }

    /// In which order the rows of a panel are.
    pub(super) const fn order(&self, panel: Panel) -> usize {
        self.orders[panel as usize]
    }

    /// Has the rows of the panel that is gone through in the next order.
    pub(super) fn next_order(&mut self) {
        let order = &mut self.orders[self.focus as usize];
        *order = (*order + 1) % self.focus.orders();
        self.chosen[self.focus as usize] = 0;
    }

    /// Which row of so many is chosen.
    pub(super) fn chosen(&self, panel: Panel, rows: usize) -> usize {
        self.chosen[panel as usize].min(rows.saturating_sub(1))
    }

    /// Chooses the row so many behind, or before, of the panel that is gone through.
    pub(super) fn choose(&mut self, by: isize) {
        let rows = match self.focus {
            Panel::Rates => 0,
            Panel::Projects => self.figures.queue.projects.len(),
            Panel::Hosts => self.hosts().len(),
            Panel::Flight => self.operations.len(),
        };
        let chosen = self.chosen(self.focus, rows).saturating_add_signed(by);
        self.chosen[self.focus as usize] = chosen.min(rows.saturating_sub(1));
    }

    /// Projects in the order that was chosen: what waits, what runs, how long the oldest has waited.
    pub(super) fn projects(&self) -> Vec<&Project> {
        let mut rows: Vec<_> = self.figures.queue.projects.iter().collect();
        match self.order(Panel::Projects) {
            0 => rows.sort_by_key(|row| Reverse(row.waiting)),
            1 => rows.sort_by_key(|row| Reverse(row.in_flight)),
            _ => rows.sort_by(|one, other| descending(one.oldest_s, other.oldest_s)),
        }
        rows
    }

    /// Hosts in the order that was chosen: the fullest, those that take no servers, by name. Those that
    /// take none are among them even if they are not among the fullest.
    pub(super) fn hosts(&self) -> Vec<&Host> {
        let Some(hosts) = &self.figures.hosts else { return Vec::new() };
        let is_new = |host: &&Host| hosts.fullest.iter().all(|other| other.name != host.name);
        let apart = hosts.closed.iter().filter(is_new);
        let mut rows: Vec<_> = hosts.fullest.iter().chain(apart).collect();
        match self.order(Panel::Hosts) {
            // As the service has them.
            0 => {}
            1 => rows.sort_by_key(|row| row.status == "enabled" && row.state == "up"),
            _ => rows.sort_by(|one, other| one.name.cmp(&other.name)),
        }
        rows
    }

    /// Operations in flight in the order that was chosen: how long they have run, how long since they
    /// were accepted, how often they were tried.
    pub(super) fn operations(&self) -> Vec<&Operation> {
        let mut rows: Vec<_> = self.operations.iter().collect();
        let whole = |row: &Operation| Some(row.wait_ms + row.run_ms.unwrap_or(0.0));
        match self.order(Panel::Flight) {
            0 => rows.sort_by(|one, other| descending(one.run_ms, other.run_ms)),
            1 => rows.sort_by(|one, other| descending(whole(one), whole(other))),
            _ => rows.sort_by_key(|row| Reverse(row.attempts)),
        }
        rows
    }
}

/// The longer first, and what is not known last.
fn descending(one: Option<f64>, other: Option<f64>) -> std::cmp::Ordering {
    other.unwrap_or(-1.0).total_cmp(&one.unwrap_or(-1.0))
}
