//! Faults: which calls they hit, how often, and what each kind does.

use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::limits;
use guichet_core::rows::Outcome;
use guichet_core::server::Failure;
use guichet_core::state::PowerState;
use guichet_core::time::Clock;
use guichet_driver::simulated::Simulated;
use guichet_driver::{Driver, Machine};
use tokio::task::yield_now;

use crate::support::{Ask, driver, failed, names, profile, server};

const CALLS: u64 = 20_000;

/// How many of [`CALLS`] creates fail with each of two messages.
async fn hits(text: &str) -> (u64, u64) {
    let (driver, clock) = driver(text);
    let (mut a, mut b) = (0, 0);
    for request in 0..CALLS {
        let ask = Ask { request, server: request, ..Ask::new(Action::Create) };
        match ask.run(&driver, &clock).await.0 {
            Outcome::Succeeded => {}
            outcome if failed(&outcome).2 == "a" => a += 1,
            outcome if failed(&outcome).2 == "b" => b += 1,
            outcome => panic!("{outcome:?}"),
        }
    }
    (a, b)
}

/// Whether `count` is that share of [`CALLS`], by five standard deviations.
fn is_about(count: u64, share: f64) -> bool {
    let calls = CALLS as f64;
    (count as f64 - calls * share).abs() <= 5.0 * (calls * share * (1.0 - share)).sqrt()
}

#[tokio::test(start_paused = true)]
async fn a_rule_hits_with_its_probability() {
    for share in [0.001, 0.05, 0.5, 0.99] {
        let rule = format!("[[fault]]\nkind = 'error'\nmessage = 'a'\nprobability = {share}");
        let (hit, _) = hits(&rule).await;
        assert!(is_about(hit, share), "{hit} of {CALLS} at {share}");
    }
    assert_eq!(hits("fault = [{ kind = 'error', message = 'a', probability = 1 }]").await.0, CALLS);
    assert_eq!(hits("fault = [{ kind = 'error', message = 'a', probability = 0 }]").await.0, 0);
}

/// The second is tried where the first did not hit, by a draw of its own.
#[tokio::test(start_paused = true)]
async fn the_first_rule_that_hits_applies_and_each_draws_for_itself() {
    let (a, b) = hits(
        "fault = [{ kind = 'error', message = 'a', probability = 0.4 },
                  { kind = 'error', message = 'b', probability = 0.4 }]",
    )
    .await;
    assert!(is_about(a, 0.4), "{a} of {CALLS}");
    assert!(is_about(b, 0.6 * 0.4), "{b} of {CALLS}");
}

/// A rule that fits nothing leaves the others' draws as they are.
#[tokio::test(start_paused = true)]
async fn a_rule_before_it_does_not_change_which_calls_a_rule_hits() {
    let with = |first: &str| {
        format!(
            "fault = [{{ kind = 'error', probability = 1, {first} }},
                      {{ kind = 'error', message = 'b', probability = 0.1 }}]"
        )
    };
    let unknown = hits(&with("project = 'nobody'")).await;
    assert_eq!(unknown, hits(&with("actions = ['stop']")).await);
    assert_eq!(unknown, hits(&with("name = 'db-*'")).await);
    assert!(is_about(unknown.1, 0.1));
}

async fn fails(driver: &Simulated, ask: Ask) -> bool {
    driver.adopt([machine(ask.server, 0, PowerState::Running)]);
    driver.run(ask.call(&guichet_clock::WorldClock::virtual_time())).await != Outcome::Succeeded
}

fn machine(number: u64, fence: u32, power_state: PowerState) -> Machine {
    Machine { server: server(number), fence, power_state }
}

#[tokio::test(start_paused = true)]
async fn a_rule_fits_what_it_names() {
    let text = "[[fault]]
         kind = 'error'
         probability = 1
         actions = ['start', 'stop']
         project = 'blue'
         host = 'far'
         name = 'web-?'";
    assert_eq!(Simulated::unmatched_rules(&profile(text), &names()), Vec::<String>::new());
    let (driver, _) = driver(text);
    let hit = Ask { project: 1, host: Some(1), name: "web-7", ..Ask::new(Action::Stop) };
    assert!(fails(&driver, hit.clone()).await);
    assert!(fails(&driver, Ask { action: Action::Start, ..hit.clone() }).await);
    assert!(!fails(&driver, Ask { action: Action::RebootSoft, ..hit.clone() }).await);
    assert!(!fails(&driver, Ask { project: 0, ..hit.clone() }).await);
    assert!(!fails(&driver, Ask { host: Some(0), ..hit.clone() }).await);
    assert!(!fails(&driver, Ask { host: None, ..hit.clone() }).await);
    assert!(!fails(&driver, Ask { name: "web-17", ..hit }).await);
}

