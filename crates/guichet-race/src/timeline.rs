//! A schedule played step by step, in words: one column for each client, time goes down, and the
//! moment of harm is marked.

use guichet_locale::{Locale, text};
use guichet_view::screen::Screen;
use guichet_view::text::wrapped_to;

use crate::anomaly::{Anomaly, Harm};
use crate::explore::Sealed;
use crate::schedule::Schedule;
use crate::state::{Actor, Manager, Obstacle, State};
use crate::wording::Wording;
use crate::world::World;

/// Marks the moment of harm.
pub const HARM_MARK: char = '✗';

/// What stands before the first column: a mark and the number of a step.
const STEP_WIDTH: usize = 11;

/// One step of a schedule, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The client or worker that took it.
    pub actor: Actor,
    /// What was done, as the timeline shows it.
    pub text: Worded,
    /// What is in the shared rows afterwards, if it changed them.
    pub note: Worded,
}

/// A text in every language: who reads a schedule that was played is known only later, and there
/// may be two of them, a person and a program.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Worded([String; Locale::ALL.len()]);

impl Worded {
    fn of(text: impl Fn(Locale) -> String) -> Self {
        Self(Locale::ALL.map(text))
    }

    /// The text in a language.
    pub fn in_locale(&self, locale: Locale) -> &str {
        &self.0[locale as usize]
    }
}

/// A step of a schedule cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence(Locale::English))]
pub struct StepError {
    /// Which step, from 1.
    pub step: usize,
    /// Who was to take it.
    pub actor: Actor,
    /// What stands in the way.
    pub why: Obstacle,
}

impl StepError {
    /// The same in a language.
    pub fn sentence(&self, locale: Locale) -> String {
        let who = match self.actor {
            Actor::Client(client) => text!(locale, "race-by-client", client = client),
            Actor::Worker => text!(locale, "race-by-worker"),
        };
        let why = match self.why {
            Obstacle::NoJob => text!(locale, "race-no-job"),
            Obstacle::NoRequest => text!(locale, "race-no-request"),
            Obstacle::NoPermit => text!(locale, "race-no-permit"),
        };
        text!(locale, "race-step-refused", step = self.step, who = who, why = why)
    }
}

/// A schedule that was played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// The schedule that was played.
    pub schedule: Schedule,
    /// Its steps, in their order.
    pub steps: Vec<Step>,
    /// What is broken at its end, or was on the way: each kind once.
    pub broken: Vec<Harm>,
    /// Whether somebody was still in the middle of a request at the end.
    pub unfinished: bool,
    /// The moment of harm of what the schedule is said to break.
    pub sealed: Option<Sealed>,
}

impl Timeline {
    /// Plays a schedule from its start fleet, step by step.
    ///
    /// # Errors
    /// [`StepError`] if one of its steps cannot be taken: which one and why.
    pub fn play(schedule: &Schedule, manager: Manager) -> Result<Self, StepError> {
        let world = World::new(&schedule.case);
        let (mut interner, mut state) = State::open(&world);
        let mut steps = Vec::with_capacity(schedule.steps.len());
        let mut broken: Vec<Harm> = Vec::new();
        for (index, actor) in schedule.steps.iter().copied().enumerate() {
            let before = state.clone();
            let moved = state.step(&world, &mut interner, manager, actor).ok_or_else(|| {
                StepError { step: index + 1, actor, why: before.obstacle(&world, actor) }
            })?;
            let wording = |locale| Wording { world: &world, interner: &interner, locale };
            let text = Worded::of(|locale| wording(locale).step(&before, actor, moved));
            let rows = |state: &State| Worded::of(|locale| wording(locale).rows(state));
            let (then, now) = (rows(&before), rows(&state));
            let note = if now == then { Worded::default() } else { now };
            steps.push(Step { actor, text, note });
            for harm in state.harms(&world, &interner) {
                if broken.iter().all(|known| known.kind() != harm.kind()) {
                    broken.push(harm);
                }
            }
        }
        let unfinished = !state.at_rest();
        Ok(Self { schedule: schedule.clone(), steps, broken, unfinished, sealed: None })
    }

    /// Whether nobody is in the middle of a request at its end.
    pub(crate) const fn is_judged(&self) -> bool {
        !self.unfinished
    }

    /// Whether the schedule shows what it is said to; true if nothing is said.
    pub fn shows_its_claim(&self) -> bool {
        self.schedule.claim.is_none_or(|claim| self.harm(claim).is_some())
    }

