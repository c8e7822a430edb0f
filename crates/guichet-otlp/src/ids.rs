//! Ids of traces and spans, made of those that requests and operations have. Pure.
//!
//! So nothing need be remembered between a request and what becomes of it later, also after a restart.

use guichet_core::ids::{OperationId, RequestId};
use opentelemetry::{SpanId, TraceId};

/// The parts of an operation that are spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Whole = 1,
    Wait = 2,
    Driver = 3,
}

/// The trace of a request that belongs to none of its client's: a UUID of version 4 is never 0.
pub(crate) fn trace(request: RequestId) -> TraceId {
    TraceId::from(request.0.as_u128())
}

/// A request's span.
pub(crate) fn request_span(request: RequestId) -> SpanId {
    span(request.0.as_u128(), 0)
}

/// A span of an operation.
pub(crate) fn operation_span(operation: OperationId, part: Part) -> SpanId {
    let number = u64::from(operation.number) << 2 | part as u64;
    span(operation.server.0.as_u128(), number)
}

/// Mixes an id and a number: never 0, which is no span.
fn span(id: u128, number: u64) -> SpanId {
    let folded = (id >> 64) as u64 ^ (id as u64).rotate_left(32);
    let mixed = mix(folded ^ mix(number));
    SpanId::from(mixed.max(1))
}

/// The finalizer of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
const fn mix(mut bits: u64) -> u64 {
    bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// Whether a trace that no client asked for is written: by its id, so that all of it is, or nothing.
pub(crate) fn is_sampled(request: RequestId, share: f64) -> bool {
    let drawn = mix(request.0.as_u128() as u64);
    share >= 1.0 || (drawn as f64) < share * u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use guichet_core::ids::ServerId;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spans_of_a_trace_are_told_apart() {
        let request = RequestId::from_bits(7);
        let mut all = BTreeSet::from([request_span(request).to_bytes()]);
        for server in 0..50 {
            for number in 1..20 {
                let server = ServerId(RequestId::from_bits(server).0);
                for part in [Part::Whole, Part::Wait, Part::Driver] {
                    all.insert(operation_span(OperationId { server, number }, part).to_bytes());
                }
            }
        }
        assert_eq!(all.len(), 1 + 50 * 19 * 3);
    }

    #[test]
    fn a_share_of_the_traces_is_written() {
        let count = |share| {
            (0..10_000).filter(|bits| is_sampled(RequestId::from_bits(*bits), share)).count()
        };
        assert_eq!((count(0.0), count(1.0)), (0, 10_000));
        let tenth = count(0.1);
        assert!((800..1_200).contains(&tenth), "{tenth}");
    }

    proptest! {
        #[test]
        fn no_span_is_0(bits: u128, number: u32) {
            let server = ServerId(RequestId::from_bits(bits).0);
            let id = operation_span(OperationId { server, number }, Part::Wait);
            prop_assert_ne!(id, SpanId::INVALID);
            prop_assert_ne!(request_span(RequestId::from_bits(bits)), SpanId::INVALID);
        }
    }
}
