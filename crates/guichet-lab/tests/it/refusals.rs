//! Refusals and failures that follow from the cloud's size.

use std::num::NonZeroU32;

use guichet_core::project::Quota;
use guichet_core::server::Size;
use guichet_engine::Model;
use guichet_engine::config::hosts;

use crate::support::{
    EVERYTHING, adds_up, builtin, closed, lines, open, recorded, refused, replayed, run, scenario,
    word,
};

fn limited(instances: u64) -> Quota {
    Quota { instances: Some(instances), ..Quota::default() }
}

#[test]
fn a_quota_is_never_passed_and_refusals_are_counted() {
    for model in [Model::Async, Model::Sequential] {
        let mut scenario = scenario(open(16, 500, "create=8,delete=1", 5_000.0, ""));
        scenario.config.model = model;
        for project in &mut scenario.config.projects {
            project.quota = limited(3);
        }
        let (ran, history) = recorded(&scenario);
        adds_up(&ran, 500);
        assert!(refused(&ran, "over_quota") > 100);
        assert!(ran.summary.peak.servers <= 4 * 3);
        let refusals = lines(&history);
        let over = refusals.iter().filter(|line| line["refused"] == "over_quota");
        assert_eq!(over.count() as u64, refused(&ran, "over_quota"));
    }
}

#[test]
fn quota_in_cores_and_memory_counts_too() {
    for quota in [
        Quota { cores: Some(8), ..Quota::default() },
        Quota { ram_mib: Some(16_384), ..Quota::default() },
    ] {
        let mut scenario = scenario(closed(8, 200, "create=1"));
        for project in &mut scenario.config.projects {
            project.quota = quota;
        }
        let ran = run(&scenario);
        adds_up(&ran, 200);
        assert!(refused(&ran, "over_quota") > 0);
        assert!(ran.summary.servers.total <= 4 * 8);
    }
}

#[test]
fn a_full_cloud_fails_creates_for_want_of_a_host() {
    let mut scenario = scenario(closed(8, 200, "create=1"));
    scenario.config.hosts = hosts(2, Size { vcpus: 4, ram_mib: 16_384 });
    let ran = run(&scenario);
    adds_up(&ran, 200);
    let by = ran.summary.failed_by;
    assert!(by.no_valid_host > 150, "{by:?}");
    assert_eq!((by.driver, by.deadline), (0, 0));
    assert_eq!(ran.summary.operations.failed, by.no_valid_host);
    assert_eq!(ran.summary.servers.error, by.no_valid_host);
    assert_eq!(ran.summary.servers.active + ran.summary.servers.error, ran.summary.servers.total);
    assert_eq!(ran.active.len(), 0, "none were asked for");
}

#[test]
fn without_any_host_every_create_fails_and_can_be_deleted() {
    let rows = "0,a,red,create,x,1,1\n1,a,red,delete,x,,\n2,a,red,create,y,1,1\n";
    let mut scenario = scenario(replayed(rows));
    scenario.config.hosts.clear();
    let ran = run(&scenario);
    adds_up(&ran, 3);
    assert_eq!(ran.summary.failed_by.no_valid_host, 2);
    assert_eq!(ran.summary.operations.succeeded, 1);
    assert_eq!((ran.summary.servers.total, ran.summary.servers.error), (1, 1));
}

#[test]
fn a_delete_first_of_all_is_told_that_there_is_no_server() {
    let (ran, history) = recorded(&scenario(closed(3, 12, "delete=1")));
    adds_up(&ran, 12);
    assert_eq!(refused(&ran, "no_server"), 12);
    assert_eq!(ran.summary.operations.accepted, 0);
    for line in lines(&history).iter().filter(|line| word(line, "kind") == "return") {
        assert_eq!(
            word(line, "text"),
            "There is no server to delete: the list is empty. Create one first."
        );
    }
}

#[test]
fn changes_to_what_was_never_there_are_not_found() {
    let ran = run(&scenario(closed(3, 12, "reboot=1,start=1,stop=1,reboot_hard=1")));
    adds_up(&ran, 12);
    assert_eq!(refused(&ran, "not_found"), 12);
}

