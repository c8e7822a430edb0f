//! The states that the tracer found, in words.

use guichet_core::limits;
use guichet_locale::{Locale, text};
use guichet_view::data::{WalkFinding, WalkState, WalkThread, WalkTurn};

use crate::message::{Found, Graph, GraphState, Note, Row, Status};
use crate::timeline;

/// The part of a finding that is its states.
pub(super) fn finding(graph: &Graph, locale: Locale) -> WalkFinding {
    let labels = labels(graph);
    let sealed = sealed(graph);
    let states = graph.states.iter().zip(sealed);
    let states = states
        .map(|(state, is_sealed)| WalkState { is_sealed, ..shown(graph, state, &labels, locale) });
    WalkFinding {
        actors: graph.actors.iter().map(|task| task.name.clone()).collect(),
        states: states.collect(),
        labels,
        shortest: graph.shortest.clone(),
        beyond: beyond(graph, locale),
        ..WalkFinding::default()
    }
}

/// What is said of a step that leads out of the page.
fn beyond(graph: &Graph, locale: Locale) -> String {
    let is_whole = graph.states.iter().flat_map(|state| &state.2).all(|(.., to)| *to >= 0);
    if is_whole {
        String::new()
    } else if graph.stray {
        text!(locale, "walk-beyond-stray")
    } else {
        text!(locale, "walk-beyond", states = limits::CHECK_PAGE_STATES)
    }
}

/// The names of all rows, each once, in the order in which they come up.
fn labels(graph: &Graph) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for row in graph.rows.iter().flatten() {
        let (Row::Value(label, _) | Row::Lock(label, ..)) = row;
        if !labels.contains(label) {
            labels.push(label.clone());
        }
    }
    labels
}

fn shown(graph: &Graph, state: &GraphState, labels: &[String], locale: Locale) -> WalkState {
    let rows = graph.rows.get(state.0).map_or(&[][..], Vec::as_slice);
    let value = |label: &String| {
        let row = rows.iter().find(|row| {
            let (Row::Value(name, _) | Row::Lock(name, ..)) = row;
            name == label
        });
        row.map(|row| value(row, graph, locale)).unwrap_or_default()
    };
    let threads = (0..graph.actors.len()).map(|actor| {
        let status = state.1.get(actor).and_then(|place| at(&graph.statuses, *place));
        status.map(|status| thread(status, locale))
    });
    let turns = state.2.iter().map(|(actor, step, to)| {
        let (lines, notes) = at(&graph.steps, *step).cloned().unwrap_or_default();
        WalkTurn {
            actor: *actor,
            lines: lines.iter().filter_map(|line| usize::try_from(*line).ok()).collect(),
            notes: notes.iter().filter_map(|note| said(note, locale)).collect(),
            to: usize::try_from(*to).ok(),
        }
    });
    WalkState {
        values: labels.iter().map(value).collect(),
        threads: threads.collect(),
        turns: turns.collect(),
        harms: harms(graph, state.3, locale),
        is_sealed: false,
    }
}

fn at<T>(values: &[T], place: i64) -> Option<&T> {
    values.get(usize::try_from(place).ok()?)
}

/// What happens; that a line reads, writes or calls something without a name is seen in it.
fn said(note: &Note, locale: Locale) -> Option<String> {
    let has_name = note.name.as_deref().is_some_and(|name| !name.is_empty());
    let is_plain = note.what == "goes_on" && !has_name;
    (!is_plain).then(|| timeline::sentence(note, locale))
}

fn value(row: &Row, graph: &Graph, locale: Locale) -> String {
    let names = |actors: &[usize]| -> String {
        let names = actors.iter().filter_map(|actor| graph.actors.get(*actor));
        names.map(|task| task.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let (holders, waiting) = match row {
        Row::Value(_, text) => return text.clone(),
        Row::Lock(_, holders, waiting) => (names(holders), names(waiting)),
    };
    let held = if holders.is_empty() {
        text!(locale, "walk-lock-free")
    } else {
        text!(locale, "walk-lock-held", names = holders)
    };
    if waiting.is_empty() {
        held
    } else {
        text!(locale, "walk-lock-waited", held = held, waits = waiting)
    }
}

fn thread(status: &Status, locale: Locale) -> WalkThread {
    let Status(what, line, kind, name, known, held) = status;
    let (line, name) = (*line, name.as_str());
    let text = match what.as_str() {
        "new" => text!(locale, "walk-begins"),
        "waits" => text!(locale, "walk-waits", name = name, line = line),
        "sleeps" => text!(locale, "walk-sleeps", line = line),
        "done" => text!(locale, "walk-done"),
        _ if line == 0 => text!(locale, "walk-goes-on"),
        _ if name.is_empty() => text!(locale, "walk-next-line", line = line),
        _ => {
            let note =
                Note { kind: Some(kind.clone()), name: Some(name.to_owned()), ..Note::default() };
            let access = timeline::access(&note, locale);
            text!(locale, "walk-next-access", line = line, access = access)
        }
    };
    let mut parts: Vec<String> =
        known.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    if !held.is_empty() {
        parts.push(text!(locale, "walk-holds", names = held.join(", ")));
    }
    let known = parts.join(" · ");
    WalkThread { line: usize::try_from(line).unwrap_or_default(), text, known }
}

/// What is wrong at an end, in sentences.
fn harms(graph: &Graph, place: i64, locale: Locale) -> Vec<String> {
    let kinds = at(&graph.harms, place).map_or(&[][..], Vec::as_slice);
    let sentences = kinds.iter().map(|(kind, details)| {
        let found = Found {
            kind: kind.clone(),
            details: details.clone(),
            tasks: graph.actors.clone(),
            ..Found::default()
        };
        found.sentence(locale)
    });
    sentences.collect()
}

/// Of each state, whether every way on ends in harm: none leads to a good end, or out of what is
/// known. States can lead back to themselves, so this goes from those ends backwards.
fn sealed(graph: &Graph) -> Vec<bool> {
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); graph.states.len()];
    let mut open: Vec<usize> = Vec::new();
    for (place, state) in graph.states.iter().enumerate() {
        let is_sound_end = state.2.is_empty() && state.3 < 0;
        if is_sound_end || state.2.iter().any(|(.., to)| *to < 0) {
            open.push(place);
        }
        for (.., to) in &state.2 {
            if let Some(into) = usize::try_from(*to).ok().and_then(|to| before.get_mut(to)) {
                into.push(place);
            }
        }
    }
    let mut sealed = vec![true; graph.states.len()];
    while let Some(place) = open.pop() {
        if std::mem::replace(&mut sealed[place], false) {
            open.extend(&before[place]);
        }
    }
    sealed
}
