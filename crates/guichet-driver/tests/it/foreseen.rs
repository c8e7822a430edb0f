//! What a driver foresees is what a call comes to.

use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::action::Action;
use guichet_core::rows::Outcome;
use guichet_core::time::Clock;
use guichet_driver::profile::Profile;
use guichet_driver::simulated::Simulated;
use guichet_driver::{Driver, Foreseen};

use crate::support::{Ask, SEED, driver, failed, profile, seeded};

/// The call as a worker makes it that asks first: what came of it, and how long it took.
async fn foresee(ask: &Ask, driver: &Simulated, clock: &WorldClock) -> Option<(Outcome, Duration)> {
    let begun = clock.now();
    let outcome = match driver.foresee(&ask.claim(clock))? {
        Foreseen::Over(outcome) => outcome,
        Foreseen::Later(after, end) => {
            clock.sleep(after).await;
            end(false)
        }
    };
    Some((outcome, clock.now().since(begun)))
}

#[tokio::test(start_paused = true)]
async fn a_call_comes_to_what_was_foreseen() {
    let builtin = |name| Profile::builtin(name).unwrap();
    let odd = profile(
        "default.delay = { exponential = { mean_ms = 3, max_ms = 90 } }\ndelete.cpu_ms = 2\n[[fault]]\nkind = \"failed_but_done\"\n\
         probability = 0.3\n[[fault]]\nkind = \"error\"\nprobability = 0.2",
    );
    for profile in [builtin("instant"), builtin("fast"), builtin("realistic"), odd] {
        let clock = WorldClock::virtual_time();
        let made = || seeded(profile.clone(), clock.clone(), SEED);
        let (asked, run) = (made(), made());
        assert!(asked.foresees_all());
        for request in 0..300 {
            let action = [Action::Create, Action::RebootSoft, Action::Stop, Action::Delete];
            let action = action[request as usize % 4];
            let fence = request as u32 / 40 + 1;
            let ask = Ask { server: request % 11, fence, request, ..Ask::new(action) };
            let foreseen = foresee(&ask, &asked, &clock).await;
            assert_eq!(foreseen, Some(ask.run(&run, &clock).await), "request {request}");
        }
        assert_eq!(asked.list().await, run.list().await);
    }
}

/// Of what it cannot foresee, it has done nothing when it says so.
#[tokio::test(start_paused = true)]
async fn what_may_outlast_its_deadline_is_not_foreseen() {
    let rule = |kind| format!("[[fault]]\nkind = \"{kind}\"\nprobability = 1");
    for text in [rule("timeout"), rule("stuck"), "default.delay.fixed.ms = 180_000".to_owned()] {
        let (driver, clock) = driver(&text);
        let ask = Ask::new(Action::Stop);
        assert!(foresee(&ask, &driver, &clock).await.is_none(), "{text}");
        assert!(!driver.foresees_all() && driver.list().await.is_empty());
    }
    let computes = seeded(profile("default.cpu_ms = 0.1"), WorldClock::real(), SEED);
    assert!(!computes.foresees_all());
    assert!(computes.foresee(&Ask::new(Action::Stop).claim(&WorldClock::real())).is_none());
}

#[tokio::test(start_paused = true)]
async fn a_foreseen_call_that_is_cancelled_or_given_up_has_made_nothing() {
    let (driver, clock) = driver("default.delay.fixed.ms = 5");
    let begin =
        |fence| match driver.foresee(&Ask { fence, ..Ask::new(Action::Create) }.claim(&clock)) {
            Some(Foreseen::Later(after, end)) if after == Duration::from_millis(5) => end,
            other => panic!("{other:?}"),
        };
    let outcome = begin(1)(true);
    assert_eq!(failed(&outcome), (guichet_core::server::Failure::Driver, true, "cancelled"));
    drop(begin(2));
    assert!(driver.list().await.is_empty());
    // A newer call has been seen meanwhile.
    let (late, newer) = (begin(3), begin(4));
    let outcome = late(false);
    assert!(failed(&outcome).2.contains("overtook"), "{outcome:?}");
    assert_eq!(newer(false), Outcome::Succeeded);
    assert_eq!(driver.list().await.len(), 1);
}
