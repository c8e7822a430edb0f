//! A schedule played step by step, in words: one column for each client, time goes down, and the
//! moment of harm is marked.

use guichet_view::number::grouped;
use guichet_view::screen::Screen;
use guichet_view::text::wrapped_to;

use crate::anomaly::Anomaly;
use crate::explore::Sealed;
use crate::schedule::Schedule;
use crate::state::{Actor, Manager, State};
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
    pub text: String,
    /// What is in the shared rows afterwards, if it wrote to them.
    pub note: String,
}

/// A step of a schedule cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("step {step} of the schedule cannot be taken by {}: {why}", who(*actor))]
pub struct StepError {
    /// Which step, from 1.
    pub step: usize,
    /// Who was to take it.
    pub actor: Actor,
    /// What stands in the way.
    pub why: &'static str,
}

fn who(actor: Actor) -> String {
    match actor {
        Actor::Client(number) => format!("client {number}"),
        Actor::Worker => "the worker".to_owned(),
    }
}

/// A schedule that was played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// The schedule that was played.
    pub schedule: Schedule,
    /// Its steps, in their order.
    pub steps: Vec<Step>,
    /// What is broken at its end, or was on the way: each kind once, with a sentence.
    pub broken: Vec<(Anomaly, String)>,
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
        let mut broken: Vec<(Anomaly, String)> = Vec::new();
        for (index, actor) in schedule.steps.iter().copied().enumerate() {
            let before = state.clone();
            let moved = state.step(&world, &mut interner, manager, actor).ok_or_else(|| {
                StepError { step: index + 1, actor, why: before.obstacle(&world, actor) }
            })?;
            let wording = Wording { world: &world, interner: &interner };
            let text = wording.step(&before, actor, moved);
            let wrote = before.cells != state.cells;
            let note = if wrote { wording.rows(&state) } else { String::new() };
            steps.push(Step { actor, text, note });
            for harm in state.harms(&world, &interner) {
                if broken.iter().all(|(kind, _)| *kind != harm.kind()) {
                    broken.push((harm.kind(), harm.to_string()));
                }
            }
        }
        let unfinished = !state.at_rest();
        Ok(Self { schedule: schedule.clone(), steps, broken, unfinished, sealed: None })
    }

    /// Whether the schedule shows what it is said to; true if nothing is said.
    pub fn shows_its_claim(&self) -> bool {
        self.schedule.claim.is_none_or(|claim| self.sentence(claim).is_some())
    }

    /// The sentence about one kind of harm.
    pub fn sentence(&self, kind: Anomaly) -> Option<&str> {
        let found = self.broken.iter().find(|(broken, _)| *broken == kind)?;
        Some(&found.1)
    }

    /// The heads of the columns: each client with its requests, and the worker if it takes part.
    pub fn columns(&self) -> Vec<String> {
        let programs = self.schedule.case.programs.iter().zip(1..);
        let mut columns: Vec<String> = programs
            .map(|(program, client)| {
                let names: Vec<&str> = program.iter().map(|kind| kind.as_str()).collect();
                format!("client {client}: {}", names.join(", "))
            })
            .collect();
        if self.schedule.steps.contains(&Actor::Worker) {
            columns.push("worker".to_owned());
        }
        columns
    }

    /// The column of a step.
    pub fn column(&self, step: &Step) -> usize {
        match step.actor {
            Actor::Client(number) => usize::from(number) - 1,
            Actor::Worker => self.schedule.case.programs.len(),
        }
    }

    /// What is said below the steps.
    pub fn outcome(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        if let (Some(sealed), Some(claim)) = (self.sealed, self.schedule.claim) {
            let step = sealed.step + 1;
            sentences.push(format!("{HARM_MARK} step {step}: {}.", claim.why()));
            if sealed.ways_on > 1 {
                let ways = grouped(sealed.ways_on);
                sentences.push(format!(
                    "From here on it cannot be avoided: each of the {ways} ways to go on ends with it."
                ));
            }
        }
        if self.unfinished {
            sentences.push("Somebody is still in the middle of a request: not judged.".to_owned());
        } else if self.broken.is_empty() {
            sentences.push("Nothing is broken.".to_owned());
        }
        for (kind, sentence) in &self.broken {
            sentences.push(format!("{}: {sentence}.", kind.title()));
        }
        sentences
    }

    /// How wide each column is: as its texts are or, where a screen has not the place, as it has
    /// for each.
    fn widths(&self, columns: &[String], screen: Screen) -> Vec<usize> {
        let mut widths: Vec<usize> = columns.iter().map(|head| head.chars().count()).collect();
        for step in &self.steps {
            let width = &mut widths[self.column(step)];
            *width = (*width).max(step.text.chars().count());
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
    pub fn lines(&self, screen: Screen) -> Vec<String> {
        let columns = self.columns();
        let widths = self.widths(&columns, screen);
        let heads: Vec<String> =
            columns.iter().zip(&widths).map(|(head, width)| format!("{head:width$}")).collect();
        let mut lines = vec![format!("     step  {}", heads.join("  ")).trim_end().to_owned()];
        for (index, step) in self.steps.iter().enumerate() {
            let marked = self.sealed.is_some_and(|sealed| sealed.step == index);
            let mark = if marked { HARM_MARK } else { ' ' };
            let before: usize = widths[..self.column(step)].iter().map(|width| width + 2).sum();
            let text = wrapped_to(&step.text, 2, widths[self.column(step)]);
            for (part, text) in text.iter().enumerate() {
                lines.push(if part == 0 {
                    format!("  {mark}  {:>4}  {:before$}{text}", index + 1, "")
                } else {
                    format!("{:STEP_WIDTH$}{:before$}{text}", "", "")
                });
            }
        }
        let narrower = screen.width().map_or(screen, |width| Screen::wide(width.saturating_sub(2)));
        for sentence in self.outcome() {
            let sentence = narrower.paragraph(&sentence, 2);
            lines.extend(sentence.into_iter().map(|line| format!("  {line}")));
        }
        lines
    }
}