    /// The harm of one kind.
    pub fn harm(&self, kind: Anomaly) -> Option<&Harm> {
        self.broken.iter().find(|harm| harm.kind() == kind)
    }

    /// The heads of the columns: each client with its requests, and the worker if it takes part.
    pub fn columns(&self, locale: Locale) -> Vec<String> {
        let programs = self.schedule.case.programs.iter().zip(1_usize..);
        let mut columns: Vec<String> = programs
            .map(|(program, client)| {
                let names: Vec<&str> = program.iter().map(|kind| kind.as_str()).collect();
                text!(locale, "race-column", client = client, requests = names.join(", "))
            })
            .collect();
        if self.schedule.steps.contains(&Actor::Worker) {
            columns.push(text!(locale, "race-worker"));
        }
        columns
    }

    /// What it is said to break, or that it is a schedule.
    pub(crate) fn title(&self, locale: Locale) -> String {
        match self.schedule.claim {
            Some(kind) => kind.title(locale),
            None => text!(locale, "race-a-schedule"),
        }
    }

    /// The column of a step.
    pub fn column(&self, step: &Step) -> usize {
        match step.actor {
            Actor::Client(number) => usize::from(number) - 1,
            Actor::Worker => self.schedule.case.programs.len(),
        }
    }

    /// What is said below the steps.
    pub fn outcome(&self, locale: Locale) -> Vec<String> {
        let mut sentences = Vec::new();
        if let (Some(sealed), Some(claim)) = (self.sealed, self.schedule.claim) {
            let (mark, step) = (HARM_MARK.to_string(), sealed.step + 1);
            let why = claim.why(locale);
            sentences.push(text!(locale, "race-harm-step", mark = mark, step = step, why = why));
            if sealed.ways_on > 1 {
                let ways = locale.grouped(sealed.ways_on);
                sentences.push(text!(locale, "race-unavoidable", ways = ways));
            }
        }
        if self.unfinished {
            sentences.push(text!(locale, "race-not-judged"));
        } else if self.broken.is_empty() {
            sentences.push(text!(locale, "race-sound"));
        }
        for harm in &self.broken {
            let (kind, sentence) = (harm.kind().title(locale), harm.sentence(locale));
            sentences.push(text!(locale, "race-broken", kind = kind, sentence = sentence));
        }
        sentences
    }

    /// How wide each column is: as its texts are or, where a screen has not the place, as it has
    /// for each.
    fn widths(&self, columns: &[String], (screen, locale): (Screen, Locale)) -> Vec<usize> {
        let mut widths: Vec<usize> = columns.iter().map(|head| head.chars().count()).collect();
        for step in &self.steps {
            let width = &mut widths[self.column(step)];
            *width = (*width).max(step.text.in_locale(locale).chars().count());
        }
        if let Some(most) = screen.width() {
            let place = most.saturating_sub(STEP_WIDTH + 2 * columns.len());
            while widths.iter().sum::<usize>() > place {
                // The widest gives way, so that what is short stays whole.
                let Some(widest) = widths.iter_mut().max() else {
                    break;
                };
                *widest -= 1;
            }
        }
        widths
    }

    /// All of it as lines of text.
    pub fn lines(&self, screen: Screen, locale: Locale) -> Vec<String> {
        let columns = self.columns(locale);
        let widths = self.widths(&columns, (screen, locale));
        let heads: Vec<String> =
            columns.iter().zip(&widths).map(|(head, width)| format!("{head:width$}")).collect();
        let head = text!(locale, "race-step");
        let mut lines = vec![format!("{head:>9}  {}", heads.join("  ")).trim_end().to_owned()];
        for (index, step) in self.steps.iter().enumerate() {
            let marked = self.sealed.is_some_and(|sealed| sealed.step == index);
            let mark = if marked { HARM_MARK } else { ' ' };
            let before: usize = widths[..self.column(step)].iter().map(|width| width + 2).sum();
            let text = wrapped_to(step.text.in_locale(locale), 2, widths[self.column(step)]);
            for (part, text) in text.iter().enumerate() {
                lines.push(if part == 0 {
                    format!("  {mark}  {:>4}  {:before$}{text}", index + 1, "")
                } else {
                    format!("{:STEP_WIDTH$}{:before$}{text}", "", "")
                });
            }
        }
        let narrower = screen.width().map_or(screen, |width| Screen::wide(width.saturating_sub(2)));
        for sentence in self.outcome(locale) {
            let sentence = narrower.paragraph(&sentence, 2);
            lines.extend(sentence.into_iter().map(|line| format!("  {line}")));
        }
        lines
    }
}
