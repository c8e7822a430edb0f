//! The race without the lock: what the exploration finds, and that it finds all there is.

use guichet_core::limits;
use guichet_locale::Locale;
use guichet_race::anomaly::Anomaly;
use guichet_race::case::Case;
use guichet_race::explore::{Explored, explore, sealed};
use guichet_race::schedule::Schedule;
use guichet_race::scope::scope;
use guichet_race::state::{Actor, Manager};
use guichet_race::threads::{Raced, Threads, race};
use guichet_race::timeline::Timeline;
use guichet_race::{Options, Part, replay, run};
use guichet_view::screen::Screen;

/// A schedule's case, without its steps.
fn case(text: &str) -> Case {
    format!("{text}:1").parse::<Schedule>().expect("a case").case
}

/// Those cases of the scope with two clients and a request each: quick without optimisation.
fn small() -> Vec<Case> {
    scope().into_iter().filter(|case| case.programs.concat().len() == 2).collect()
}

fn of(text: &str, manager: Manager) -> Explored {
    explore(&[case(text)], manager, limits::EXPLORE_STATES_MAX)
}

fn schedule(claim: Option<Anomaly>, case: &Case, steps: &[Actor]) -> Schedule {
    Schedule { claim, case: case.clone(), steps: steps.to_vec() }
}

#[test]
fn nothing_breaks_with_the_lock_in_the_whole_scope() {
    let explored = explore(&scope(), Manager::Locked, limits::EXPLORE_STATES_MAX);
    assert!(explored.complete);
    assert_eq!(explored.cases, scope().len() as u64);
    assert_eq!(explored.broken, 0, "{:?}", explored.shortest);
    assert!(explored.shortest.is_empty());
}

#[test]
fn a_semaphore_of_one_is_a_lock_in_the_whole_scope() {
    let semaphore = explore(&scope(), Manager::Semaphore(1), limits::EXPLORE_STATES_MAX);
    assert!(semaphore.complete);
    assert_eq!(semaphore.broken, 0, "{:?}", semaphore.shortest);
    // One permit leaves the same orders of whole requests and jobs as the lock does.
    let locked = explore(&scope(), Manager::Locked, limits::EXPLORE_STATES_MAX);
    assert_eq!(semaphore.schedules, locked.schedules);
}

#[test]
fn without_the_lock_each_invariant_breaks() {
    let explored = explore(&small(), Manager::Unlocked, limits::EXPLORE_STATES_MAX);
    assert!(explored.complete);
    let broken: Vec<Anomaly> = explored.shortest.iter().map(|found| found.invariant).collect();
    assert_eq!(broken, Anomaly::ALL);
    assert!(explored.broken_by.iter().all(|count| *count > 0 && *count <= explored.broken));
    assert!(explored.broken < explored.schedules, "requests one after the other break nothing");
}

#[test]
fn a_semaphore_of_two_is_no_lock() {
    let two = explore(&small(), Manager::Semaphore(2), limits::EXPLORE_STATES_MAX);
    assert_eq!(two.shortest.len(), Anomaly::ALL.len());
    // It keeps out a third one only, and the worker while both are busy.
    let without = explore(&small(), Manager::Unlocked, limits::EXPLORE_STATES_MAX);
    assert!(two.schedules < without.schedules && two.states < without.states);
}

#[test]
fn independent_steps_have_as_many_schedules_as_combinatorics_says() {
    // In an empty fleet each of these reads usage, server and queue, and is refused.
    for (text, schedules, states) in [
        ("empty:reboot", 1, 4),
        ("empty:reboot/reboot", 20, 16),
        ("empty:reboot/delete", 20, 16),
        ("empty:reboot+delete/delete+reboot", 924, 49),
        ("empty:reboot/delete/reboot", 1_680, 64),
    ] {
        let explored = of(text, Manager::Unlocked);
        assert_eq!((explored.schedules, explored.states), (schedules, states), "{text}");
        assert_eq!(explored.broken, 0, "{text}");
    }
    for (text, schedules) in [
        ("empty:reboot/delete", 2),
        ("empty:reboot+delete/delete+reboot", 6),
        ("empty:reboot/delete/reboot", 6),
        // One client and the job that it queues: the order is given.
        ("empty:create", 1),
    ] {
        assert_eq!(of(text, Manager::Locked).schedules, schedules, "{text}");
        assert_eq!(of(text, Manager::Semaphore(1)).schedules, schedules, "{text}");
    }
}

