//! One behaviour a test; `machine` then drives everything against a naive model.

mod begun;
mod machine;

use std::time::Duration;

use super::{Bounds, Load, Scheduler};
use crate::ids::{HostId, OperationId, ProjectId, ServerId};
use crate::rows::{Job, JobChange};
use crate::time::{Timestamp, VIRTUAL_START};

const NOW: Timestamp = VIRTUAL_START;

/// Everything as large as it may be.
const WIDE: Bounds = Bounds {
    queue: 1_000,
    service: 1_000,
    per_host: 1_000,
    per_project: 1_000,
    active: usize::MAX,
};

fn operation(number: u32) -> OperationId {
    OperationId { server: ServerId::from_bits(u128::from(number) << 64), number }
}

/// A job of a project on a host, or on none.
fn job(number: u32, project: u32, host: impl Into<Option<u32>>) -> Job {
    Job { operation: operation(number), project: ProjectId(project), host: host.into().map(HostId) }
}

fn later(millis: u64) -> Timestamp {
    NOW.after(Duration::from_millis(millis))
}

fn with(bounds: Bounds, weights: &[u32]) -> Scheduler {
    Scheduler::new(bounds, weights.iter().copied(), 16)
}

fn start(scheduler: &mut Scheduler) -> Option<u32> {
    scheduler.next(NOW).map(|job| job.operation.number)
}

/// Starts all that can start, in order.
fn start_all(scheduler: &mut Scheduler) -> Vec<u32> {
    std::iter::from_fn(|| start(scheduler)).collect()
}

fn push_all(scheduler: &mut Scheduler, jobs: &[Job]) {
    for job in jobs {
        scheduler.push(*job);
    }
}

#[test]
fn first_come_first_served_inside_a_project() {
    let mut scheduler = with(WIDE, &[1]);
    for number in [3, 1, 2] {
        scheduler.push(job(number, 0, None));
    }
    assert_eq!(start_all(&mut scheduler), [3, 1, 2]);
}

#[test]
fn projects_take_turns() {
    let mut scheduler = with(WIDE, &[1, 1, 1]);
    for number in 0..3 {
        scheduler.push(job(number, 0, None));
    }
    for number in 10..13 {
        scheduler.push(job(number, 1, None));
    }
    scheduler.push(job(20, 2, None));
    assert_eq!(start_all(&mut scheduler), [0, 10, 20, 1, 11, 2, 12]);
}

#[test]
fn a_turn_is_as_long_as_the_weight() {
    let mut scheduler = with(WIDE, &[3, 1, 2]);
    for number in 0..6 {
        scheduler.push(job(number, 0, None));
        scheduler.push(job(10 + number, 1, None));
        scheduler.push(job(20 + number, 2, None));
    }
    assert_eq!(
        start_all(&mut scheduler),
        [0, 1, 2, 10, 20, 21, 3, 4, 5, 11, 22, 23, 12, 24, 25, 13, 14, 15]
    );
}

#[test]
fn a_weight_outside_its_range_is_brought_into_it() {
    let mut scheduler = with(WIDE, &[0, 1]);
    for number in 0..2 {
        scheduler.push(job(number, 0, None));
        scheduler.push(job(10 + number, 1, None));
    }
    assert_eq!(start_all(&mut scheduler), [0, 10, 1, 11]);
}

#[test]
fn position_counts_who_is_handed_out_before() {
    let mut scheduler = with(WIDE, &[2, 1]);
    for number in 0..5 {
        scheduler.push(job(number, 0, None));
        scheduler.push(job(10 + number, 1, None));
    }
    assert_eq!(start(&mut scheduler), Some(0));
    let order = [1, 10, 2, 3, 11, 4, 12, 13, 14];
    for (state, number) in order.iter().enumerate() {
        assert_eq!(scheduler.position(operation(*number)), Some(state));
    }
    assert_eq!(scheduler.position(operation(0)), None, "it runs");
    assert_eq!(scheduler.position(operation(99)), None, "nobody knows it");
    assert_eq!(start_all(&mut scheduler), order);
}