#[tokio::test(start_paused = true)]
async fn a_rule_for_what_does_not_exist_never_applies_and_is_told() {
    let text = "fault = [{ kind = 'error', probability = 1, project = 'green' },
                  { kind = 'error', probability = 0 },
                  { kind = 'stuck', probability = 1, host = 'Near' }]";
    let (driver, _) = driver(text);
    assert!(!fails(&driver, Ask::new(Action::Stop)).await);
    assert_eq!(
        Simulated::unmatched_rules(&profile(text), &names()),
        [
            "fault rule 1 never applies: no project is named `green`",
            "fault rule 3 never applies: no host is named `Near`",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_error_takes_its_time_and_changes_nothing() {
    let (driver, clock) = driver(
        "default.delay.fixed.ms = 2_000
         fault = [{ kind = 'error', probability = 1, transient = false, message = 'No.' }]",
    );
    let (outcome, took) = Ask::new(Action::Create).run(&driver, &clock).await;
    assert_eq!(failed(&outcome), (Failure::Driver, false, "No."));
    assert_eq!(took.as_secs(), 2);
    assert_eq!(driver.list().await, []);
}

#[tokio::test(start_paused = true)]
async fn failed_but_done_is_done() {
    let (driver, clock) = driver("fault = [{ kind = 'failed_but_done', probability = 1 }]");
    let (outcome, _) = Ask::new(Action::Create).run(&driver, &clock).await;
    assert_eq!(failed(&outcome), (Failure::Driver, true, "The hypervisor's answer was lost."));
    assert_eq!(driver.list().await, [machine(1, 1, PowerState::Running)]);
    let (outcome, _) = Ask { fence: 2, ..Ask::new(Action::Delete) }.run(&driver, &clock).await;
    assert!(failed(&outcome).1);
    assert_eq!(driver.list().await, []);
    // What cannot be done is not done: then the real reason is told.
    let (outcome, _) = Ask { fence: 3, ..Ask::new(Action::Stop) }.run(&driver, &clock).await;
    assert_eq!(failed(&outcome), (Failure::Driver, false, "The machine does not exist."));
}

#[tokio::test(start_paused = true)]
async fn a_timeout_outlasts_the_deadline_but_heeds_cancel() {
    let (driver, clock) = driver("fault = [{ kind = 'timeout', probability = 1 }]");
    let call = Ask::new(Action::Create).call(&clock);
    let deadline = call.deadline;
    let outcome = driver.run(call).await;
    assert!(failed(&outcome).1 && failed(&outcome).0 == Failure::Deadline, "{outcome:?}");
    assert!(clock.now() > deadline);

    let call = Ask::new(Action::Create).call(&clock);
    let (cancel, begun) = (call.cancel.clone(), clock.now());
    let stop = async {
        clock.sleep(Duration::from_secs(5)).await;
        cancel.cancel();
    };
    let (outcome, ()) = tokio::join!(driver.run(call), stop);
    assert_eq!(failed(&outcome), (Failure::Driver, true, "cancelled"));
    assert_eq!(clock.now().since(begun).as_secs(), 5);
    assert_eq!(driver.list().await, []);
}

#[tokio::test(start_paused = true)]
async fn a_stuck_call_never_returns_and_does_not_heed_cancel() {
    let (driver, clock) =
        driver("fault = [{ kind = 'stuck', probability = 1, actions = ['create'] }]");
    let call = Ask::new(Action::Create).call(&clock);
    let cancel = call.cancel.clone();
    let mut stuck = std::pin::pin!(driver.run(call));
    let day = Duration::from_secs(24 * 3_600);
    assert!(tokio::time::timeout(day, &mut stuck).await.is_err());
    cancel.cancel();
    assert!(tokio::time::timeout(day, &mut stuck).await.is_err());
    // Newer calls go past it.
    let delete = Ask { fence: 2, ..Ask::new(Action::Delete) };
    assert_eq!(delete.run(&driver, &clock).await.0, Outcome::Succeeded);
    assert_eq!(driver.list().await, []);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_wait_ends_at_once_and_does_nothing() {
    let (driver, clock) = driver("default.delay.fixed.ms = 60_000\ndefault.cpu_ms = 10");
    let call = Ask::new(Action::Create).call(&clock);
    let (cancel, begun) = (call.cancel.clone(), clock.now());
    let stop = async {
        clock.sleep(Duration::from_secs(7)).await;
        cancel.cancel();
    };
    let (outcome, ()) = tokio::join!(driver.run(call), stop);
    assert_eq!(failed(&outcome), (Failure::Driver, true, "cancelled"));
    assert_eq!(clock.now().since(begun).as_secs(), 7);
    assert_eq!(driver.list().await, []);
}

/// In real time: the CPU part looks at `cancel` between chunks, so 60 s of it need not be waited
/// for. Were it not to look, this test would take a minute and then fail.
#[tokio::test]
async fn a_cancelled_cpu_part_ends_soon() {
    let clock = guichet_clock::WorldClock::real();
    let profile = crate::support::profile("create.cpu_ms = 60_000");
    let driver = crate::support::seeded(profile, clock.clone(), 1);
    let call = Ask::new(Action::Create).call(&clock);
    let cancel = call.cancel.clone();
    let stop = async {
        yield_now().await;
        cancel.cancel();
    };
    let (outcome, ()) = tokio::join!(driver.run(call), stop);
    assert_eq!(failed(&outcome), (Failure::Driver, true, "cancelled"));
    assert_eq!(driver.list().await, []);
}

/// The create is not told to stop and would have been done last.
#[tokio::test(start_paused = true)]
async fn an_overtaken_create_is_refused_at_its_end() {
    let (driver, clock) = driver("default.delay.fixed.ms = 30_000\ndelete.delay.fixed.ms = 10");
    let delete = async {
        clock.sleep(Duration::from_secs(1)).await;
        Ask { fence: 2, ..Ask::new(Action::Delete) }.run(&driver, &clock).await.0
    };
    let create = Ask::new(Action::Create);
    let ((created, took), deleted) = tokio::join!(create.run(&driver, &clock), delete);
    assert_eq!(deleted, Outcome::Succeeded);
    assert_eq!(took.as_secs(), 30);
    let message = "A newer call for this server overtook this one.";
    assert_eq!(failed(&created), (Failure::Driver, false, message));
    assert_eq!(driver.list().await, []);
}

#[tokio::test(start_paused = true)]
async fn adopted_machines_are_there_with_their_fences() {
    let (driver, clock) = driver("");
    driver.adopt([machine(2, 9, PowerState::Shutdown), machine(1, 4, PowerState::Running)]);
    let mut expected = [machine(1, 4, PowerState::Running), machine(2, 9, PowerState::Shutdown)];
    expected.sort_by_key(|machine| machine.server);
    assert_eq!(driver.list().await, expected);
    let old = Ask { server: 2, fence: 8, ..Ask::new(Action::Start) };
    assert!(matches!(old.run(&driver, &clock).await.0, Outcome::Failed { transient: false, .. }));
    let new = Ask { server: 2, fence: 10, ..Ask::new(Action::Start) };
    assert_eq!(new.run(&driver, &clock).await.0, Outcome::Succeeded);
    // Adopting what is older than known changes nothing.
    driver.adopt([machine(2, 9, PowerState::Shutdown)]);
    assert!(driver.list().await.contains(&machine(2, 10, PowerState::Running)));
}

/// The flaky profile is survivable: almost every operation is done within its attempts.
#[tokio::test(start_paused = true)]
async fn a_flaky_driver_does_nearly_everything_in_a_few_attempts() {
    let clock = guichet_clock::WorldClock::virtual_time();
    let flaky = guichet_driver::profile::Profile::builtin("flaky").unwrap();
    let driver = crate::support::seeded(flaky, clock.clone(), 1);
    let mut lost = 0;
    for request in 0..2_000 {
        let mut attempts = (1..=limits::ATTEMPTS_MAX).map(|attempt| Ask {
            request,
            attempt,
            fence: attempt,
            server: request,
            ..Ask::new(Action::Create)
        });
        let done = loop {
            let Some(ask) = attempts.next() else {
                break false;
            };
            match ask.run(&driver, &clock).await.0 {
                Outcome::Succeeded => break true,
                Outcome::Failed { transient: true, .. } => {}
                Outcome::Failed { transient: false, .. } => break false,
            }
        };
        lost += u32::from(!done);
    }
    assert!((1..=30).contains(&lost), "{lost} of 2,000 failed for good");
}
