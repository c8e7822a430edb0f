use std::collections::BTreeMap;

use guichet_core::limits;
use guichet_locale::Locale;
use guichet_view::data::{Block, Graph, PlayState, Report, Section};

use super::{GUARDS, cases, play};
use crate::anomaly::Anomaly;
use crate::case::Case;
use crate::explore::{Explored, explore};
use crate::schedule::Schedule;
use crate::state::{Actor, Manager, State};
use crate::timeline::Timeline;
use crate::world::World;

/// Two clients from each start fleet, and three that get in each other's way.
const SOME: [&str; 7] = [
    "empty:create/create",
    "one-active:reboot/delete",
    "one-waiting:create/delete",
    "last-room:create/create",
    "last-quota:create/create",
    "empty:create/reboot/delete",
    "one-active:reboot/delete/delete",
];

fn case(text: &str) -> Case {
    format!("{text}:1").parse::<Schedule>().expect("a case").case
}

fn graph(text: &str) -> Graph {
    let played = play(&[case(text)], limits::PLAY_STATES_MAX, Locale::English);
    played.cases.into_iter().next().and_then(|case| case.graph).expect("few enough states")
}

/// The state that a step of this one leads to, unless the guard makes it wait.
fn step(state: &PlayState, guard: usize, actor: usize) -> Option<(&str, usize)> {
    let waits = state.holds[guard].as_ref().is_some_and(|hold| hold.waits.contains(&actor));
    let found = state.moves.iter().find(|it| it.actor == actor).filter(|_| !waits)?;
    Some((&found.text, found.to))
}

#[test]
fn every_step_of_every_state_is_what_the_model_does() {
    for text in SOME {
        let graph = graph(text);
        let world = World::new(&case(text));
        let (mut interner, start) = State::open(&world);
        let mut found = BTreeMap::from([(0, start)]);
        for (place, shown) in graph.states.iter().enumerate() {
            // Each step leads to a later state, so whatever leads here has been taken by now.
            let state = found.get(&place).expect("no state without a way to it").clone();
            let actors: Vec<Actor> = state.actors().collect();
            for (number, actor) in actors.iter().copied().enumerate() {
                let mut next = state.clone();
                let moved = next.step(&world, &mut interner, Manager::Unlocked, actor);
                let to = shown.moves.iter().find(|it| it.actor == number).map(|it| it.to);
                assert_eq!(moved.is_some(), to.is_some(), "{text} {place} {actor}");
                if let Some(to) = to {
                    assert_eq!(*found.entry(to).or_insert(next.clone()), next, "{text} {place}");
                }
                for (guard, hold) in GUARDS.iter().zip(&shown.holds) {
                    let Some(hold) = hold else { continue };
                    let can = state.can(&world, guard.manager, actor);
                    let goes = to.is_some() && !hold.waits.contains(&number);
                    assert_eq!(can, goes, "{text} {place} {actor} {}", guard.name);
                }
            }
            let harms = state.harms(&world, &interner);
            let harms: Vec<_> =
                harms.iter().map(|it| (it.kind() as usize, it.sentence(Locale::English))).collect();
            assert_eq!(shown.broken, harms, "{text} {place}");
        }
    }
}

/// What the graph says of the ways that a guard leaves, worked out from its steps alone.
#[derive(Clone, Default)]
struct Counted {
    schedules: u128,
    broken: u128,
    broken_by: [u128; 6],
    /// Steps to the nearest state that each breaks in.
    steps_to: [Option<usize>; 6],
    sealed: [bool; 6],
}

