//! Runs that end before their load does.

use std::time::Duration;

use guichet_core::limits;
use guichet_engine::Model;
use guichet_lab::simulate::log::{Console, LogFormat};
use guichet_lab::simulate::scenario::{Load, Scenario};
use guichet_lab::simulate::{Ran, Show, run};
use tokio_util::sync::CancellationToken;

use crate::records::sound;
use crate::support::{
    EVERYTHING, adds_up, builtin, closed, holds, lines, open, profile, recorded, refused, replayed,
    run as run_all, scenario, to_file, word,
};

/// Runs it and interrupts it after that long on its own clock.
#[expect(clippy::disallowed_methods, reason = "it ends with the run, not before")]
fn interrupted(scenario: &Scenario, after: Duration) -> Ran {
    let ran = run(scenario, &Show::default(), || {
        let token = CancellationToken::new();
        let told = token.clone();
        tokio::spawn(async move {
            tokio::time::sleep(after).await;
            told.cancel();
        });
        token
    });
    let ran = ran.expect("it runs");
    holds(&ran);
    assert!(ran.interrupted);
    ran
}

fn asked(ran: &Ran) -> u64 {
    ran.summary.requests.sent + ran.summary.queries.count
}

#[test]
fn after_the_duration_nothing_is_sent() {
    let second = Duration::from_secs(1);
    for load in [
        closed(8, 100_000, EVERYTHING),
        open(8, 100_000, EVERYTHING, 500.0, "1x100ms@2000"),
        replayed(&(0..100).fold(String::new(), |rows, n| {
            // One at 0.00, 0.05, … 4.95 s: 20 before the second is over.
            format!("{rows}{}.{:02},a,red,create,s{n},1,1\n", n / 20, n % 20 * 5)
        })),
    ] {
        let mut scenario = scenario(load);
        scenario.duration = Some(second);
        let (ran, history) = recorded(&scenario);
        let sent = asked(&ran);
        adds_up(&ran, sent);
        assert!(ran.drained.is_complete() && !ran.interrupted);
        if let Load::Trace { .. } = scenario.load {
            assert_eq!(sent, 20, "none at the second itself");
        }
        assert!(sent > 0 && sent < 100_000, "{sent}");
        let virtual_seconds = ran.summary.virtual_seconds.expect("time was virtual");
        assert!((0.9..2.0).contains(&virtual_seconds), "{virtual_seconds}");
        for line in lines(&history) {
            // The timer counts in milliseconds.
            let late = word(&line, "at") > "2026-01-01T00:00:01.001";
            assert!(!late || word(&line, "kind") != "invoke", "{line}");
        }
    }
}

#[test]
fn an_interrupted_run_finishes_what_it_took() {
    for model in [Model::Async, Model::Sequential] {
        for load in [closed(16, 100_000, EVERYTHING), open(16, 100_000, EVERYTHING, 1_000.0, "")] {
            let mut scenario = scenario(load);
            scenario.config.model = model;
            scenario.config.queue = 500;
            let ran = interrupted(&scenario, Duration::from_secs(2));
            let sent = asked(&ran);
            adds_up(&ran, sent);
            assert!(ran.drained.is_complete(), "{:?}", ran.drained);
            assert!(sent > 100 && sent < 100_000, "{sent}");
            let spent = ran.summary.virtual_seconds.expect("time was virtual");
            assert!((2.0..32.0).contains(&spent), "{spent}");
        }
    }
}

#[test]
fn an_interrupted_trace_finishes_what_it_took() {
    let rows = (0..100).fold(String::new(), |rows, n| {
        format!("{rows}{n},a,red,create,s{n},1,1\n{n},a,red,delete,s{n},,\n")
    });
    let mut scenario = scenario(replayed(&rows));
    scenario.profile = builtin("realistic");
    let ran = interrupted(&scenario, Duration::from_millis(10_500));
    adds_up(&ran, 22);
    assert!(ran.drained.is_complete(), "{:?}", ran.drained);
}

/// Interrupts when so many bytes of log were written: by then the run is well under way.
struct Interrupts(CancellationToken, usize);

