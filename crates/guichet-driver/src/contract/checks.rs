//! The checks, each on a driver without machines.

use guichet_core::action::Action::{self, Create, Delete, RebootHard, RebootSoft, Start, Stop};
use guichet_core::rows::Outcome;
use guichet_core::state::PowerState::{Running, Shutdown};
use tokio::task::yield_now;

use super::bench::Bench;

/// What is done to a machine that exists.
const CHANGES: [Action; 4] = [RebootSoft, RebootHard, Start, Stop];

pub(super) async fn create_makes_a_running_machine(bench: &Bench) {
    bench.exist(&[]).await;
    bench.succeeds(Create, 1, 1).await;
    bench.exist(&[(1, 1, Running)]).await;
}

pub(super) async fn the_list_is_ordered_and_complete(bench: &Bench) {
    let mut wanted = Vec::new();
    for number in 1..=20 {
        bench.succeeds(Create, number, 1).await;
        wanted.push((number, 1, Running));
    }
    bench.exist(&wanted).await;
    for number in 1..=10 {
        bench.succeeds(Delete, number, 2).await;
    }
    bench.exist(&wanted[10..]).await;
}

pub(super) async fn stop_start_and_reboots_set_the_power(bench: &Bench) {
    bench.succeeds(Create, 1, 1).await;
    bench.succeeds(RebootSoft, 1, 2).await;
    bench.exist(&[(1, 2, Running)]).await;
    bench.succeeds(Stop, 1, 3).await;
    bench.exist(&[(1, 3, Shutdown)]).await;
    bench.succeeds(Start, 1, 4).await;
    bench.exist(&[(1, 4, Running)]).await;
    bench.succeeds(Stop, 1, 5).await;
    bench.succeeds(RebootHard, 1, 6).await;
    bench.exist(&[(1, 6, Running)]).await;
}

/// The same call twice, as after an answer that got lost, and a new call for what is so already.
pub(super) async fn every_action_is_idempotent(bench: &Bench) {
    let mut fence = 0;
    for action in [Create, RebootSoft, Stop, Start, RebootHard] {
        let power = if action == Stop { Shutdown } else { Running };
        fence += 1;
        bench.succeeds(action, 1, fence).await;
        bench.succeeds(action, 1, fence).await;
        bench.exist(&[(1, fence, power)]).await;
        fence += 1;
        bench.succeeds(action, 1, fence).await;
        bench.exist(&[(1, fence, power)]).await;
    }
    for again in 1..=3 {
        bench.succeeds(Delete, 1, fence + again).await;
        bench.exist(&[]).await;
    }
    bench.succeeds(Delete, 1, fence + 3).await;
    bench.succeeds(Delete, 2, 1).await;
    bench.exist(&[]).await;
}

pub(super) async fn delete_removes_the_machine_and_nothing_else(bench: &Bench) {
    for number in 1..=3 {
        bench.succeeds(Create, number, 1).await;
    }
    bench.succeeds(Stop, 3, 2).await;
    bench.succeeds(Delete, 3, 3).await;
    bench.succeeds(Delete, 1, 2).await;
    bench.exist(&[(2, 1, Running)]).await;
}

pub(super) async fn what_needs_a_machine_fails_for_good_without_one(bench: &Bench) {
    for action in CHANGES {
        bench.fails_for_good(action, 1, 1).await;
        bench.exist(&[]).await;
    }
    bench.succeeds(Create, 1, 2).await;
    bench.succeeds(Delete, 1, 3).await;
    for action in CHANGES {
        bench.fails_for_good(action, 1, 4).await;
        bench.exist(&[]).await;
    }
}

pub(super) async fn an_older_fence_is_refused_and_changes_nothing(bench: &Bench) {
    bench.succeeds(Create, 1, 4).await;
    for action in [Create, RebootSoft, RebootHard, Start, Stop, Delete] {
        bench.fails_for_good(action, 1, 3).await;
        bench.exist(&[(1, 4, Running)]).await;
    }
    bench.succeeds(Stop, 1, 5).await;
    for action in [Create, Start, RebootHard, Delete] {
        bench.fails_for_good(action, 1, 4).await;
        bench.exist(&[(1, 5, Shutdown)]).await;
    }
    // Fences are one server's own.
    bench.succeeds(Create, 2, 1).await;
    bench.exist(&[(1, 5, Shutdown), (2, 1, Running)]).await;
}

