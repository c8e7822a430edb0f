//! Every state that the unlocked manager can come to, from the start on, in words.

use std::collections::BTreeMap;

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
pub(super) fn walk(world: &World, explorer: &Explorer<'_>, start: State) -> Option<Walked> {
    let mut interner = explorer.interner.clone();
    let labels = labels(&start.cells);
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
            let text = Wording { world, interner: &interner }.step(&state, actor, moved);
            moves.push(data::Move { actor: number, text, to: explorer.place(&next)? });
            open.push(next);
        }
        let harms = state.harms(world, &interner);
        let broken = harms.iter().map(|harm| (harm.kind() as usize, harm.to_string())).collect();
        let rows = rows(&Wording { world, interner: &interner }, &state.cells);
        let shown = data::PlayState { rows, broken, holds: Vec::new(), moves };
        found.insert(place, (shown, state));
    }
    let (states, seen) = found.into_values().unzip();
    Some(Walked { labels, states, seen })
}

/// What the shared rows are called.
fn labels(cells: &Cells) -> Vec<String> {
    let mut labels: Vec<String> = ["list", "length of list", "usage"].map(str::to_owned).to_vec();
    labels.extend((1..=cells.capacities.len()).map(|host| format!("host {host}")));
    labels.push("queue".to_owned());
    labels
}

/// What is in the shared rows.
fn rows(wording: &Wording<'_>, cells: &Cells) -> Vec<String> {
    let Wording { world, interner } = wording;
    let listed = cells.slots.iter().enumerate().map(|(slot, image)| {
        let place = slot + 1;
        let shown = image.map_or_else(|| "empty".to_owned(), |image| wording.shown(image));
        let uncounted = if slot < usize::from(cells.length) { "" } else { " (not counted yet)" };
        format!("place {place}: {shown}{uncounted}")
    });
    let queue = cells.queue.iter().map(|job| {
        let operation = interner.jobs.get(*job).operation;
        format!("job {} of {}", operation.number, name(index_of(operation.server)))
    });
    let capacities = cells.capacities.iter();
    let free = capacities.map(|capacity| world.capacity_for(interner.capacities.get(*capacity)));
    let or_empty = |words: Vec<String>, between: &str| {
        if words.is_empty() { "empty".to_owned() } else { words.join(between) }
    };
    let mut rows = vec![or_empty(listed.collect(), " | "), cells.length.to_string()];
    rows.push(wording.usage(cells.usage));
    rows.extend(free.map(|servers| format!("room for {servers}")));
    rows.push(or_empty(queue.collect(), ", "));
    rows
}