#[test]
fn a_late_project_waits_one_turn_of_the_others_only() {
    let mut scheduler = with(WIDE, &[1, 1]);
    for number in 0..50 {
        scheduler.push(job(number, 0, None));
    }
    assert_eq!(start(&mut scheduler), Some(0));
    scheduler.push(job(99, 1, None));
    assert_eq!(start(&mut scheduler), Some(1));
    assert_eq!(start(&mut scheduler), Some(99));
}

#[test]
fn a_project_that_was_not_known_may_come() {
    let mut scheduler = with(WIDE, &[1]);
    scheduler.push(job(1, 7, None));
    assert!(scheduler.has_capacity(ProjectId(9), 1));
    assert_eq!(start_all(&mut scheduler), [1]);
}

#[test]
fn all_permits_are_taken_in_one_step() {
    let bounds = Bounds { service: 2, per_host: 1, per_project: 1, ..WIDE };
    let mut scheduler = with(bounds, &[1, 1]);
    // 2 needs its project's permit and 3 its host's: neither may hold what it has while it waits
    // for the other, so 4 finds a service permit.
    push_all(&mut scheduler, &[job(1, 0, 0), job(2, 0, 1), job(3, 1, 0), job(4, 1, 1)]);
    assert_eq!(start_all(&mut scheduler), [1, 4]);
    assert_eq!(scheduler.load().in_flight, 2);
    scheduler.done(operation(1));
    assert_eq!(start_all(&mut scheduler), Vec::<u32>::new());
    scheduler.done(operation(4));
    assert_eq!(start_all(&mut scheduler), [3, 2]);
}

#[test]
fn a_full_service_starts_nothing() {
    let mut scheduler = with(Bounds { service: 1, ..WIDE }, &[1]);
    push_all(&mut scheduler, &[job(1, 0, None), job(2, 0, None)]);
    assert!(scheduler.has_work());
    assert_eq!(start_all(&mut scheduler), [1]);
    assert!(!scheduler.has_work());
    scheduler.done(operation(1));
    assert_eq!(start_all(&mut scheduler), [2]);
}

#[test]
fn a_full_host_parks_and_gives_back_to_the_front_of_the_project() {
    let mut scheduler = with(Bounds { per_host: 1, ..WIDE }, &[1]);
    push_all(&mut scheduler, &[job(1, 0, 0), job(2, 0, 0), job(3, 0, 0), job(4, 0, 1)]);
    assert_eq!(start_all(&mut scheduler), [1, 4], "the other host goes on");
    scheduler.push(job(5, 0, 2));
    scheduler.done(operation(1));
    assert_eq!(start_all(&mut scheduler), [2, 5], "2 is older than 5");
    scheduler.done(operation(2));
    assert_eq!(start_all(&mut scheduler), [3]);
}

#[test]
fn each_project_that_waits_for_a_host_gets_its_chance() {
    let bounds = Bounds { per_host: 1, per_project: 1, ..WIDE };
    let mut scheduler = with(bounds, &[1, 1, 1]);
    push_all(&mut scheduler, &[job(1, 2, 0), job(2, 0, 0), job(3, 1, 0)]);
    assert_eq!(start_all(&mut scheduler), [1], "2 and 3 are parked on host 0");
    // Project 0 runs elsewhere and is full when host 0 comes free.
    scheduler.push(job(4, 0, 1));
    assert_eq!(start_all(&mut scheduler), [4]);
    scheduler.done(operation(1));
    assert_eq!(start_all(&mut scheduler), [3], "2 came back too, but cannot");
    scheduler.done(operation(3));
    scheduler.done(operation(4));
    assert_eq!(start_all(&mut scheduler), [2]);
}

#[test]
fn cancelling_a_job_that_came_back_lets_the_next_one_back() {
    let mut scheduler = with(Bounds { per_host: 1, ..WIDE }, &[1]);
    push_all(&mut scheduler, &[job(1, 0, 0), job(2, 0, 0), job(3, 0, 0)]);
    assert_eq!(start_all(&mut scheduler), [1]);
    scheduler.done(operation(1));
    scheduler.cancel(operation(2));
    assert_eq!(start_all(&mut scheduler), [3]);
}

