//! Counts are kept apart by client and added up without loss.

use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::ids::{ClientId, RequestId, WorkerId};
use guichet_core::refusal::RefusalKind;
use guichet_core::server::{Operation, OperationState};
use guichet_core::time::Timestamp;
use guichet_lab::simulate::tally::{Answered, Tally};
use proptest::prelude::*;

/// An operation accepted at 1 s, started and ended that much later.
fn operation(state: OperationState, wait_us: Option<u64>, service_us: u64) -> Operation {
    let accepted = Timestamp::from_micros(1_000_000);
    let started = wait_us.map(|wait| accepted.after(Duration::from_micros(wait)));
    let finished = started.unwrap_or(accepted).after(Duration::from_micros(service_us));
    Operation {
        number: 1,
        request: RequestId::from_bits(1),
        client: ClientId(0),
        action: Action::Create,
        state,
        attempt: u32::from(started.is_some()),
        worker: WorkerId(0),
        accepted,
        started,
        finished: Some(finished),
        not_before: None,
        args: None,
        failure: None,
    }
}

#[test]
fn nothing_counted_is_nothing() {
    let counted = Tally::default().total();
    assert_eq!((counted.sent, counted.queries, counted.operations), (0, 0, 0));
    assert_eq!(counted.refused_total(), 0);
    assert_eq!(counted.wait.len(), 0);
    assert_eq!(counted.ended(OperationState::Succeeded), 0);
}

#[test]
fn answers_are_counted_by_kind_and_action() {
    let tally = Tally::default();
    let accepted = |operations, create_hour| Answered::Accepted { operations, create_hour };
    tally.answered(0, "create", accepted(3, Some(7)));
    tally.answered(16, "create", accepted(1, Some(7)));
    tally.answered(17, "create", accepted(1, Some(8)));
    tally.answered(5, "reboot", accepted(1, None));
    tally.answered(5, "create", Answered::Repeated);
    tally.answered(5, "delete", Answered::Refused(RefusalKind::NoServer));
    tally.answered(6, "delete", Answered::Refused(RefusalKind::NoServer));
    tally.answered(6, "delete", Answered::Refused(RefusalKind::Conflict));
    tally.read(1_000_000, Duration::from_micros(40));
    let counted = tally.total();
    assert_eq!((counted.sent, counted.accepted, counted.repeated), (8, 4, 1));
    assert_eq!((counted.operations, counted.queries), (6, 1));
    assert_eq!(counted.refused_total(), 3);
    assert_eq!(counted.refused[&RefusalKind::NoServer], 2);
    assert_eq!(counted.creates_by_hour.into_iter().collect::<Vec<_>>(), [(7, 4), (8, 1)]);
    let by_action: Vec<_> = counted.by_action.into_iter().collect();
    assert_eq!(by_action, [("create", 4), ("delete", 3), ("list", 1), ("reboot", 1)]);
    assert_eq!(counted.query_latency.max(), 40);
}

#[test]
fn ends_are_counted_with_their_times() {
    let tally = Tally::default();
    let latency = Duration::from_micros(5_000);
    tally.ended(1, &operation(OperationState::Succeeded, Some(100), 900), latency);
    tally.ended(2, &operation(OperationState::Succeeded, Some(200), 800), latency);
    // Cancelled before it was started: it waited to its end and has no service time.
    tally.ended(3, &operation(OperationState::Cancelled, None, 300), latency);
    let counted = tally.total();
    assert_eq!(counted.ended(OperationState::Succeeded), 2);
    assert_eq!(counted.ended(OperationState::Cancelled), 1);
    assert_eq!(counted.ended(OperationState::Failed), 0);
    assert_eq!((counted.wait.len(), counted.wait.min(), counted.wait.max()), (3, 100, 300));
    assert_eq!((counted.service.len(), counted.service.max()), (2, 900));
    assert_eq!(counted.latency.len(), 3);
}

#[test]
fn a_time_past_all_bounds_is_still_counted() {
    let tally = Tally::default();
    let year = Duration::from_secs(100 * 365 * 86_400);
    tally.ended(0, &operation(OperationState::Failed, Some(0), 1), year);
    let counted = tally.total();
    assert_eq!(counted.latency.len(), 1);
    let error = counted.latency.max() as f64 / year.as_micros() as f64;
    assert!((0.999..1.001).contains(&error), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_count_is_lost_between_clients(
        steps in proptest::collection::vec((any::<u32>(), 0..4u8, 0..1_000_000u64), 0..200)
    ) {
        let tally = Tally::default();
        for (client, what, micros) in &steps {
            match what {
                0 => tally.read(*client, Duration::from_micros(*micros)),
                1 => tally.answered(*client, "stop", Answered::Refused(RefusalKind::NotFound)),
                2 => tally.answered(*client, "stop", Answered::Repeated),
                _ => {
                    let over = operation(OperationState::Failed, Some(*micros), *micros);
                    tally.ended(*client, &over, Duration::from_micros(*micros));
                }
            }
        }
        let of = |wanted: u8| steps.iter().filter(|(_, what, _)| *what == wanted).count() as u64;
        let counted = tally.total();
        prop_assert_eq!(counted.queries, of(0));
        prop_assert_eq!(counted.refused_total(), of(1));
        prop_assert_eq!(counted.repeated, of(2));
        prop_assert_eq!(counted.sent, of(1) + of(2));
        prop_assert_eq!(counted.ended(OperationState::Failed), of(3));
        prop_assert_eq!(counted.service.len(), of(3));
    }

    #[test]
    fn totals_do_not_depend_on_who_counts(clients in proptest::collection::vec(any::<u32>(), 1..50)) {
        let (spread, alone) = (Tally::default(), Tally::default());
        for (micros, client) in (1u64..).zip(clients) {
            spread.read(client, Duration::from_micros(micros * micros));
            alone.read(0, Duration::from_micros(micros * micros));
        }
        let (spread, alone) = (spread.total(), alone.total());
        prop_assert_eq!(spread.by_action, alone.by_action);
        for quantile in [0.0, 0.5, 0.9, 0.99, 1.0] {
            prop_assert_eq!(
                spread.query_latency.value_at_quantile(quantile),
                alone.query_latency.value_at_quantile(quantile)
            );
        }
    }
}
