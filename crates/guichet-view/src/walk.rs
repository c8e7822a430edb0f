//! A program that the reader schedules, as what its script reads: texts once each, and states of
//! small numbers.

mod words;

use guichet_locale::Locale;
use serde_json::{Value, json};

use crate::data::{Walk, WalkFinding, WalkState, WalkThread, WalkTurn};
use crate::error::RenderError;
use crate::escape::json_in_script;
use crate::table::Table;

/// A program as the page has it.
pub(crate) struct Desk<'a> {
    pub(crate) walk: &'a Walk,
    /// How many states are in the page.
    pub(crate) states: usize,
    /// What the script reads.
    pub(crate) json: String,
}

/// Checks the data and writes them down.
pub(crate) fn desk(walk: &Walk, locale: Locale) -> Result<Desk<'_>, RenderError> {
    let mut texts = Table::default();
    let mut findings = Vec::with_capacity(walk.findings.len());
    for finding in &walk.findings {
        check(finding)?;
        findings.push(encoded(finding, &mut texts));
    }
    let code: Vec<Value> = walk.code.iter().map(|line| json!([line.number, line.text])).collect();
    let data = json!({
        "file": walk.file, "code": code, "findings": findings, "texts": texts.values,
        "words": words::words(locale),
    });
    let states = walk.findings.iter().map(|finding| finding.states.len()).sum();
    Ok(Desk { walk, states, json: json_in_script(&data.to_string()) })
}

/// What a step does: its lines, and texts by their places.
type Deed = (Vec<usize>, Vec<usize>);

/// A finding; what its states share stands beside them, once each.
fn encoded(finding: &WalkFinding, texts: &mut Table<String>) -> Value {
    let mut rows: Table<Vec<usize>> = Table::default();
    let mut threads: Table<(usize, usize, usize)> = Table::default();
    let mut deeds: Table<Deed> = Table::default();
    let states: Vec<Value> = (finding.states.iter())
        .map(|state| {
            let row = state.values.iter().map(|it| texts.place(it.clone())).collect();
            let row = rows.place(row);
            let there: Vec<i64> =
                state.threads.iter().map(|it| thread(it.as_ref(), &mut threads, texts)).collect();
            let turns: Vec<Value> =
                state.turns.iter().map(|it| turn(it, &mut deeds, texts)).collect();
            let harms: Vec<usize> = state.harms.iter().map(|it| texts.place(it.clone())).collect();
            json!([row, there, turns, harms, u8::from(state.is_sealed)])
        })
        .collect();
    json!({
        "number": finding.number, "title": finding.title, "about": finding.about, "actors": finding.actors,
        "labels": finding.labels, "shortest": finding.shortest, "beyond": finding.beyond,
        "rows": rows.values, "threads": threads.values, "deeds": deeds.values, "states": states,
    })
}

/// The place of a thread's text; -1 for one that is not there.
fn thread(
    thread: Option<&WalkThread>,
    threads: &mut Table<(usize, usize, usize)>,
    texts: &mut Table<String>,
) -> i64 {
    let place = thread.map(|it| {
        let (text, known) = (texts.place(it.text.clone()), texts.place(it.known.clone()));
        threads.place((it.line, text, known))
    });
    place.and_then(|place| i64::try_from(place).ok()).unwrap_or(-1)
}

/// A step: whose, what it does, and where it leads. One that leads out of the page is its actor.
fn turn(turn: &WalkTurn, deeds: &mut Table<Deed>, texts: &mut Table<String>) -> Value {
    let Some(to) = turn.to else { return json!([turn.actor]) };
    let notes = turn.notes.iter().map(|it| texts.place(it.clone())).collect();
    json!([turn.actor, deeds.place((turn.lines.clone(), notes)), to])
}

/// Whether everything that is named by a number is there, and the shortest way can be gone.
fn check(finding: &WalkFinding) -> Result<(), RenderError> {
    let wrong = |found: String| Err(RenderError::data(&finding.title, found));
    if finding.states.is_empty() {
        return wrong("no state".to_owned());
    }
    for (place, state) in finding.states.iter().enumerate() {
        if let Some(found) = fault(finding, state) {
            return wrong(format!("state {place}: {found}"));
        }
    }
    let mut at = 0;
    for (number, actor) in finding.shortest.iter().enumerate() {
        let turn = finding.states[at].turns.iter().find(|turn| turn.actor == *actor);
        match turn.and_then(|turn| turn.to) {
            Some(to) => at = to,
            None => return wrong(format!("step {number} of the shortest way leads nowhere")),
        }
    }
    Ok(())
}

/// What is wrong with a state.
fn fault(finding: &WalkFinding, state: &WalkState) -> Option<String> {
    let (labels, actors) = (finding.labels.len(), finding.actors.len());
    if state.values.len() != labels {
        return Some(format!("{} values, expected {labels}", state.values.len()));
    }
    if state.threads.len() != actors {
        return Some(format!("{} threads, expected {actors}", state.threads.len()));
    }
    if let Some(turn) = state.turns.iter().find(|turn| turn.actor >= actors) {
        return Some(format!("actor {} of {actors}", turn.actor));
    }
    let states = finding.states.len();
    let mut bad = state.turns.iter().filter_map(|turn| turn.to).filter(|to| *to >= states);
    bad.next().map(|to| format!("a step to state {to} of {states}"))
}

#[cfg(test)]
mod tests;