#[test]
fn a_full_project_does_not_hold_up_another() {
    let mut scheduler = with(Bounds { per_project: 2, ..WIDE }, &[1, 1]);
    for number in 0..4 {
        scheduler.push(job(number, 0, None));
    }
    scheduler.push(job(10, 1, None));
    assert_eq!(start_all(&mut scheduler), [0, 10, 1]);
    scheduler.done(operation(1));
    assert_eq!(start_all(&mut scheduler), [2], "in order");
    scheduler.done(operation(0));
    scheduler.done(operation(2));
    assert_eq!(start_all(&mut scheduler), [3]);
}

#[test]
fn a_job_behind_a_call_is_released_when_the_call_returns() {
    let mut scheduler = with(WIDE, &[1]);
    scheduler.push(job(1, 0, None));
    assert_eq!(start_all(&mut scheduler), [1]);
    scheduler.push_behind(job(2, 0, None), operation(1), later(10_000));
    scheduler.push(job(3, 0, None));
    assert_eq!(scheduler.next_timer(), Some(later(10_000)));
    assert_eq!(scheduler.position(operation(2)), None);
    assert_eq!(start_all(&mut scheduler), [3]);
    scheduler.done(operation(1));
    assert_eq!(scheduler.next_timer(), None);
    assert_eq!(start_all(&mut scheduler), [2]);
}

#[test]
fn a_job_behind_a_stuck_call_is_released_by_time() {
    let mut scheduler = with(WIDE, &[1]);
    scheduler.push(job(1, 0, None));
    assert_eq!(start_all(&mut scheduler), [1]);
    scheduler.push_behind(job(2, 0, None), operation(1), later(10));
    assert!(scheduler.next(later(9)).is_none());
    assert_eq!(scheduler.next(later(10)), Some(job(2, 0, None)));
    // The call comes back after all: nobody waits for it any more.
    scheduler.done(operation(1));
    assert_eq!(scheduler.load().in_flight, 1);
    scheduler.done(operation(2));
    assert!(scheduler.is_idle());
}

#[test]
fn a_job_behind_nothing_that_runs_is_ready_at_once() {
    let mut scheduler = with(WIDE, &[1]);
    scheduler.push(job(1, 0, None));
    scheduler.push_behind(job(2, 0, None), operation(1), later(10));
    scheduler.push_behind(job(3, 0, None), operation(77), later(10));
    assert_eq!(start_all(&mut scheduler), [1, 2, 3]);
}

#[test]
fn a_replaced_job_leaves_its_place() {
    let mut scheduler = with(WIDE, &[1]);
    push_all(&mut scheduler, &[job(1, 0, None), job(2, 0, None)]);
    scheduler.replace(operation(1), job(3, 0, None));
    assert_eq!(scheduler.load().waiting, 2);
    assert_eq!(start_all(&mut scheduler), [3, 2]);
}

#[test]
fn a_replaced_job_leaves_its_hold() {
    let mut scheduler = with(WIDE, &[1]);
    scheduler.push(job(1, 0, None));
    assert_eq!(start_all(&mut scheduler), [1]);
    scheduler.push_behind(job(2, 0, None), operation(1), later(10));
    scheduler.replace(operation(2), job(3, 0, None));
    assert!(scheduler.next(later(9)).is_none());
    scheduler.done(operation(1));
    assert_eq!(start_all(&mut scheduler), [3]);
}

#[test]
fn a_replaced_job_leaves_its_parking() {
    let mut scheduler = with(Bounds { per_host: 1, ..WIDE }, &[1]);
    push_all(&mut scheduler, &[job(1, 0, 0), job(2, 0, 0), job(3, 0, 0)]);
    assert_eq!(start_all(&mut scheduler), [1]);
    scheduler.replace(operation(2), job(4, 0, 0));
    scheduler.done(operation(1));
    assert_eq!(start_all(&mut scheduler), [4]);
}

