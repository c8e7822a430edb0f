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
use guichet_view::data;
use guichet_view::number::grouped;

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
pub fn play(cases: &[Case], states_max: usize) -> data::Play {
    let named = |name: &str, about: &str| data::Named { name: name.into(), about: about.into() };
    let guards = GUARDS.iter().map(|guard| data::Guard {
        name: guard.name.to_owned(),
        title: guard.title.to_owned(),
        about: guard.about.to_owned(),
        flags: flags(guard.manager),
        label: guard.label.to_owned(),
        waits: guard.waits.to_owned(),
    });
    let cases = cases.iter().map(|case| data::PlayCase {
        name: case.to_string(),
        start: STARTS.iter().position(|start| start == case.start).unwrap_or_default(),
        requests: requests(case),
        graph: graph::graph(case, states_max),
    });
    data::Play {
        id: ID.to_owned(),
        title: "Who goes next?".to_owned(),
        starts: STARTS.iter().map(|start| named(start.name, start.about)).collect(),
        guards: guards.collect(),
        harms: Anomaly::ALL.map(|kind| named(kind.title(), kind.why())).to_vec(),
        left_out: format!(
            "This choice has more than {} states, too many for this page. Choose another start fleet or other requests, or play it in the \
             terminal.",
            grouped(states_max as u64)
        ),
        cases: cases.collect(),
    }
}

/// The part of a race's page in which the reader decides who goes next.
pub fn section() -> data::Section {
    let play = play(&cases(), limits::PLAY_STATES_MAX);
    data::Section {
        title: "Be the scheduler".to_owned(),
        text: vec![
            "Choose what the clients ask for, and decide at every step who goes next. A step is one \
             read or one write of a shared row; the worker runs a whole job in one. Can you lose a \
             server? And with the lock?"
                .to_owned(),
            "Each state and each step was explored beforehand, with the manager's own rules; the \
             page only follows them."
                .to_owned(),
        ],
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
