use guichet_core::ids::ServerId;

use super::*;

fn ran(n: u64) -> Ran {
    Ran {
        worker: 1,
        action: Action::Create,
        operation: OperationId { server: ServerId::from_bits(u128::from(n)), number: 1 },
        client: ClientId(0),
        attempt: 1,
        from_us: n,
        to_us: n + 1,
        end: EventKind::Succeeded,
        failure: None,
    }
}

const MAX: u64 = limits::REPORT_SPANS_MAX as u64;

fn drawn(total: u64, busiest: u64) -> (u64, u64, usize) {
    let mut spans = Busiest::default();
    for n in 0..total {
        spans.level(if n == busiest { 9 } else { 1 }, 1);
        spans.push(ran(n));
    }
    let (spans, all) = spans.finish();
    assert_eq!(all, total);
    assert!(spans.windows(2).all(|two| two[0].from_us + 1 == two[1].from_us), "without a gap");
    (spans[0].from_us, spans[spans.len() - 1].from_us, spans.len())
}

#[test]
fn all_of_a_short_run_are_drawn() {
    assert_eq!(drawn(MAX, 5), (0, MAX - 1, MAX as usize));
    assert_eq!(drawn(3, 0), (0, 2, 3));
}

#[test]
fn of_a_long_run_those_around_the_busiest_moment_are_drawn() {
    let (first, last, count) = drawn(50_000, 20_000);
    assert_eq!((first, last, count), (20_000 - MAX / 2, 20_000 + MAX / 2 - 1, MAX as usize));
    let (first, _, count) = drawn(50_000, 3);
    assert_eq!((first, count), (0, MAX as usize), "more after it where there were few before");
    let (_, last, count) = drawn(50_000, 49_990);
    assert_eq!((last, count), (49_999, MAX as usize));
}
