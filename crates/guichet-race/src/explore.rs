//! The step explorer: every schedule of a case, depth first, with the states that were seen
//! remembered, so that what follows from a state is worked out once. States are remembered whole
//! (not as a digest), so that none is ever taken for another.
//!
//! For each state it knows exactly how many schedules lead on from it and how many of them break
//! an invariant, how many steps it takes at least to break each, and which harm is *sealed*:
//! whoever goes on, and in whatever order, it can no longer be avoided. The moment of harm in a
//! schedule is the first step after which its harm is sealed.

use std::collections::HashMap;

use crate::anomaly::{Anomaly, Kinds, kinds};
use crate::case::Case;
use crate::hash::StateHash;
use crate::interner::Interner;
use crate::state::{Actor, Manager, State};
use crate::world::World;

/// A state's number, in the order in which it was first seen through to its end.
type Node = u32;

/// Stands for a number of steps where no way leads to the break.
pub(crate) const NEVER: u8 = u8::MAX;

/// What is known of a state.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Known {
    /// Ways to go on to the end.
    schedules: u128,
    /// How many of them break something.
    broken: u128,
    /// How many of them break each invariant.
    broken_by: [u128; 6],
    /// Steps to the nearest state in which each is broken.
    pub(crate) steps_to: [u8; 6],
    /// What every way to go on breaks.
    pub(crate) sealed: Kinds,
}

/// The shortest schedule that breaks an invariant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortest {
    /// The invariant that it breaks.
    pub invariant: Anomaly,
    /// The case that it is a schedule of.
    pub case: Case,
    /// The client or worker that takes each step.
    pub steps: Vec<Actor>,
    /// How often another one takes over.
    pub switches: u32,
    /// The moment of harm.
    pub sealed: Sealed,
}

/// The moment of harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    /// The step after which the harm can no longer be avoided, from 0.
    pub step: usize,
    /// How many ways there are to go on from there; 0 if not known.
    pub ways_on: u128,
}

/// What came of exploring one case, or several.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Explored {
    /// How many cases were explored.
    pub cases: u64,
    /// How many distinct states they have.
    pub states: u64,
    /// How many distinct complete schedules they have.
    pub schedules: u128,
    /// How many of these schedules break something.
    pub broken: u128,
    /// How many of them break each invariant, in the order of [`Anomaly::ALL`].
    pub broken_by: [u128; 6],
    /// The shortest schedule for each invariant that is ever broken, in that order.
    pub shortest: Vec<Shortest>,
    /// Whether every state was seen; if not, the counts are only of what was.
    pub complete: bool,
}

/// Explores cases one after the other, `states_max` states in all.
pub fn explore(cases: &[Case], manager: Manager, states_max: u64) -> Explored {
    let mut total = Explored { complete: true, ..Explored::default() };
    for case in cases {
        let found = explore_case(case, manager, states_max - total.states, &total.shortest);
        total.cases += 1;
        total.states += found.states;
        total.schedules += found.schedules;
        total.broken += found.broken;
        for (sum, count) in total.broken_by.iter_mut().zip(found.broken_by) {
            *sum += count;
        }
        total.shortest = found.shortest;
        total.complete &= found.complete;
    }
    total
}

/// The moment of harm of a schedule, if it has one and `states_max` states are enough to tell.
pub fn sealed(
    case: &Case,
    manager: Manager,
    steps: &[Actor],
    invariant: Anomaly,
    states_max: u64,
) -> Option<Sealed> {
    let world = World::new(case);
    let (interner, start) = State::open(&world);
    let mut explorer = Explorer::new(&world, manager, interner, states_max);
    explorer.visit(start.clone());
    explorer.sealed(&start, steps, invariant).filter(|_| explorer.complete)
}