/// For each state that the guard lets anybody come to.
fn counted(graph: &Graph, guard: usize) -> BTreeMap<usize, Counted> {
    let mut reached = vec![false; graph.states.len()];
    reached[0] = true;
    let actors = graph.states.iter().flat_map(|state| &state.moves).map(|it| it.actor).max();
    let actors = 0..=actors.unwrap_or_default();
    for (place, state) in graph.states.iter().enumerate() {
        for (_, to) in actors.clone().filter_map(|actor| step(state, guard, actor)) {
            reached[to] |= reached[place];
        }
    }
    let mut all: BTreeMap<usize, Counted> = BTreeMap::new();
    for (place, state) in graph.states.iter().enumerate().rev().filter(|(place, _)| reached[*place])
    {
        let next: Vec<Counted> = actors
            .clone()
            .filter_map(|actor| step(state, guard, actor))
            .map(|(_, to)| all[&to].clone())
            .collect();
        let mut here = Counted { schedules: u128::from(next.is_empty()), ..Counted::default() };
        for it in &next {
            here.schedules += it.schedules;
            here.broken += it.broken;
        }
        for harm in 0..6 {
            here.broken_by[harm] = next.iter().map(|it| it.broken_by[harm]).sum();
            here.steps_to[harm] =
                next.iter().filter_map(|it| it.steps_to[harm]).min().map(|n| n + 1);
            here.sealed[harm] = !next.is_empty() && next.iter().all(|it| it.sealed[harm]);
        }
        for (harm, _) in &state.broken {
            here.broken = here.schedules;
            here.broken_by[*harm] = here.schedules;
            here.steps_to[*harm] = Some(0);
            here.sealed[*harm] = true;
        }
        all.insert(place, here);
    }
    all
}

#[test]
fn the_graph_counts_as_the_explorer_does_under_each_guard() {
    for text in SOME {
        let graph = graph(text);
        for (number, guard) in GUARDS.iter().enumerate() {
            let about = format!("{text} {}", guard.name);
            let counted = counted(&graph, number);
            let Explored { states, schedules, broken, broken_by, shortest, .. } =
                explore(&[case(text)], guard.manager, 10_000);
            let first = &counted[&0];
            assert_eq!(counted.len() as u64, states, "{about}");
            assert_eq!((first.schedules, first.broken), (schedules, broken), "{about}");
            assert_eq!(first.broken_by, broken_by, "{about}");
            for (place, state) in graph.states.iter().enumerate() {
                let sealed = state.holds[number].as_ref().map(|hold| hold.sealed.clone());
                let expected =
                    counted.get(&place).map(|it| (0..6).filter(|harm| it.sealed[*harm]).collect());
                assert_eq!(sealed, expected, "{about} {place}");
            }
            let ways = graph.ways.iter().filter(|way| way.guard == number);
            let ways: Vec<_> = ways.map(|way| (way.harm, way.steps.clone())).collect();
            let expected = shortest.iter().map(|it| {
                let steps = crate::schedule::steps_text(&it.steps);
                assert_eq!(first.steps_to[it.invariant as usize], Some(it.steps.len()), "{about}");
                (it.invariant as usize, steps)
            });
            assert_eq!(ways, expected.collect::<Vec<_>>(), "{about}");
        }
    }
}

#[test]
fn a_shortest_way_through_the_graph_is_what_a_replay_shows() {
    for text in SOME {
        let graph = graph(text);
        assert!(!graph.ways.is_empty(), "{text} can break");
        for way in &graph.ways {
            let schedule: Schedule = format!("{text}:{}", way.steps).parse().expect("a schedule");
            let played = Timeline::play(&schedule, GUARDS[way.guard].manager).expect("each step");
            let worker = schedule.case.programs.len();
            let mut place = 0;
            for it in &played.steps {
                let actor = match it.actor {
                    Actor::Client(client) => usize::from(client) - 1,
                    Actor::Worker => worker,
                };
                let (done, to) = step(&graph.states[place], way.guard, actor).expect("it can");
                assert_eq!(done, it.text.in_locale(Locale::English), "{schedule}");
                place = to;
            }
            let harm = played.harm(Anomaly::ALL[way.harm]).expect("it breaks");
            let sentence = harm.sentence(Locale::English);
            let shown = &graph.states[place].broken;
            assert!(shown.contains(&(way.harm, sentence)), "{schedule}: {shown:?}");
        }
    }
}

