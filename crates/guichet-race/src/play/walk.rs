//! Every state that the unlocked manager can come to, from the start on, in words.

use std::collections::BTreeMap;

use guichet_locale::{Locale, text};
use guichet_view::data;

use crate::cells::Cells;
use crate::explore::Explorer;
use crate::naming::{index_of, name};
use crate::state::{Manager, State};
use crate::wording::Wording;
use crate::world::World;

/// What was seen on the walk.
pub(super) struct Walked {
    /// What the rows of a state are called.
    pub(super) labels: Vec<String>,
    /// The states in words, but for what guards make of them.
    pub(super) states: Vec<data::PlayState>,
    /// The same states, as they are.
    pub(super) seen: Vec<State>,
}

/// Walks through every state from the start on, in the order of an explorer that was there: each
/// step leads to a later state. None if that explorer saw less.
pub(super) fn walk(
    world: &World,
    explorer: &Explorer<'_>,
    start: State,
    locale: Locale,
) -> Option<Walked> {
    let mut interner = explorer.interner.clone();
    let labels = labels(&start.cells, locale);
    let mut found: BTreeMap<usize, (data::PlayState, State)> = BTreeMap::new();
    let mut open = vec![start];
    while let Some(state) = open.pop() {
        let place = explorer.place(&state)?;
        if found.contains_key(&place) {
            continue;
        }
        let mut moves = Vec::new();
        for (actor, number) in state.actors().zip(0..) {
            let mut next = state.clone();
            let moved = next.step(world, &mut interner, Manager::Unlocked, actor);
            let Some(moved) = moved else { continue };
            let text = Wording { world, interner: &interner, locale }.step(&state, actor, moved);
            moves.push(data::Move { actor: number, text, to: explorer.place(&next)? });
            open.push(next);
        }
        let harms = state.harms(world, &interner);
        let broken =
            harms.iter().map(|harm| (harm.kind() as usize, harm.sentence(locale))).collect();
        let rows = rows(&Wording { world, interner: &interner, locale }, &state.cells);
        let shown = data::PlayState { rows, broken, holds: Vec::new(), moves };
        found.insert(place, (shown, state));
    }
    let (states, seen) = found.into_values().unzip();
    Some(Walked { labels, states, seen })
}

/// What the shared rows are called.
fn labels(cells: &Cells, locale: Locale) -> Vec<String> {
    let mut labels = vec![
        text!(locale, "play-row-list"),
        text!(locale, "play-row-length"),
        text!(locale, "play-row-usage"),
    ];
    let hosts = 1..=cells.capacities.len();
    labels.extend(hosts.map(|host| text!(locale, "play-row-host", host = host)));
    labels.push(text!(locale, "play-row-queue"));
    labels
}

/// What is in the shared rows.
fn rows(wording: &Wording<'_>, cells: &Cells) -> Vec<String> {
    let locale = wording.locale;
    let listed = wording.listed(cells).map(|(place, server)| {
        let server = server.unwrap_or_else(|| text!(locale, "race-empty"));
        text!(locale, "play-place", place = place, server = server)
    });
    let queue = cells.queue.iter().map(|job| {
        let operation = wording.interner.jobs.get(*job).operation;
        let (number, server) = (operation.number, name(index_of(operation.server)));
        text!(locale, "play-job", number = number, server = server)
    });
    let rooms = cells.capacities.iter().map(|capacity| {
        let (_, room) = wording.room(*capacity);
        text!(locale, "play-room", room = room)
    });
    let listed: Vec<String> = listed.collect();
    let mut rows = vec![wording.or_empty(&listed, " | "), cells.length.to_string()];
    rows.push(wording.usage(cells.usage));
    rows.extend(rooms);
    rows.push(wording.or_empty(&queue.collect::<Vec<_>>(), ", "));
    rows
}