/// Explores one case; `known` are the shortest schedules so far.
fn explore_case(case: &Case, manager: Manager, states_max: u64, known: &[Shortest]) -> Explored {
    let world = World::new(case);
    let (interner, start) = State::open(&world);
    let mut explorer = Explorer::new(&world, manager, interner, states_max);
    let Some(first) = explorer.visit(start.clone()) else {
        return Explored { shortest: known.to_vec(), ..Explored::default() };
    };
    let at_first = explorer.known[first as usize];
    let mut shortest = Vec::new();
    for (index, invariant) in Anomaly::ALL.into_iter().enumerate() {
        let best = known.iter().find(|best| best.invariant == invariant);
        let steps = at_first.steps_to[index];
        let may_be_shorter = best.is_none_or(|best| usize::from(steps) <= best.steps.len());
        let found = (steps != NEVER && may_be_shorter)
            .then(|| explorer.shortest(case, &start, invariant))
            .filter(|found| best.is_none_or(|best| rank(found) < rank(best)));
        shortest.extend(found.or_else(|| best.cloned()));
    }
    Explored {
        cases: 1,
        states: explorer.known.len() as u64,
        schedules: at_first.schedules,
        broken: at_first.broken,
        broken_by: at_first.broken_by,
        shortest,
        complete: explorer.complete,
    }
}

/// Fewest steps, then fewest switches.
fn rank(found: &Shortest) -> (usize, u32) {
    (found.steps.len(), found.switches)
}

/// Explores what follows from states of one case under one manager.
pub(crate) struct Explorer<'a> {
    world: &'a World,
    pub(crate) manager: Manager,
    states_max: u64,
    /// What the states' numbers stand for.
    pub(crate) interner: Interner,
    nodes: HashMap<State, Node, StateHash>,
    known: Vec<Known>,
    /// States begun: those known, and those in the middle of their visit.
    entered: u64,
    /// Whether every state was entered.
    pub(crate) complete: bool,
}

impl<'a> Explorer<'a> {
    pub(crate) fn new(
        world: &'a World,
        manager: Manager,
        interner: Interner,
        states_max: u64,
    ) -> Self {
        Self {
            world,
            manager,
            states_max,
            interner,
            nodes: HashMap::default(),
            known: Vec::new(),
            entered: 0,
            complete: true,
        }
    }

    /// The states one step further, with who took it.
    fn next_states(&mut self, state: &State) -> Vec<(Actor, State)> {
        let mut states = Vec::with_capacity(state.clients.len() + 1);
        for actor in state.actors() {
            if state.can(self.world, self.manager, actor) {
                let mut next = state.clone();
                next.step(self.world, &mut self.interner, self.manager, actor);
                states.push((actor, next));
            }
        }
        states
    }

    /// Explores everything that follows from a state; none once `states_max` states were entered.
    /// It calls itself once for each step of a schedule, of which there are a few dozen.
    pub(crate) fn visit(&mut self, state: State) -> Option<Node> {
        if let Some(node) = self.nodes.get(&state) {
            return Some(*node);
        }
        if self.entered >= self.states_max {
            self.complete = false;
            return None;
        }
        self.entered += 1;
        let mut found = Known { steps_to: [NEVER; 6], sealed: Kinds::ALL, ..Known::default() };
        let broken = kinds(&state.harms(self.world, &self.interner));
        let next_states = self.next_states(&state);
        if next_states.is_empty() {
            found = Known { schedules: 1, sealed: Kinds::default(), ..found };
        }
        for (_, next) in next_states {
            match self.visit(next) {
                Some(node) => found.take_in(&self.known[node as usize]),
                None => found.sealed = Kinds::default(),
            }
        }
        found.break_here(broken);
        let node = self.known.len() as Node;
        self.known.push(found);
        self.nodes.insert(state, node);
        Some(node)
    }

    /// The schedule that breaks an invariant in the fewest steps, and of those the first one with
    /// the fewest switches. It follows only steps that come nearer to the break.
    pub(crate) fn shortest(&mut self, case: &Case, start: &State, invariant: Anomaly) -> Shortest {
        let mut search = Search { best: HashMap::default(), invariant: invariant as usize };
        let (switches, steps) = search.from(self, start, None);
        let steps: Vec<Actor> = steps.into_iter().rev().collect();
        // The last step breaks it, so it is sealed by then at the latest.
        let last = Sealed { step: steps.len().saturating_sub(1), ways_on: 0 };
        let sealed = self.sealed(start, &steps, invariant).unwrap_or(last);
        Shortest { invariant, case: case.clone(), steps, switches, sealed }
    }