#[test]
fn what_cannot_be_replaced_is_pushed() {
    let mut scheduler = with(WIDE, &[1]);
    push_all(&mut scheduler, &[job(1, 0, None), job(2, 0, None)]);
    assert_eq!(start(&mut scheduler), Some(1));
    scheduler.replace(operation(1), job(3, 0, None));
    scheduler.replace(operation(50), job(4, 0, None));
    assert_eq!(start_all(&mut scheduler), [2, 3, 4]);
}

#[test]
fn a_requeued_job_waits_for_its_time_and_has_its_own_figure() {
    let bounds = Bounds { queue: 1, service: 1, ..WIDE };
    let mut scheduler = with(bounds, &[1]);
    scheduler.push(job(1, 0, 0));
    assert_eq!(start_all(&mut scheduler), [1]);
    scheduler.push(job(2, 0, 0));
    scheduler.requeue(operation(1), later(100));
    let load = Load {
        waiting: 1,
        requeued: 1,
        in_flight: 0,
        max_waiting: 1,
        max_requeued: 1,
        max_in_flight: 1,
    };
    assert_eq!(scheduler.load(), load, "re-queued work takes no place");
    assert_eq!(start_all(&mut scheduler), [2], "worker and permits are free meanwhile");
    scheduler.done(operation(2));
    assert!(scheduler.next(later(99)).is_none());
    assert_eq!(scheduler.next(later(100)), Some(job(1, 0, 0)));
    scheduler.done(operation(1));
    assert!(scheduler.is_idle());
}

#[test]
fn a_job_whose_pause_is_over_stands_where_it_stood() {
    let mut scheduler = with(Bounds { service: 1, ..WIDE }, &[1]);
    push_all(&mut scheduler, &[job(1, 0, None), job(2, 0, None), job(3, 0, None)]);
    assert_eq!(start(&mut scheduler), Some(1));
    scheduler.requeue(operation(1), later(10));
    assert_eq!(start(&mut scheduler), Some(2));
    scheduler.done(operation(2));
    assert_eq!(scheduler.next(later(10)), Some(job(1, 0, None)), "before 3");
}

#[test]
fn a_job_can_be_cancelled_wherever_it_waits() {
    let mut scheduler = with(Bounds { per_host: 1, ..WIDE }, &[1]);
    push_all(&mut scheduler, &[job(1, 0, 0), job(2, 0, 0), job(6, 0, 1)]);
    assert_eq!(start_all(&mut scheduler), [1, 6]);
    scheduler.push(job(3, 0, 0));
    scheduler.push_behind(job(4, 0, 0), operation(1), later(10));
    scheduler.requeue(operation(6), later(20));
    for parked_ready_held_requeued in [2, 3, 4, 6] {
        scheduler.apply(JobChange::Remove(operation(parked_ready_held_requeued)));
    }
    assert_eq!(scheduler.waiting().count(), 0);
    assert_eq!(scheduler.next_timer(), None);
    scheduler.cancel(operation(1));
    assert_eq!(scheduler.running().collect::<Vec<_>>(), [operation(1)]);
    scheduler.done(operation(1));
    assert!(scheduler.is_idle());
    assert_eq!(start_all(&mut scheduler), Vec::<u32>::new());
}

#[test]
fn changes_that_name_nobody_do_nothing() {
    let mut scheduler = with(WIDE, &[1]);
    scheduler.push(job(1, 0, 0));
    let before = format!("{scheduler:?}");
    scheduler.apply(JobChange::Done(operation(1)));
    scheduler.apply(JobChange::Done(operation(2)));
    scheduler.apply(JobChange::Remove(operation(2)));
    scheduler.apply(JobChange::Requeue { operation: operation(1), not_before: later(1) });
    assert_eq!(format!("{scheduler:?}"), before);
}

#[test]
fn the_last_tenth_is_kept_for_projects_with_nothing_waiting() {
    let mut scheduler = with(Bounds { queue: 20, ..WIDE }, &[1, 1, 1]);
    for number in 0..18 {
        assert!(scheduler.has_capacity(ProjectId(0), 1));
        scheduler.push(job(number, 0, None));
    }
    assert!(!scheduler.has_capacity(ProjectId(0), 1), "18 of 20");
    assert!(scheduler.has_capacity(ProjectId(1), 1));
    assert!(!scheduler.has_capacity(ProjectId(1), 2), "one each");
    scheduler.push(job(100, 1, None));
    assert!(!scheduler.has_capacity(ProjectId(1), 1));
    scheduler.push(job(200, 2, None));
    assert!(!scheduler.has_capacity(ProjectId(2), 1), "20 of 20");
}

