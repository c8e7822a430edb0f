//! Which requests belong to a trace of their client's.

use std::collections::{HashMap, VecDeque};

use guichet_core::ids::RequestId;
use guichet_core::limits;
use guichet_http::trace_parent::TraceParent;

/// The latest of them: the oldest makes way.
#[derive(Debug, Default)]
pub(crate) struct Contexts {
    of: HashMap<RequestId, TraceParent>,
    order: VecDeque<RequestId>,
}

impl Contexts {
    pub(crate) fn insert(&mut self, request: RequestId, parent: TraceParent) {
        if self.of.insert(request, parent).is_none() {
            self.order.push_back(request);
        }
        if self.order.len() > limits::OTLP_CONTEXTS_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.of.remove(&oldest);
        }
    }

    pub(crate) fn get(&self, request: RequestId) -> Option<TraceParent> {
        self.of.get(&request).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_makes_way() {
        let mut contexts = Contexts::default();
        let most = limits::OTLP_CONTEXTS_MAX as u128;
        for bits in (0..=most).chain([1, 2]) {
            let parent = TraceParent { trace: bits + 1, span: 1, is_sampled: true };
            contexts.insert(RequestId::from_bits(bits), parent);
        }
        let trace = |bits| contexts.get(RequestId::from_bits(bits)).map(|parent| parent.trace);
        assert_eq!((trace(0), trace(1), trace(most)), (None, Some(2), Some(most + 1)));
        assert_eq!((contexts.of.len(), contexts.order.len()), (most as usize, most as usize));
    }
}
