//! `guichet race` as people and other programs run it. With few states it takes a second: the
//! smallest cases come first, and in these everything breaks that can; it is all that the locked
//! manager has.

use serde_json::Value;

use crate::support::{Ran, guichet};

const STATES: &str = "14000";

const ANOMALIES: [&str; 6] = [
    "lost_server",
    "overbooked_host",
    "quota_passed",
    "double_delete",
    "resurrected",
    "wrong_count",
];

fn race(flags: &[&str]) -> Ran {
    guichet("race", flags).output().expect("it starts").into()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

fn sorted<const N: usize>(mut keys: [&str; N]) -> [&str; N] {
    keys.sort_unstable();
    keys
}

#[test]
fn the_object_has_exactly_the_documented_keys() {
    let flags = ["--states", STATES, "--format", "json", "--with", "semaphore=2", "--seed", "5"];
    let ran = race(&flags);
    assert_eq!((ran.code, ran.log.as_str()), (Some(0), ""), "{ran:#?}");
    assert_eq!(ran.out.lines().count(), 1);
    let object: Value = serde_json::from_str(&ran.out).expect("one JSON object");
    let all = ["seed", "clients", "unlocked", "locked", "explored", "shortest", "holds"];
    assert_eq!(keys(&object), sorted(all));
    assert_eq!(object["holds"], true);
    assert_eq!(object["seed"], 5);
    for (manager, least) in [("unlocked", 5), ("locked", 0)] {
        let counts = &object[manager];
        assert_eq!(keys(counts), ["anomalies", "requests"]);
        assert_eq!(keys(&counts["anomalies"]), sorted(ANOMALIES));
        let shown = ANOMALIES.iter().filter(|kind| counts["anomalies"][**kind] != 0).count();
        assert!(shown >= least && (least > 0 || shown == 0), "{counts}");
    }
    assert_eq!(object["unlocked"]["requests"], object["locked"]["requests"]);
    let explored = &object["explored"];
    assert_eq!(keys(explored), ["locked", "semaphore", "unlocked"]);
    let figures = ["broken", "broken_by", "cases", "complete", "schedules", "states"];
    assert_eq!(keys(&explored["unlocked"]), figures);
    assert_eq!(explored["unlocked"]["complete"], false);
    assert_eq!(keys(&explored["semaphore"])[3], "complete");
    assert_eq!(explored["semaphore"]["permits"], 2);
    assert_eq!(explored["locked"]["broken"], 0);
    let shortest = object["shortest"].as_array().expect("a list");
    assert_eq!(shortest.len(), ANOMALIES.len());
    for (found, kind) in shortest.iter().zip(ANOMALIES) {
        assert_eq!(found["invariant"], kind);
        assert_eq!(keys(&found["steps"][0]), ["client", "step"]);
        assert_eq!(found["steps"][0]["client"], 1);
    }
}

#[test]
fn each_schedule_that_is_named_can_be_seen_again() {
    let ran = race(&["--states", STATES]);
    assert_eq!((ran.code, ran.log.as_str()), (Some(0), ""), "{ran:#?}");
    let replays = ran.out.lines().filter_map(|line| {
        line.strip_prefix("  replay with: guichet race --replay '")?.strip_suffix('\'')
    });
    let replays: Vec<&str> = replays.collect();
    assert_eq!(replays.len(), ANOMALIES.len());
    for schedule in replays {
        let again = race(&["--replay", schedule]);
        assert_eq!(again.code, Some(0), "{again:#?}");
        for line in again.out.lines().filter(|line| line.starts_with("  ")) {
            assert!(ran.out.contains(line), "{line}");
        }
        let json = race(&["--replay", schedule, "--format", "json"]);
        let object: Value = serde_json::from_str(&json.out).expect("one JSON object");
        assert_eq!(object["replay"]["schedule"], schedule);
        assert_eq!(object["holds"], true);
    }
}

#[test]
fn what_is_explored_is_the_same_each_time() {
    let explored = || {
        let ran = race(&["--states", "2000"]);
        let from = ran.out.find("2. Every schedule").expect("the second part");
        ran.out[from..].to_owned()
    };
    assert_eq!(explored(), explored());
}

#[test]
fn a_race_that_shows_nothing_ends_with_1() {
    let ran = race(&["--states", "100"]);
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    assert!(ran.out.contains("that is not all of them"), "{}", ran.out);
    let ran = race(&["--replay", "lost_server@empty:create/create:1x10,2x10"]);
    assert_eq!(ran.code, Some(1), "{ran:#?}");
}

#[test]
fn bad_input_runs_nothing() {
    for (flags, said) in [
        (&["--clients", "1"][..], "'--clients <N>': expected a whole number from 2 to 64"),
        (&["--clients=-1"], "'--clients <N>'"),
        (
            &["--requests", "15"],
            "--requests: found 15, expected at least 16: one round of 8 clients",
        ),
        (&["--states", "0"], "'--states <N>'"),
        (&["--with", "lock"], "expected semaphore=N, for example semaphore=2"),
        (&["--with", "semaphore=0"], "permits: expected a whole number from 1 to 1,000,000"),
        (&["--with", "semaphore="], "'--with <semaphore=N>'"),
        (&["--replay", "x"], "'--replay <SCHEDULE>': schedule: found \"x\", expected WHAT@FLEET"),
        (
            &["--replay", "empty:create:1,w"],
            "--replay: step 2 of the schedule cannot be taken by the worker: ",
        ),
        (&["--replay", "empty:create:1", "--clients", "3"], "cannot be used with"),
        (&["--format", "xml"], "'--format <FORMAT>'"),
    ] {
        let ran = race(flags);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{flags:?}: {ran:#?}");
        assert!(ran.log.starts_with("error: ") && ran.log.contains(said), "{flags:?}: {}", ran.log);
        assert_eq!(ran.log.matches("error: ").count(), 1, "{}", ran.log);
    }
}

#[test]
fn in_french_it_says_the_same_and_json_stays_as_it_is() {
    let schedule = "double_delete@one-active:delete/delete:1x4,2x6,1x2";
    let french = race(&["--lang", "fr", "--replay", schedule]);
    assert_eq!(french.code, Some(0), "{french:#?}");
    assert!(french.out.contains("Il montre bien ce qu’il annonce\u{a0}: double suppression."));
    let json = |lang| race(&["--lang", lang, "--format", "json", "--replay", schedule]).out;
    assert_eq!(json("fr"), json("en"));
    let refused = race(&["--lang", "fr", "--requests", "15"]);
    assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""));
    assert!(
        refused.log.contains("--requests\u{a0}: trouvé 15, attendu au moins 16"),
        "{refused:#?}"
    );
}
