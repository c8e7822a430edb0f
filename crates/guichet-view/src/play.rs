//! A race that the reader schedules, as what its script reads: texts once each, and the states of
//! a case as one string of small numbers.

mod words;

use std::collections::BTreeMap;

use guichet_locale::Locale;
use serde_json::{Value, json};

use crate::data::{Graph, Hold, Move, Play, PlayCase, PlayState};
use crate::error::RenderError;
use crate::escape::json_in_script;
use crate::table::Table;

/// A game as the page has it.
pub(crate) struct Board<'a> {
    pub(crate) play: &'a Play,
    /// How many states are in the page.
    pub(crate) states: usize,
    /// What the script reads.
    pub(crate) json: String,
}

/// What the numbers are written in: five bits a letter, and whether another one follows.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// The bit that says so.
const MORE: usize = 32;

/// Checks the data and writes them down.
pub(crate) fn board(play: &Play, locale: Locale) -> Result<Board<'_>, RenderError> {
    let mut shared = Shared::default();
    let mut cases = Vec::with_capacity(play.cases.len());
    let mut states = 0;
    for case in &play.cases {
        check(play, case)?;
        states += case.graph.as_ref().map_or(0, |graph| graph.states.len());
        let graph = case.graph.as_ref().map(|graph| encoded(graph, &mut shared));
        cases.push(json!([case.name, case.start, case.requests, graph]));
    }
    let named = |named: &[crate::data::Named]| -> Vec<Value> {
        named.iter().map(|it| json!([it.name, it.about])).collect()
    };
    let guards = play.guards.iter().map(|it| {
        json!({
            "name": it.name, "title": it.title, "about": it.about, "flags": it.flags,
            "label": it.label, "waits": it.waits,
        })
    });
    let data = json!({
        "starts": named(&play.starts), "guards": guards.collect::<Vec<_>>(),
        "harms": named(&play.harms), "left_out": play.left_out, "texts": shared.texts.values,
        "holds": shared.holds.values, "guarded": shared.guarded.values, "states": shared.states.values,
        "cases": cases,
        "words": words::words(locale),
    });
    Ok(Board { play, states, json: json_in_script(&data.to_string()) })
}

/// What a guard makes of a state: the holder's text, who waits, what is sealed.
type Held = (usize, Vec<usize>, Vec<usize>);

/// What is in the page once, whichever cases have it. Start fleets that differ in what nobody asks
/// for have the same states.
#[derive(Default)]
struct Shared {
    texts: Table<String>,
    holds: Table<Option<Held>>,
    /// The lists of what all guards together make of the states of a graph.
    guarded: Table<Vec<Vec<usize>>>,
    /// All states of a graph, as small numbers.
    states: Table<String>,
}

/// A graph; what its states share stands beside them, once each.
fn encoded(graph: &Graph, shared: &mut Shared) -> Value {
    let mut rows = Table::default();
    let mut broken = Table::default();
    let mut holds: Table<Vec<usize>> = Table::default();
    let mut steps = steps(graph, &mut shared.texts);
    // A number for how many steps and for what is broken, as both are small.
    let most = 1 + graph.states.iter().map(|state| state.moves.len()).max().unwrap_or_default();
    let mut states = String::new();
    for (place, state) in graph.states.iter().enumerate() {
        let row: Vec<usize> = state.rows.iter().map(|it| shared.texts.place(it.clone())).collect();
        let harms: Vec<(usize, usize)> = state
            .broken
            .iter()
            .map(|(harm, text)| (*harm, shared.texts.place(text.clone())))
            .collect();
        push(&mut states, rows.place(row));
        let guarded = state.holds.iter().map(|hold| held(hold.as_ref(), shared)).collect();
        push(&mut states, broken.place(harms) * most + state.moves.len());
        push(&mut states, holds.place(guarded));
        for Move { actor, text, to } in &state.moves {
            push(&mut states, steps.place((*actor, shared.texts.place(text.clone()))));
            push(&mut states, to - place);
        }
    }
    let ways = graph.ways.iter().map(|way| json!([way.guard, way.harm, way.steps, way.text]));
    json!({
        "labels": graph.labels, "rows": rows.values, "broken": broken.values, "steps": steps.values,
        "ways": ways.collect::<Vec<_>>(), "most": most,
        "guarded": shared.guarded.place(holds.values), "states": shared.states.place(states),
    })
}

