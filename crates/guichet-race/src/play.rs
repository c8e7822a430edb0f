//! The race that a reader schedules, as the data of a page: each listed case with two or three
//! requests, every state that it can come to, and what each step leads to. All of it is what the
//! explorer walks through, so whoever shows it needs no rule.
//!
//! What keeps requests apart takes nothing but steps away: each state that a lock or a semaphore
//! lets anybody reach is one of the unlocked manager's too. So the states are there once, and each
//! says for every guard who must wait and which harm is sealed.

mod graph;
mod guard;
#[cfg(test)]
mod tests;
mod walk;

use guichet_core::limits;
use guichet_locale::{Locale, text};
use guichet_view::data;

use crate::anomaly::Anomaly;
use crate::case::{Case, STARTS};
use crate::scope::scope;
use crate::state::Manager;
use guard::GUARDS;

/// The page's name of what is played.
const ID: &str = "play";

/// The listed cases that can be chosen: two or three clients with one request each.
pub fn cases() -> Vec<Case> {
    let single = |case: &Case| case.programs.iter().all(|program| program.len() == 1);
    scope().into_iter().filter(single).collect()
}

/// What is played, of these cases; those with more than `states_max` states are named only.
pub fn play(cases: &[Case], states_max: usize, locale: Locale) -> data::Play {
    let named = |name: String, about: String| data::Named { name, about };
    let guards = GUARDS.iter().map(|guard| data::Guard {
        name: guard.name.to_owned(),
        title: (guard.title)(locale),
        about: (guard.about)(locale),
        flags: flags(guard.manager),
        label: (guard.label)(locale),
        waits: (guard.waits)(locale),
    });
    let cases = cases.iter().map(|case| data::PlayCase {
        name: case.to_string(),
        start: STARTS.iter().position(|start| start == case.start).unwrap_or_default(),
        requests: requests(case),
        graph: graph::graph(case, states_max, locale),
    });
    let starts = STARTS.iter().map(|start| named(start.name.to_owned(), start.about(locale)));
    data::Play {
        id: ID.to_owned(),
        title: text!(locale, "play-title"),
        starts: starts.collect(),
        guards: guards.collect(),
        harms: Anomaly::ALL.map(|kind| named(kind.title(locale), kind.why(locale))).to_vec(),
        left_out: text!(locale, "play-left-out", states = states_max),
        cases: cases.collect(),
    }
}

/// The part of a race's page in which the reader decides who goes next.
pub fn section(locale: Locale) -> data::Section {
    let play = play(&cases(), limits::PLAY_STATES_MAX, locale);
    data::Section {
        title: text!(locale, "play-section"),
        text: vec![text!(locale, "play-choose"), text!(locale, "play-followed")],
        blocks: vec![data::Block::Play(play)],
    }
}

/// What each client asks for.
fn requests(case: &Case) -> Vec<String> {
    let names = |program: &Vec<crate::case::RequestKind>| {
        program.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ")
    };
    case.programs.iter().map(names).collect()
}

/// What a replay in the terminal needs besides.
fn flags(manager: Manager) -> String {
    match manager {
        Manager::Semaphore(permits) => format!("--with semaphore={permits} "),
        Manager::Unlocked | Manager::Locked => String::new(),
    }
}
