//! Schedules as texts: what is read and printed, and what the refusal of a bad one says.

use guichet_locale::Locale;
use guichet_race::anomaly::Anomaly;
use guichet_race::case::{Case, RequestKind, STARTS};
use guichet_race::replay;
use guichet_race::schedule::Schedule;
use guichet_race::state::{Actor, Manager};
use guichet_view::screen::Screen;
use proptest::prelude::*;

fn refused(text: &str) -> String {
    text.parse::<Schedule>().expect_err(text).to_string()
}

#[test]
fn a_text_is_read_and_printed_back() {
    for text in [
        "lost_server@empty:create/create:1x6,2x10,1x4",
        "one-active:reboot+delete/create:1,2,w",
        "last-quota:delete:w",
    ] {
        assert_eq!(text.parse::<Schedule>().expect(text).to_string(), text);
    }
}

#[test]
fn a_bad_text_is_refused_with_what_is_wrong_with_it() {
    for (text, expected) in [
        ("", "schedule: found \"\", expected WHAT@FLEET:REQUESTS/REQUESTS:STEPS"),
        ("empty:create", "schedule: found \"empty:create\""),
        ("empty:create:1:2", "schedule: found"),
        ("theft@empty:create:1", "what breaks: found \"theft\", expected lost_server, "),
        ("full:create:1", "start fleet: found \"full\", expected empty, one-active, "),
        ("empty:resize:1", "request: found \"resize\", expected create, reboot, delete"),
        ("empty::1", "request: found \"\""),
        ("empty:create/create/create/create/create:1", "the requests of at most 4 clients"),
        ("empty:create+create+create+create+create:1", "at most 4 requests of a client"),
        (
            "empty:create/create:3",
            "who takes a step: found \"3\", expected a client from 1 to 2, or w",
        ),
        ("empty:create/create:0", "who takes a step: found \"0\""),
        ("empty:create:", "who takes a step: found \"\""),
        ("empty:create:1x0", "number of steps: found \"0\""),
        ("empty:create:1x-1", "number of steps: found \"-1\""),
        ("empty:create:1x1001", "expected a whole number from 1 to 1,000"),
        ("empty:create:1x1000,1", "number of steps: found \"1\""),
    ] {
        let message = refused(text);
        assert!(message.contains(expected), "{text}: {message}");
        assert!(!message.contains('\n') && message.len() < 400, "{message}");
    }
}

#[test]
fn a_step_that_cannot_be_taken_is_named() {
    for (text, manager, expected) in [
        (
            "empty:create:1x11",
            Manager::Unlocked,
            "step 11 of the schedule cannot be taken by client 1: it has nothing left to ask for",
        ),
        (
            "empty:create:w",
            Manager::Unlocked,
            "step 1 of the schedule cannot be taken by the worker: nothing is in the queue",
        ),
        (
            "empty:create/create:1,2",
            Manager::Semaphore(1),
            "step 2 of the schedule cannot be taken by client 2: no permit is free",
        ),
    ] {
        let schedule: Schedule = text.parse().expect(text);
        let message = replay(&schedule, manager).expect_err(text).to_string();
        assert!(message.starts_with(expected), "{text}: {message}");
    }
}

#[test]
fn a_replay_says_whether_it_shows_what_it_says() {
    let ends = |text: &str| {
        let schedule: Schedule = text.parse().expect(text);
        let replayed = replay(&schedule, Manager::Unlocked).expect(text);
        (replayed.holds(), replayed.lines(Screen::PIPE, Locale::English).join("\n"))
    };
    let (holds, text) = ends("lost_server@empty:create/create:1x10,2x10");
    assert!(!holds && text.ends_with("It does not show what it says: lost server."), "{text}");
    let (holds, text) = ends("empty:create/create:1x10,2x10,wx2");
    assert!(holds && text.ends_with("It breaks nothing."), "{text}");
    let (holds, text) = ends("empty:create/create:1x3,2x10,1x6");
    assert!(holds && text.contains("still in the middle of a request: not judged"), "{text}");
    let (holds, text) = ends("wrong_count@last-quota:create/create:1x7,2x10,1x3");
    assert!(holds && text.ends_with("It shows what it says: wrong count."), "{text}");
}

#[test]
fn a_schedule_of_too_many_states_is_shown_without_the_moment_of_harm() {
    let creates = ["create+create+create+create"; 3].join("/");
    let schedule: Schedule =
        format!("lost_server@empty:{creates}:1x6,2x10,1x4").parse().expect("a schedule");
    let replayed = replay(&schedule, Manager::Unlocked).expect("each step can be taken");
    assert!(replayed.holds());
    assert_eq!(replayed.timeline.sealed, None);
    let text = replayed.lines(Screen::PIPE, Locale::English).join("\n");
    assert!(text.contains("The moment of harm is not marked: 200,000 states"), "{text}");
}

fn schedules() -> impl Strategy<Value = Schedule> {
    let requests = prop::collection::vec(prop::sample::select(&RequestKind::ALL[..]), 1..=2);
    let programs = prop::collection::vec(requests, 1..=3);
    (
        prop::option::of(prop::sample::select(&Anomaly::ALL[..])),
        0..STARTS.len(),
        programs,
        prop::collection::vec(0u8..=3, 1..60),
    )
        .prop_map(|(claim, start, programs, steps)| {
            let clients = programs.len() as u8;
            let actor = |number: u8| match number {
                0 => Actor::Worker,
                number => Actor::Client(1 + (number - 1) % clients),
            };
            let case = Case { start: &STARTS[start], programs };
            Schedule { claim, case, steps: steps.into_iter().map(actor).collect() }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_schedule_is_read_as_it_is_printed(schedule in schedules()) {
        prop_assert_eq!(schedule.to_string().parse::<Schedule>().expect("its own text"), schedule);
    }

    #[test]
    fn no_text_brings_it_down(text in "[a-z_@:/+,x0-9w]{0,60}|\\PC{0,60}") {
        if let Err(error) = text.parse::<Schedule>() {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// With one permit nobody comes in between, so whatever is played breaks nothing.
    #[test]
    fn no_schedule_brings_it_down_and_one_permit_breaks_nothing(schedule in schedules()) {
        let unclaimed = Schedule { claim: None, ..schedule };
        let _ = replay(&unclaimed, Manager::Unlocked);
        // Each step that can be taken, taken: the others are left out.
        let mut taken = Schedule { steps: Vec::new(), ..unclaimed.clone() };
        for actor in unclaimed.steps {
            taken.steps.push(actor);
            match replay(&taken, Manager::Semaphore(1)) {
                Ok(replayed) => prop_assert!(replayed.timeline.broken.is_empty(), "{taken}"),
                Err(_) => {
                    taken.steps.pop();
                }
            }
        }
    }
}