#[test]
fn a_project_alone_has_all_places() {
    let mut scheduler = with(Bounds { queue: 20, ..WIDE }, &[1]);
    assert!(scheduler.has_capacity(ProjectId(0), 20));
    assert!(!scheduler.has_capacity(ProjectId(0), 21));
    for number in 0..20 {
        scheduler.push(job(number, 0, None));
    }
    assert!(!scheduler.has_capacity(ProjectId(0), 1));
}

#[test]
fn a_queue_of_one_has_one_place_for_everybody() {
    let mut scheduler = with(Bounds { queue: 1, ..WIDE }, &[1, 1]);
    assert!(scheduler.has_capacity(ProjectId(0), 1));
    assert!(!scheduler.has_capacity(ProjectId(0), 2));
    scheduler.push(job(1, 0, None));
    assert!(!scheduler.has_capacity(ProjectId(0), 1) && !scheduler.has_capacity(ProjectId(1), 1));
    assert_eq!(start_all(&mut scheduler), [1]);
    assert!(scheduler.has_capacity(ProjectId(0), 1) && scheduler.has_capacity(ProjectId(1), 1));
}

#[test]
fn a_queue_of_none_has_no_place() {
    for weights in [&[1][..], &[1, 1]] {
        assert!(!with(Bounds { queue: 0, ..WIDE }, weights).has_capacity(ProjectId(0), 1));
    }
}

#[test]
fn live_counts_who_runs_too() {
    let mut scheduler = with(Bounds { active: 2, ..WIDE }, &[1]);
    push_all(&mut scheduler, &[job(1, 0, None), job(2, 0, None)]);
    assert_eq!(start(&mut scheduler), Some(1));
    assert!(!scheduler.has_capacity(ProjectId(0), 1));
    scheduler.done(operation(1));
    assert!(scheduler.has_capacity(ProjectId(0), 1));
}

#[test]
fn depths_know_what_waits_longest_wherever_it_stands() {
    let mut scheduler = with(Bounds { per_host: 1, ..WIDE }, &[1, 1, 1]);
    // 2 and 3 are for a host that is full once 1 runs; 4 is free to start.
    for (number, project) in [(1, 0), (2, 0), (3, 1)] {
        scheduler.push(job(number, project, 7));
    }
    assert_eq!(start(&mut scheduler), Some(1));
    assert_eq!(start(&mut scheduler), None);
    scheduler.push(job(4, 1, None));
    let accepted = |id: OperationId| Some(later(u64::from(id.number)));
    let shown: Vec<_> = scheduler
        .depths(accepted)
        .into_iter()
        .map(|depth| (depth.project.0, depth.waiting, depth.in_flight, depth.oldest))
        .collect();
    assert_eq!(shown, [(0, 1, 1, Some(later(2))), (1, 2, 0, Some(later(3)))]);
    // What comes back for another attempt does not count as waiting.
    scheduler.requeue(operation(1), NOW);
    let again = scheduler.depths(accepted);
    assert_eq!((again[0].waiting, again[0].in_flight, again[0].oldest), (1, 0, Some(later(2))));
}

#[test]
fn who_is_next_up_is_who_is_started_next() {
    let mut scheduler = with(WIDE, &[2, 1, 1]);
    for number in 1..=30 {
        scheduler.push(job(number, [0, 1, 0, 0, 2][number as usize % 5], None));
    }
    // In the middle of a turn, too.
    for started in 0..30_usize {
        let next: Vec<_> = scheduler.next_up(7).into_iter().map(|id| id.number).collect();
        let mut ahead = scheduler.clone();
        let then: Vec<_> = std::iter::from_fn(|| start(&mut ahead)).take(7).collect();
        assert_eq!(next, then, "after {started}");
        start(&mut scheduler);
    }
    assert!(scheduler.next_up(7).is_empty());
}