impl std::io::Write for Interrupts {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.1 = self.1.saturating_sub(bytes.len());
        if self.1 == 0 {
            self.0.cancel();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Runs it and interrupts it when some of it has happened.
fn interrupted_under_way(scenario: &Scenario) -> Ran {
    let token = CancellationToken::new();
    let show = Show {
        log: Some(LogFormat::Json),
        console: Console::to(Interrupts(token.clone(), 100_000)),
        servers: 0,
        ..Show::default()
    };
    let ran = run(scenario, &show, || token).expect("it runs");
    holds(&ran);
    assert!(ran.interrupted && ran.drained.is_complete());
    ran
}

#[test]
fn an_interrupted_run_in_real_time_finishes_what_it_took() {
    for model in Model::ALL {
        let mut scenario = scenario(closed(8, 100_000_000, EVERYTHING));
        scenario.config.model = model;
        scenario.config.servers_max = 100_000;
        scenario.virtual_time = false;
        scenario.profile = builtin("instant");
        let ran = interrupted_under_way(&scenario);
        adds_up(&ran, asked(&ran));
        assert!(asked(&ran) < 100_000_000);
    }
}

#[test]
fn interrupted_before_it_began_it_sends_nothing() {
    for virtual_time in [true, false] {
        let mut scenario = scenario(closed(8, 1_000, EVERYTHING));
        scenario.virtual_time = virtual_time;
        let ran = run(&scenario, &Show::default(), || {
            let token = CancellationToken::new();
            token.cancel();
            token
        });
        let ran = ran.expect("it runs");
        holds(&ran);
        assert!(ran.interrupted && ran.drained.is_complete());
        adds_up(&ran, 0);
    }
}

/// A driver that never answers some calls: the drain's patience ends first.
#[test]
fn what_is_stuck_is_left_and_said_so() {
    let mut scenario = scenario(closed(12, 100_000, "create=1,reboot=1"));
    scenario.profile = profile(
        "[default]\ndelay = { fixed = { ms = 10 } }\n\
         [[fault]]\nkind = \"stuck\"\nprobability = 0.01\n",
    );
    scenario.config.workers = 8;
    let ran = interrupted(&scenario, Duration::from_secs(5));
    let (operations, left) = (ran.summary.operations, ran.drained);
    assert!(!left.is_complete());
    assert!(left.left_running > 0 && left.left_running <= 8, "{left:?}");
    let over = operations.succeeded + operations.failed + operations.cancelled;
    let remaining = (left.left_running + left.left_queued) as u64;
    assert_eq!(operations.accepted, over + remaining);
    let spent = ran.summary.virtual_seconds.expect("time was virtual");
    let patience = limits::DRAIN_DEADLINE.as_secs_f64();
    assert!((5.0 + patience..6.0 + patience).contains(&spent), "{spent}");
}

/// All workers stuck: what waits behind them is left waiting.
#[test]
fn what_waits_behind_the_stuck_is_left_waiting() {
    let mut scenario = scenario(open(12, 100, "create=1", 1_000.0, ""));
    scenario.profile = profile("[[fault]]\nkind = \"stuck\"\nprobability = 1\n");
    scenario.config.workers = 3;
    let ran = interrupted(&scenario, Duration::from_secs(5));
    assert_eq!(ran.drained.left_running, 3);
    assert_eq!(ran.drained.left_queued, 97);
    assert_eq!(ran.summary.operations.accepted, 100);
    assert_eq!(ran.summary.operations.succeeded, 0);
    assert_eq!(ran.summary.latency_ms.max, 0.0, "none is over");
}

#[test]
fn a_stuck_driver_ends_a_run_by_deadlines() {
    let mut scenario = scenario(closed(2, 6, "create=1"));
    scenario.profile = profile("[[fault]]\nkind = \"stuck\"\nprobability = 1\n");
    let ran = run_all(&scenario);
    adds_up(&ran, 6);
    assert_eq!(ran.summary.failed_by.deadline, 6);
    assert_eq!(ran.summary.operations.retried, 6 * u64::from(limits::ATTEMPTS_MAX - 1));
    assert_eq!(ran.summary.servers.error, 6);
}

#[test]
fn the_history_of_an_interrupted_run_is_whole() {
    for model in Model::ALL {
        let mut scenario = scenario(open(4, 10_000_000, EVERYTHING, 100_000.0, ""));
        scenario.config.model = model;
        scenario.config.servers_max = 100_000;
        scenario.virtual_time = false;
        let dir = tempfile::TempDir::new().expect("a directory");
        let path = dir.path().join("history.jsonl");
        let ran = interrupted_under_way(&to_file(&scenario, &path));
        let lines = sound(&std::fs::read_to_string(path).expect("a history"));
        let of = |kind| lines.iter().filter(|line| word(line, "kind") == kind).count() as u64;
        assert_eq!(of("invoke"), asked(&ran));
        adds_up(&ran, asked(&ran));
        assert_eq!(refused(&ran, "draining"), 0, "nothing is sent to a closed door");
    }
}