/// Every schedule, found by trying each next step, with what it breaks.
fn all_schedules(case: &Case, manager: Manager) -> Vec<(Vec<Actor>, Vec<Anomaly>)> {
    let clients = case.programs.len() as u8;
    let actors: Vec<Actor> = (1..=clients).map(Actor::Client).chain([Actor::Worker]).collect();
    let mut open = vec![Vec::new()];
    let mut ended = Vec::new();
    while let Some(steps) = open.pop() {
        let further: Vec<Vec<Actor>> = actors
            .iter()
            .map(|actor| [steps.as_slice(), &[*actor]].concat())
            .filter(|steps| Timeline::play(&schedule(None, case, steps), manager).is_ok())
            .collect();
        if further.is_empty() {
            let played = Timeline::play(&schedule(None, case, &steps), manager).expect("it ends");
            ended.push((steps, played.broken.iter().map(|harm| harm.kind()).collect()));
        }
        open.extend(further);
    }
    ended
}

#[test]
fn the_counts_are_those_of_trying_every_schedule() {
    for (text, manager) in [
        ("one-active:reboot/reboot", Manager::Unlocked),
        ("one-active:reboot/delete", Manager::Unlocked),
        ("one-active:reboot/delete", Manager::Semaphore(2)),
        ("one-active:delete/delete", Manager::Locked),
        ("last-room:create/create/delete", Manager::Locked),
        ("last-quota:create/delete", Manager::Semaphore(1)),
    ] {
        let case = case(text);
        let (all, explored) = (all_schedules(&case, manager), of(text, manager));
        assert_eq!(all.len() as u128, explored.schedules, "{text}");
        let broken = all.iter().filter(|(_, broken)| !broken.is_empty()).count();
        assert_eq!(broken as u128, explored.broken, "{text}");
        for (kind, count) in Anomaly::ALL.into_iter().zip(explored.broken_by) {
            let broken = all.iter().filter(|(_, broken)| broken.contains(&kind)).count();
            assert_eq!(broken as u128, count, "{text}: {kind:?}");
        }
    }
}

#[test]
fn the_moment_of_harm_is_where_every_way_on_ends_with_it() {
    let case = case("one-active:reboot/delete");
    let all = all_schedules(&case, Manager::Unlocked);
    let explored = explore(std::slice::from_ref(&case), Manager::Unlocked, 10_000);
    assert!(!explored.shortest.is_empty());
    for found in &explored.shortest {
        let breaks = |prefix: &[Actor]| {
            let ways: Vec<_> = all.iter().filter(|(steps, _)| steps.starts_with(prefix)).collect();
            let breaking = ways.iter().filter(|(_, broken)| broken.contains(&found.invariant));
            (ways.len() as u128, breaking.count() as u128)
        };
        let (ways, breaking) = breaks(&found.steps[..=found.sealed.step]);
        assert_eq!((ways, breaking), (found.sealed.ways_on, ways));
        let (ways, breaking) = breaks(&found.steps[..found.sealed.step]);
        assert!(breaking < ways, "it could still be avoided before");
        let again = sealed(&case, Manager::Unlocked, &found.steps, found.invariant, 10_000);
        assert_eq!(again, Some(found.sealed));
    }
}