/// The place of what a guard makes of a state.
fn held(hold: Option<&Hold>, shared: &mut Shared) -> usize {
    let hold =
        hold.map(|it| (shared.texts.place(it.holder.clone()), it.waits.clone(), it.sealed.clone()));
    shared.holds.place(hold)
}

/// Who does what in a graph, the most frequent first: small numbers are short.
fn steps(graph: &Graph, texts: &mut Table<String>) -> Table<(usize, usize)> {
    let mut counts = BTreeMap::new();
    for Move { actor, text, .. } in graph.states.iter().flat_map(|state| &state.moves) {
        *counts.entry((*actor, texts.place(text.clone()))).or_insert(0_usize) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(step, count)| (std::cmp::Reverse(*count), *step));
    let mut table = Table::default();
    for (step, _) in counts {
        table.place(step);
    }
    table
}

/// Writes a number: its lowest bits first.
fn push(text: &mut String, mut number: usize) {
    while number >= MORE {
        text.push(char::from(DIGITS[number % MORE + MORE]));
        number /= MORE;
    }
    text.push(char::from(DIGITS[number]));
}

/// Whether everything that is named by a number is there.
fn check(play: &Play, case: &PlayCase) -> Result<(), RenderError> {
    let wrong = |found: String| Err(RenderError::data(&case.name, found));
    if case.start >= play.starts.len() {
        return wrong(format!("start {} of {}", case.start, play.starts.len()));
    }
    let Some(graph) = &case.graph else { return Ok(()) };
    if graph.states.is_empty() {
        return wrong("no state".to_owned());
    }
    for (place, state) in graph.states.iter().enumerate() {
        if let Some(found) = fault(play, case, graph, place, state) {
            return wrong(format!("state {place}: {found}"));
        }
    }
    let bad = |way: &&crate::data::Way| {
        way.guard >= play.guards.len() || way.harm >= play.harms.len() || way.steps.is_empty()
    };
    match graph.ways.iter().find(bad) {
        Some(way) => wrong(format!("a way of guard {} to harm {}", way.guard, way.harm)),
        None => Ok(()),
    }
}

/// What is wrong with a state.
fn fault(
    play: &Play,
    case: &PlayCase,
    graph: &Graph,
    place: usize,
    state: &PlayState,
) -> Option<String> {
    let actors = case.requests.len() + 1;
    let holds = || state.holds.iter().flatten();
    let harms = state.broken.iter().map(|(harm, _)| harm);
    let harms = || harms.clone().chain(holds().flat_map(|hold| &hold.sealed));
    let who = || state.moves.iter().map(|it| &it.actor).chain(holds().flat_map(|it| &it.waits));
    if state.rows.len() != graph.labels.len() {
        return Some(format!("{} rows, expected {}", state.rows.len(), graph.labels.len()));
    }
    if state.holds.len() != play.guards.len() {
        return Some(format!("{} holds, expected {}", state.holds.len(), play.guards.len()));
    }
    if let Some(harm) = harms().find(|harm| **harm >= play.harms.len()) {
        return Some(format!("harm {harm} of {}", play.harms.len()));
    }
    if let Some(actor) = who().find(|actor| **actor >= actors) {
        return Some(format!("actor {actor} of {actors}"));
    }
    let to = state.moves.iter().map(|it| it.to);
    let mut bad = to.filter(|to| *to <= place || *to >= graph.states.len());
    bad.next().map(|to| format!("a step to state {to} of {}", graph.states.len()))
}

#[cfg(test)]
mod tests;
