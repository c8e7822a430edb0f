//! A case explored under every guard, as the graph of a page.

use guichet_locale::{Locale, text};
use guichet_view::data;

use super::guard::{GUARDS, Guard};
use super::walk::walk;
use crate::anomaly::{Anomaly, Kinds};
use crate::case::Case;
use crate::explore::{Explorer, NEVER};
use crate::schedule::steps_text;
use crate::state::{Manager, State};
use crate::world::World;

/// The graph of a case; none if it has more than `states_max` states.
pub(super) fn graph(case: &Case, states_max: usize, locale: Locale) -> Option<data::Graph> {
    let world = World::new(case);
    let (mut interner, start) = State::open(&world);
    let mut explorers: Vec<Explorer<'_>> = Vec::new();
    // Which of them each guard's is: a guard that takes no step away has the same as none.
    let mut explored = Vec::with_capacity(GUARDS.len());
    // The first one is without any guard and sees every value there is, so those after it give no
    // number anew: their states and its own can be compared.
    for guard in &GUARDS {
        let known = explorers.iter().position(|explorer| explorer.manager == guard.manager);
        explored.push(known.unwrap_or(explorers.len()));
        if known.is_some() {
            continue;
        }
        let mut explorer = Explorer::new(&world, guard.manager, interner, states_max as u64);
        explorer.visit(start.clone());
        if !explorer.complete {
            return None;
        }
        interner = explorer.interner.clone();
        explorers.push(explorer);
    }
    let walked = walk(&world, explorers.first()?, start.clone(), locale)?;
    let mut states = walked.states;
    for (state, seen) in states.iter_mut().zip(&walked.seen) {
        let holds = GUARDS.iter().zip(&explored).map(|(guard, explored)| {
            let sealed = explorers[*explored].known(seen)?.sealed;
            Some(hold(&world, guard, (seen, sealed), locale))
        });
        state.holds = holds.collect();
    }
    let mut ways = Vec::new();
    for (guard, explored) in explored.iter().enumerate() {
        ways.extend(shortest(&mut explorers[*explored], (case, &start), guard, locale));
    }
    Some(data::Graph { labels: walked.labels, states, ways })
}

/// The shortest ways to each harm that there is under a guard.
fn shortest(
    explorer: &mut Explorer<'_>,
    (case, start): (&Case, &State),
    guard: usize,
    locale: Locale,
) -> Vec<data::Way> {
    let steps_to = explorer.known(start).map_or([NEVER; 6], |known| known.steps_to);
    let mut ways = Vec::new();
    for (harm, kind) in Anomaly::ALL.into_iter().enumerate() {
        if steps_to[harm] != NEVER {
            let steps = explorer.shortest(case, start, kind).steps;
            let (title, count) = (kind.title(locale), steps.len());
            let text = text!(locale, "play-shortest", kind = title, steps = count);
            ways.push(data::Way { guard, harm, steps: steps_text(&steps), text });
        }
    }
    ways
}

/// What a guard makes of a state.
fn hold(
    world: &World,
    guard: &Guard,
    (state, sealed): (&State, Kinds),
    locale: Locale,
) -> data::Hold {
    let manager = guard.manager;
    let wants = |actor| state.can(world, Manager::Unlocked, actor);
    let waits = state.actors().zip(0..);
    let waits = waits.filter(|(actor, _)| wants(*actor) && !state.can(world, manager, *actor));
    let kinds = Anomaly::ALL.into_iter().enumerate();
    data::Hold {
        holder: guard
            .holder
            .map_or_else(|| holder(manager, state, locale), |holder| holder(locale)),
        waits: waits.map(|(_, place)| place).collect(),
        sealed: kinds.filter(|(_, kind)| sealed.has(*kind)).map(|(place, _)| place).collect(),
    }
}

/// Who has the lock, or permits.
fn holder(manager: Manager, state: &State, locale: Locale) -> String {
    let clients = state.clients.iter().zip(1_usize..);
    let busy = clients.filter(|(client, _)| client.is_busy());
    let busy: Vec<String> =
        busy.map(|(_, client)| text!(locale, "play-holder", client = client)).collect();
    let names =
        if busy.is_empty() { text!(locale, "play-nobody-holds") } else { locale.listed(&busy) };
    match manager {
        Manager::Unlocked | Manager::Locked => String::new(),
        Manager::Semaphore(1) => names,
        Manager::Semaphore(permits) => {
            let free = permits.saturating_sub(busy.len() as u64);
            text!(locale, "play-permits-free", names = names, free = free, permits = permits)
        }
    }
}