/// Whether a cancelled call was done is the driver's to say, but it must be true.
pub(super) async fn a_cancelled_call_returns_and_can_be_made_again(bench: &Bench) {
    let call = bench.call(Create, 1, 1);
    let cancel = call.cancel.clone();
    let stop = async {
        yield_now().await;
        cancel.cancel();
    };
    let (outcome, ()) = tokio::join!(biased; bench.answer_in_grace(call), stop);
    if outcome == Outcome::Succeeded {
        bench.exist(&[(1, 1, Running)]).await;
    }
    bench.succeeds(Create, 1, 2).await;
    bench.exist(&[(1, 2, Running)]).await;
}

pub(super) async fn a_call_cancelled_before_it_began_returns(bench: &Bench) {
    bench.succeeds(Create, 1, 1).await;
    for (fence, action) in (2..).zip(CHANGES) {
        let call = bench.call(action, 1, fence);
        call.cancel.cancel();
        bench.answer_in_grace(call).await;
    }
    bench.succeeds(Delete, 1, 10).await;
    bench.exist(&[]).await;
}

/// A create is on its way when the delete comes, cancelled or not.
pub(super) async fn a_late_create_does_not_resurrect(bench: &Bench) {
    for (number, is_cancelled) in [(1, true), (2, false)] {
        let create = bench.call(Create, number, 1);
        let cancel = create.cancel.clone();
        let delete = async {
            yield_now().await;
            if is_cancelled {
                cancel.cancel();
            }
            bench.succeeds(Delete, number, 2).await;
        };
        tokio::join!(biased; bench.answer(create), delete);
        bench.exist(&[]).await;
    }
}

/// The same for a call that would have changed the machine.
pub(super) async fn a_late_change_does_not_resurrect(bench: &Bench) {
    for (number, action) in (1..).zip(CHANGES) {
        bench.succeeds(Create, number, 1).await;
        let change = bench.call(action, number, 2);
        let delete = async {
            yield_now().await;
            bench.succeeds(Delete, number, 3).await;
        };
        tokio::join!(biased; bench.answer(change), delete);
        bench.exist(&[]).await;
    }
}

/// A caller may stop waiting without a word: its call may be done or not, nothing else.
pub(super) async fn a_dropped_call_blocks_nothing(bench: &Bench) {
    tokio::select! {
        biased;
        _ = bench.answer(bench.call(Create, 1, 1)) => {}
        () = yield_now() => {}
    }
    bench.succeeds(Create, 1, 2).await;
    bench.exist(&[(1, 2, Running)]).await;
    tokio::select! {
        biased;
        _ = bench.answer(bench.call(Stop, 1, 3)) => {}
        () = yield_now() => {}
    }
    bench.succeeds(Delete, 1, 4).await;
    bench.exist(&[]).await;
}

/// A driver that can look at its machines itself may adopt none; one that adopts adopts all, and
/// goes by their fences.
pub(super) async fn adopted_machines_are_machines(bench: &Bench) {
    let adopted = [(1, 4, Running), (2, 9, Shutdown)];
    bench.adopt(&adopted);
    if bench.machines().await.is_empty() {
        return;
    }
    bench.exist(&adopted).await;
    bench.fails_for_good(Start, 2, 8).await;
    bench.exist(&adopted).await;
    bench.succeeds(Start, 2, 10).await;
    bench.exist(&[(1, 4, Running), (2, 10, Running)]).await;
    bench.succeeds(Delete, 1, 5).await;
    bench.exist(&[(2, 10, Running)]).await;
}

pub(super) async fn adopting_changes_nothing_that_is_newer(bench: &Bench) {
    bench.succeeds(Create, 1, 3).await;
    bench.adopt(&[(1, 2, Shutdown)]);
    bench.exist(&[(1, 3, Running)]).await;
    bench.succeeds(Stop, 1, 4).await;
    bench.exist(&[(1, 4, Shutdown)]).await;
}

/// An application may look up much to describe a machine.
pub(super) async fn a_description_is_asked_for_once_a_call(bench: &Bench) {
    for (fence, action) in (1..).zip([Create, Stop, Start, RebootHard, RebootSoft, Delete]) {
        bench.succeeds_described_once(action, 1, fence).await;
    }
}