#[test]
fn under_the_lock_somebody_has_it_and_nothing_breaks() {
    let lock = GUARDS.iter().position(|guard| guard.name == "lock").expect("it is listed");
    let graph = graph("empty:create/create");
    let first = &graph.states[0];
    assert_eq!(first.holds[lock].as_ref().map(|it| it.holder.as_str()), Some("nobody"));
    let (_, to) = step(first, lock, 0).expect("the first read");
    let held = graph.states[to].holds[lock].as_ref().expect("the lock lets it come here");
    assert_eq!((held.holder.as_str(), &held.waits[..]), ("client 1", &[1][..]));
    assert!(graph.ways.iter().all(|way| way.guard != lock));
    // Given back after every read and write, it leaves every way open.
    let (none, each) = (counted(&graph, 0), counted(&graph, 1));
    assert_eq!((GUARDS[0].name, GUARDS[1].name), ("none", "each"));
    assert_eq!((none[&0].schedules, none.len()), (each[&0].schedules, each.len()));
}

#[test]
fn a_case_of_too_many_states_is_only_named() {
    let case = case("empty:create/create");
    let states = graph("empty:create/create").states.len();
    let played = play(std::slice::from_ref(&case), states - 1, Locale::English);
    assert_eq!(played.cases[0].name, "empty:create/create");
    assert!(played.cases[0].graph.is_none() && played.left_out.contains("more than 513 states"));
    assert!(play(&[case], states, Locale::English).cases[0].graph.is_some());
}

#[test]
fn every_choice_of_two_requests_is_in_the_page() {
    let two: Vec<Case> = cases().into_iter().filter(|case| case.programs.len() == 2).collect();
    assert_eq!((cases().len(), two.len()), (80, 30));
    let played = play(&two, limits::PLAY_STATES_MAX, Locale::English);
    assert!(played.cases.iter().all(|case| case.graph.is_some()));
    let section = Section { blocks: vec![Block::Play(played)], ..Section::default() };
    let page = guichet_view::render(&Report { sections: vec![section], ..Report::default() });
    assert!(page.expect("a sound page").contains("data-states=\"6146\""));
}

/// All that is said of what is played.
fn said(locale: Locale) -> Vec<String> {
    let cases: Vec<Case> = SOME.map(case).to_vec();
    let played = play(&cases, limits::PLAY_STATES_MAX, locale);
    let mut said = vec![played.title, played.left_out];
    said.extend(played.starts.into_iter().chain(played.harms).map(|it| it.about));
    said.extend(played.guards.into_iter().flat_map(|it| [it.title, it.about, it.label, it.waits]));
    for graph in played.cases.into_iter().filter_map(|case| case.graph) {
        said.extend(graph.labels);
        said.extend(graph.ways.into_iter().map(|way| way.text));
        for state in graph.states {
            said.extend(state.rows);
            said.extend(state.broken.into_iter().map(|(_, text)| text));
            said.extend(state.holds.into_iter().flatten().map(|hold| hold.holder));
            said.extend(state.moves.into_iter().map(|it| it.text));
        }
    }
    said
}

#[test]
fn in_french_the_same_is_said_and_nothing_in_english() {
    let (english, french) = (said(Locale::English), said(Locale::French));
    assert_eq!(english.len(), french.len());
    let words = ["the", "of", "reads", "writes", "looks", "room", "empty", "host", "job", "nobody"];
    let words = words.into_iter().chain(["not", "counted", "queue", "usage", "free", "steps"]);
    for (english, french) in english.iter().zip(&french) {
        let found = french.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let found: Vec<&str> = found.filter(|word| words.clone().any(|it| it == *word)).collect();
        assert!(found.is_empty(), "{english}: {french}");
        assert_eq!(english.is_empty(), french.is_empty());
    }
}