    /// The first of these steps after which a harm is sealed.
    fn sealed(&mut self, start: &State, steps: &[Actor], invariant: Anomaly) -> Option<Sealed> {
        let mut state = start.clone();
        for (step, actor) in steps.iter().enumerate() {
            state.step(self.world, &mut self.interner, self.manager, *actor)?;
            let known = self.known[*self.nodes.get(&state)? as usize];
            if known.sealed.has(invariant) {
                return Some(Sealed { step, ways_on: known.schedules });
            }
        }
        None
    }

    /// What was found of a state; none if no way led to it.
    pub(crate) fn known(&self, state: &State) -> Option<Known> {
        self.nodes.get(state).map(|node| self.known[*node as usize])
    }

    /// A state's place in an order in which each step leads to a later one, from the start at 0.
    pub(crate) fn place(&self, state: &State) -> Option<usize> {
        // States are numbered when all that follows them is.
        self.nodes.get(state).map(|node| self.known.len() - 1 - *node as usize)
    }

    fn steps_to(&self, state: &State, invariant: usize) -> u8 {
        let node = self.nodes.get(state);
        node.map_or(NEVER, |node| self.known[*node as usize].steps_to[invariant])
    }
}

/// The fewest switches on the shortest ways to a break.
struct Search {
    /// From a state, after a step of this actor: the switches, and the steps, last one first.
    best: HashMap<(State, Option<Actor>), (u32, Vec<Actor>)>,
    invariant: usize,
}

impl Search {
    fn from(
        &mut self,
        explorer: &mut Explorer<'_>,
        state: &State,
        last: Option<Actor>,
    ) -> (u32, Vec<Actor>) {
        let steps = explorer.steps_to(state, self.invariant);
        if steps == 0 {
            return (0, Vec::new());
        }
        let key = (state.clone(), last);
        if let Some(best) = self.best.get(&key) {
            return best.clone();
        }
        let mut best: Option<(u32, Vec<Actor>)> = None;
        for (actor, next) in explorer.next_states(state) {
            if explorer.steps_to(&next, self.invariant).saturating_add(1) != steps {
                continue;
            }
            let (switches, mut way) = self.from(explorer, &next, Some(actor));
            let switches = switches + u32::from(last.is_some_and(|last| last != actor));
            if best.as_ref().is_none_or(|(fewest, _)| switches < *fewest) {
                way.push(actor);
                best = Some((switches, way));
            }
        }
        let best = best.unwrap_or_default();
        self.best.insert(key, best.clone());
        best
    }
}

impl Known {
    /// Takes in what is known of a state one step further.
    fn take_in(&mut self, next: &Self) {
        // Saturating: some schedule that a person wrote may have more ways than there are numbers.
        self.schedules = self.schedules.saturating_add(next.schedules);
        self.broken = self.broken.saturating_add(next.broken);
        for (sum, count) in self.broken_by.iter_mut().zip(next.broken_by) {
            *sum = sum.saturating_add(count);
        }
        for (steps, further) in self.steps_to.iter_mut().zip(next.steps_to) {
            *steps = (*steps).min(further.saturating_add(1));
        }
        self.sealed = self.sealed.and(next.sealed);
    }

    /// This state itself is broken: so is every schedule that comes through it.
    fn break_here(&mut self, broken: Kinds) {
        if broken.is_empty() {
            return;
        }
        self.broken = self.schedules;
        for (index, invariant) in Anomaly::ALL.into_iter().enumerate() {
            if broken.has(invariant) {
                self.broken_by[index] = self.schedules;
                self.steps_to[index] = 0;
            }
        }
        self.sealed = self.sealed.or(broken);
    }
}
