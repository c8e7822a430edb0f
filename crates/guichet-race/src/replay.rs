//! `--replay`: one schedule shown again.

use guichet_core::limits;
use guichet_locale::{Locale, text};
use guichet_view::screen::Screen;
use serde::Serialize;

use crate::explore::sealed;
use crate::outcome::Shown;
use crate::schedule::Schedule;
use crate::state::Manager;
use crate::timeline::{StepError, Timeline};

/// A schedule that was shown again.
#[derive(Debug, Clone)]
pub struct Replay {
    /// What happened at each step.
    pub timeline: Timeline,
}

/// Plays a schedule, and finds the moment of harm of what it is said to break.
///
/// # Errors
/// [`StepError`] if one of its steps cannot be taken: which one and why.
pub fn replay(schedule: &Schedule, manager: Manager) -> Result<Replay, StepError> {
    let mut timeline = Timeline::play(schedule, manager)?;
    if let Some(claim) = schedule.claim.filter(|claim| timeline.harm(*claim).is_some()) {
        let most = limits::REPLAY_STATES_MAX;
        timeline.sealed = sealed(&schedule.case, manager, &schedule.steps, claim, most);
    }
    Ok(Replay { timeline })
}

impl Replay {
    /// Whether it shows what it is said to.
    pub fn holds(&self) -> bool {
        self.timeline.shows_its_claim()
    }

    /// For people.
    pub fn lines(&self, screen: Screen, locale: Locale) -> Vec<String> {
        let timeline = &self.timeline;
        let start = timeline.schedule.case.start.in_words(locale);
        let mut lines = screen.line(&start, 2);
        lines.push(String::new());
        lines.extend(timeline.lines(screen, locale));
        lines.push(String::new());
        if self.holds() && timeline.schedule.claim.is_some() && timeline.sealed.is_none() {
            let states = limits::REPLAY_STATES_MAX;
            let unmarked = text!(locale, "race-unmarked", states = states);
            lines.extend(screen.line(&unmarked, 2));
        }
        lines.push(match timeline.schedule.claim {
            None if !timeline.is_judged() => text!(locale, "race-not-over"),
            None if timeline.broken.is_empty() => text!(locale, "race-breaks-nothing"),
            None => text!(locale, "race-breaks-above"),
            Some(claim) if self.holds() => {
                text!(locale, "race-shows", kind = claim.title(locale))
            }
            Some(claim) => text!(locale, "race-shows-not", kind = claim.title(locale)),
        });
        lines
    }

    /// For programs.
    pub fn json(&self) -> impl Serialize + '_ {
        Json { replay: Shown::of(&self.timeline), holds: self.holds() }
    }
}

#[derive(Debug, Serialize)]
struct Json<'a> {
    replay: Shown<'a>,
    holds: bool,
}