#[test]
fn each_shortest_schedule_shows_its_harm_and_no_shorter_one_does() {
    let explored = explore(&small(), Manager::Unlocked, limits::EXPLORE_STATES_MAX);
    for found in &explored.shortest {
        let text = schedule(Some(found.invariant), &found.case, &found.steps).to_string();
        let schedule: Schedule = text.parse().expect("it is printed as it is read");
        let replayed = replay(&schedule, Manager::Unlocked).expect("each step can be taken");
        assert!(replayed.holds(), "{text}");
        assert_eq!(replayed.timeline.sealed, Some(found.sealed), "{text}");
        let lines = replayed.lines(Screen::PIPE, Locale::English);
        assert_eq!(lines.iter().filter(|line| line.starts_with("  ✗  ")).count(), 1, "{lines:#?}");
        let shorter = Schedule { steps: found.steps[..found.steps.len() - 1].to_vec(), ..schedule };
        assert!(!replay(&shorter, Manager::Unlocked).expect("a prefix").holds(), "{text}");
        // The lock and a single permit do not let it happen.
        let one = Timeline::play(&shorter, Manager::Semaphore(1));
        assert!(one.is_err(), "{text}");
    }
}

#[test]
fn past_the_limit_of_states_it_says_that_it_is_not_complete() {
    for most in [1, 10, 1_000] {
        let explored = explore(&small(), Manager::Unlocked, most);
        assert!(!explored.complete);
        assert!(explored.states <= most, "{} states", explored.states);
    }
    let all = explore(&small(), Manager::Unlocked, limits::EXPLORE_STATES_MAX);
    let just = explore(&small(), Manager::Unlocked, all.states);
    assert_eq!(just, all);
    assert!(!explore(&small(), Manager::Unlocked, all.states - 1).complete);
}

#[test]
fn exploring_twice_is_the_same() {
    let cases: Vec<Case> = small().into_iter().take(15).collect();
    let explored = || explore(&cases, Manager::Unlocked, limits::EXPLORE_STATES_MAX);
    assert_eq!(explored(), explored());
}

fn raced(requests: u64, locked: bool) -> Raced {
    let options = Threads { clients: 8, requests, seed: 7, locked, until_all: !locked };
    race(options).expect("threads")
}

#[test]
fn threads_show_harm_without_the_lock_and_none_with_it() {
    let without = raced(limits::RACE_REQUESTS_DEFAULT, false);
    assert!(without.kinds() >= 5, "{without:#?}");
    assert!(without.requests <= limits::RACE_REQUESTS_DEFAULT);
    for (count, example) in without.found.iter().zip(&without.examples) {
        assert_eq!(*count > 0, example.is_some());
    }
    let with = raced(without.requests.max(2_000), true);
    assert_eq!((with.kinds(), with.requests / 16), (0, without.requests.max(2_000) / 16));
}

#[test]
fn a_race_is_reported_in_full() {
    let options =
        Options { clients: 4, requests: 20_000, seed: 3, permits: Some(2), states_max: 14_000 };
    let mut progress = Vec::new();
    let outcome = run(options, |part| progress.push(part)).expect("a race");
    assert_eq!(progress, [Part::Threads, Part::Unlocked, Part::Locked, Part::Semaphore]);
    assert!(outcome.holds());
    let text = outcome.lines(Screen::PIPE, Locale::English).join("\n");
    for expected in [
        "Not complete (without the lock): stopped at 14,000 states",
        "replay with: guichet race --replay 'lost_server@empty:create/create:",
        "replay with: guichet race --with semaphore=2 --replay '",
        "A semaphore of 2 is not a lock: ",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let page = guichet_race::page(&outcome, Locale::English);
    assert_eq!(page.sections.len(), 4);
    assert_eq!(page.sections[3].title, "Is a semaphore of 2 a lock?");
    assert_eq!(page.sections[3].blocks.len(), 1);
    assert_eq!(page.sections[2].blocks.len(), Anomaly::ALL.len());
    for block in &page.sections[2].blocks {
        let guichet_view::data::Block::Timeline(timeline) = block else {
            panic!("{block:?} is no timeline");
        };
        assert_eq!(timeline.steps.iter().filter(|step| step.harm).count(), 1);
        assert!(timeline.steps.iter().all(|step| step.column < timeline.columns.len()));
    }
}
