//! Under virtual time a seed repeats a run, byte for byte.

use std::num::NonZeroU32;

use guichet_core::project::Quota;
use guichet_core::server::Size;
use guichet_engine::Model;
use guichet_engine::config::hosts;
use guichet_lab::simulate::Show;
use guichet_lab::simulate::log::{Console, LogFormat};
use guichet_lab::simulate::scenario::{Load, Scenario};
use guichet_locale::Locale;

use crate::support::{
    EVERYTHING, adds_up, builtin, closed, lines, open, recorded, recorded_showing, refused,
    repeatable, replayed, scenario, word,
};

/// Requests at the same time, deletes of what is still being built, changes to servers that
/// never were or are not there yet, reads, and a burst at the end.
pub(crate) const ROWS: &str = "\
    0,alice,red,create,a,2,2048\n\
    0,alice,red,delete,a,,\n\
    0,bob,red,create,b,1,0\n\
    0,bob,blue,list,,,\n\
    0,carol,blue,reboot,nobody,,\n\
    0,carol,blue,delete,nobody,,\n\
    0.001,carol,blue,stop,c,,\n\
    0.002,carol,blue,create,c,0,0\n\
    5,bob,red,reboot,b,,\n\
    5,bob,red,delete,b,,\n\
    5,bob,red,delete,b,,\n\
    90,carol,blue,stop,c,,\n\
    200,carol,blue,start,c,,\n\
    200,carol,blue,reboot_hard,c,,\n\
    200.5,alice,red,create,d,64,65536\n\
    200.5,alice,red,reboot_hard,d,,\n\
    100000,dave,green,create,e,1,1024\n\
    100000,dave,green,create,f,1,1024\n\
    100000,dave,green,delete,e,,\n\
    100000,dave,green,delete,f,,\n\
    100000,dave,green,list,,,\n";

fn loads() -> [(&'static str, Load); 3] {
    [
        ("closed", closed(7, 400, EVERYTHING)),
        ("open", open(5, 400, EVERYTHING, 40.0, "2x500ms@2000")),
        ("trace", replayed(ROWS)),
    ]
}

fn cases() -> Vec<(String, Scenario)> {
    let mut cases = Vec::new();
    for (name, load) in loads() {
        for model in [Model::Async, Model::Sequential] {
            for profile in ["fast", "flaky", "realistic", "instant"] {
                let mut scenario = scenario(load.clone());
                scenario.config.model = model;
                scenario.config.workers = 16;
                scenario.profile = builtin(profile);
                cases.push((format!("{name}, {}, {profile}", model.as_str()), scenario));
            }
        }
    }
    cases
}

#[test]
fn a_seed_repeats_history_and_figures() {
    for (name, scenario) in cases() {
        let (first, history) = recorded(&scenario);
        let (second, again) = recorded(&scenario);
        assert!(!history.is_empty());
        assert!(history == again, "{name}: the histories differ");
        assert_eq!(repeatable(&first.summary), repeatable(&second.summary), "{name}");
        assert_eq!(first.active, second.active, "{name}");
    }
}

/// Every bound there is, all of them reached.
#[test]
fn a_seed_repeats_a_run_within_tight_limits() {
    let load = open(9, 1_500, EVERYTHING, 150.0, "2x500ms@1500");
    let mut scenario = scenario(load);
    scenario.profile = builtin("flaky");
    let config = &mut scenario.config;
    (config.workers, config.queue, config.permits) = (12, 12, Some(9));
    (config.host_permits, config.project_permits) = (Some(4), Some(3));
    config.hosts = hosts(6, Size { vcpus: 32, ram_mib: 131_072 });
    config.project_rate = NonZeroU32::new(150);
    config.projects[0].quota = Quota { instances: Some(9), ..Quota::default() };
    let (first, history) = recorded(&scenario);
    let (second, again) = recorded(&scenario);
    assert!(history == again);
    assert_eq!(repeatable(&first.summary), repeatable(&second.summary));
    for kind in ["over_quota", "queue_full", "rate_limited", "conflict"] {
        assert!(refused(&first, kind) > 0, "{kind}: {:?}", first.summary.requests);
    }
    assert!(first.summary.failed_by.no_valid_host > 0);
    adds_up(&first, 1_500);
}

#[test]
fn another_seed_is_another_run() {
    for (name, scenario) in cases() {
        let mut other = scenario.clone();
        other.config.seed = 2;
        let (first, second) = (recorded(&scenario), recorded(&other));
        assert!(first.1 != second.1, "{name}");
    }
}

#[test]
fn flaky_runs_have_retries_and_failures() {
    let mut scenario = scenario(closed(20, 4_000, EVERYTHING));
    scenario.profile = builtin("flaky");
    let (ran, history) = recorded(&scenario);
    assert!(ran.summary.operations.retried > 0);
    assert!(ran.summary.operations.failed > 0);
    assert!(ran.summary.failed_by.driver > 0);
    assert!(ran.summary.max_requeued > 0);
    let again = recorded(&scenario).1;
    assert!(history == again);
    let requeued = lines(&history)
        .iter()
        .filter(|line| word(line, "kind") == "event" && word(line, "what") == "requeued")
        .count() as u64;
    assert_eq!(requeued, ran.summary.operations.retried);
}

#[test]
fn the_log_changes_nothing_in_the_history() {
    let flaky = |(name, _): &(String, Scenario)| name.ends_with("flaky");
    for (name, scenario) in cases().into_iter().filter(flaky) {
        let quiet = recorded(&scenario);
        for log in [LogFormat::Text { color: true, locale: Locale::English }, LogFormat::Json] {
            let show = Show {
                log: Some(log),
                console: Console::to(std::io::sink()),
                servers: 10,
                ..Show::default()
            };
            let logged = recorded_showing(&scenario, &show);
            assert!(logged.0.logged.lines > 0, "{name}");
            assert!(quiet.1 == logged.1, "{name}: the log is in the history");
            assert_eq!(repeatable(&quiet.0.summary), repeatable(&logged.0.summary), "{name}");
        }
    }
}

#[test]
fn virtual_time_is_that_of_the_trace() {
    let ran = recorded(&scenario(replayed(ROWS))).0;
    let spent = ran.summary.virtual_seconds.expect("time was virtual");
    assert!((100_000.0..100_001.0).contains(&spent), "{spent}");
}