#[test]
fn a_trace_that_deletes_the_unknown_tells_both_cases_apart() {
    let rows = "\
        0,a,red,delete,ghost,,\n\
        1,a,red,create,x,1,1\n\
        2,a,red,delete,ghost,,\n\
        3,a,blue,delete,x,,\n\
        4,a,red,delete,x,,\n\
        5,a,red,delete,x,,\n";
    let mut scenario = scenario(replayed(rows));
    scenario.profile = builtin("instant");
    let ran = run(&scenario);
    adds_up(&ran, 6);
    // The first: the list is empty. Blue's: its list is empty too. The last: empty again.
    assert_eq!(refused(&ran, "no_server"), 3);
    assert_eq!(refused(&ran, "not_found"), 1);
    assert_eq!(ran.summary.operations.succeeded, 2);
    assert_eq!(ran.summary.servers.total, 0);
}

#[test]
fn a_projects_rate_is_kept_under_virtual_time() {
    let mut scenario = scenario(open(8, 2_000, EVERYTHING, 400.0, ""));
    scenario.config.project_rate = NonZeroU32::new(10);
    let (ran, history) = recorded(&scenario);
    adds_up(&ran, 2_000);
    assert!(refused(&ran, "rate_limited") > 1_000);
    let again = recorded(&scenario).1;
    assert!(history == again, "the rate goes by virtual time");
}

#[test]
fn the_busiest_hour_is_the_traces() {
    let rows = "\
        3599,a,red,create,x,1,1\n\
        3600,a,red,create,y,1,1\n\
        3601,a,red,create,z,1,1\n\
        7199.999,a,red,create,w,1,1\n\
        7200,a,red,create,v,1,1\n";
    let ran = run(&scenario(replayed(rows)));
    assert_eq!(ran.summary.peak.creates_per_hour, 3);
    assert_eq!(ran.summary.peak.servers, 5);
}

/// However fast it goes, and however long it took to start.
#[test]
fn the_busiest_hour_does_not_depend_on_the_speed() {
    let rows = "\
        3599.999,a,red,create,x,1,1\n\
        3600,a,red,create,y,1,1\n\
        7199.999,a,red,create,w,1,1\n\
        7200,a,red,create,v,1,1\n\
        10799.999,a,red,create,u,1,1\n";
    for speed in [1e6, 7e5, 123_456.0] {
        let mut scenario = scenario(replayed(rows));
        scenario.virtual_time = false;
        scenario.profile = builtin("instant");
        if let guichet_lab::simulate::scenario::Load::Trace { speed: factor, .. } =
            &mut scenario.load
        {
            *factor = speed;
        }
        assert_eq!(run(&scenario).summary.peak.creates_per_hour, 2, "{speed}");
    }
}

/// What is slower than time itself goes on until it is stopped, and does not panic.
#[test]
fn a_trace_slowed_beyond_all_time_sends_nothing_in_time() {
    let mut scenario = scenario(replayed("0,a,red,create,x,1,1\n1,a,red,create,y,1,1\n"));
    if let guichet_lab::simulate::scenario::Load::Trace { speed, .. } = &mut scenario.load {
        *speed = 1e-300;
    }
    scenario.duration = Some(std::time::Duration::from_secs(3_600));
    adds_up(&run(&scenario), 1);
}

/// A delete of what is being deleted is answered as the first was, and has no effect of its own.
#[test]
fn a_repeated_delete_is_counted_as_such_and_its_end_once() {
    for model in [Model::Async, Model::Sequential] {
        let rows = "\
            0,a,red,create,x,1,1\n\
            90,a,red,delete,x,,\n\
            90,b,red,delete,x,,\n\
            91,c,red,delete,x,,\n\
            200,c,red,delete,x,,\n";
        let mut scenario = scenario(replayed(rows));
        scenario.config.model = model;
        scenario.profile = builtin("realistic");
        let ran = run(&scenario);
        adds_up(&ran, 5);
        assert_eq!(ran.summary.requests.repeated, 2);
        assert_eq!(refused(&ran, "no_server"), 1);
        assert_eq!(ran.summary.operations.succeeded, 2);
        assert_eq!(ran.summary.samples.latency, 2, "each end is one");
    }
}
