//! Operations that are over, of all servers: one table, in which those of a server are a ring.
//!
//! ```text
//! entries of a server      1 ──▶ 2 ──▶ 3 ──▶ 1    each names the next newer one, the newest the oldest
//!                                      ▲
//! the server's chain         newest ───┘
//! ```
//!
//! An operation more takes no memory of its own and moves none: with a list of its own, every server's
//! would be copied with each. One that is over is also smaller than one that goes on.

use crate::action::Action;
use crate::ids::{ClientId, RequestId, WorkerId};
use crate::limits;
use crate::server::{Failure, Operation, OperationState};
use crate::time::Timestamp;

/// Entries of a block, which is taken at once and never moved: 14 KiB.
const BLOCK: usize = 256;

/// A place in the table.
type Place = u32;

/// No place.
const NONE: Place = Place::MAX;

/// A server's operations in the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chain {
    /// The newest of them.
    newest: Place,
    count: u16,
}

const _: () = assert!(limits::OPERATIONS_PER_SERVER_MAX <= u16::MAX as usize);

impl Default for Chain {
    fn default() -> Self {
        Self { newest: NONE, count: 0 }
    }
}

/// The table.
#[derive(Debug, Clone)]
pub(super) struct Finished {
    blocks: Vec<Vec<Entry>>,
    /// The first of the places that are free; each names the next one.
    free: Place,
}

#[derive(Debug, Clone)]
struct Entry {
    over: Over,
    /// The next newer one of the same server, and of the newest the oldest; of a free place the next free one.
    next: Place,
}

/// An operation that is over.
#[derive(Debug, Clone)]
enum Over {
    Usual(Usual),
    /// As it is: what has more to it than fits.
    Whole(Box<Operation>),
    /// The place is free.
    None,
}

/// Nearly every one: it had no arguments, waits for no next attempt, and took less than 71 minutes in each of
/// its two parts.
#[derive(Debug, Clone, Copy)]
struct Usual {
    request: RequestId,
    accepted: Timestamp,
    client: ClientId,
    number: u32,
    worker: WorkerId,
    /// From accepted to started; none if it never was.
    wait_us: Option<Micros>,
    /// From started to finished, or from accepted if it never was started.
    rest_us: Micros,
    attempt: u8,
    action: Action,
    state: OperationState,
    failure: Option<Failure>,
}

/// So many microseconds and one more: then there may be none, and that takes no memory.
type Micros = std::num::NonZeroU32;

/// The time between two instants, if it is one that fits.
fn micros(from: Timestamp, to: Timestamp) -> Option<Micros> {
    let micros = to.micros().checked_sub(from.micros())?;
    Micros::new(u32::try_from(micros).ok()?.checked_add(1)?)
}

/// The instant so much later.
const fn after(from: Timestamp, micros: Micros) -> Timestamp {
    Timestamp::from_micros(from.micros() + micros.get() as u64 - 1)
}

impl Usual {
    /// The operation in short, if nothing of it is lost by that.
    fn of(operation: &Operation) -> Option<Self> {
        let Operation { request, accepted, client, number, worker, .. } = *operation;
        if operation.args.is_some() || operation.not_before.is_some() {
            return None;
        }
        let wait_us = match operation.started {
            Some(started) => Some(micros(accepted, started)?),
            None => None,
        };
        Some(Self {
            request,
            accepted,
            client,
            number,
            worker,
            wait_us,
            rest_us: micros(operation.started.unwrap_or(accepted), operation.finished?)?,
            attempt: u8::try_from(operation.attempt).ok()?,
            action: operation.action,
            state: operation.state,
            failure: operation.failure,
        })
    }

    fn operation(self) -> Operation {
        let started = self.wait_us.map(|wait| after(self.accepted, wait));
        Operation {
            number: self.number,
            request: self.request,
            client: self.client,
            action: self.action,
            args: None,
            state: self.state,
            attempt: self.attempt.into(),
            worker: self.worker,
            accepted: self.accepted,
            started,
            finished: Some(after(started.unwrap_or(self.accepted), self.rest_us)),
            not_before: None,
            failure: self.failure,
        }
    }
}

impl Over {
    fn of(operation: &Operation) -> Self {
        match Usual::of(operation) {
            Some(usual) => Self::Usual(usual),
            None => Self::Whole(Box::new(operation.clone())),
        }
    }

    fn operation(&self) -> Option<Operation> {
        match self {
            Self::Usual(usual) => Some(usual.operation()),
            Self::Whole(operation) => Some(Operation::clone(operation)),
            Self::None => None,
        }
    }
}

impl Default for Finished {
    fn default() -> Self {
        Self { blocks: Vec::new(), free: NONE }
    }
}

impl Finished {
    fn at(&self, place: Place) -> &Entry {
        let place = place as usize;
        &self.blocks[place / BLOCK][place % BLOCK]
    }

    fn at_mut(&mut self, place: Place) -> &mut Entry {
        let place = place as usize;
        &mut self.blocks[place / BLOCK][place % BLOCK]
    }

    /// One more operation of a server is over; of those the newest
    /// [`limits::OPERATIONS_PER_SERVER_MAX`] stay.
    pub(super) fn push(&mut self, chain: &mut Chain, operation: &Operation) {
        let over = Over::of(operation);
        if usize::from(chain.count) >= limits::OPERATIONS_PER_SERVER_MAX {
            // In the place of the oldest, which the newest names.
            chain.newest = self.at(chain.newest).next;
            self.at_mut(chain.newest).over = over;
            return;
        }
        let place = self.put(over);
        if chain.count > 0 {
            let newest = self.at_mut(chain.newest);
            let oldest = std::mem::replace(&mut newest.next, place);
            self.at_mut(place).next = oldest;
        }
        *chain = Chain { newest: place, count: chain.count + 1 };
    }

    /// Puts one in a place that is free, as the only one of its server.
    fn put(&mut self, over: Over) -> Place {
        if self.free != NONE {
            let place = self.free;
            let entry = self.at_mut(place);
            let next = std::mem::replace(entry, Entry { over, next: place }).next;
            self.free = next;
            return place;
        }
        if self.blocks.last().is_none_or(|block| block.len() == BLOCK) {
            self.blocks.push(Vec::with_capacity(BLOCK));
        }
        let first = (self.blocks.len() - 1) * BLOCK;
        let block = self.blocks.last_mut().expect("there is one that is not full");
        let place = (first + block.len()) as Place;
        block.push(Entry { over, next: place });
        place
    }

    /// A server's operations, oldest first.
    pub(super) fn of(&self, chain: Chain) -> impl Iterator<Item = Operation> + '_ {
        let mut place = chain.newest;
        (0..chain.count).filter_map(move |_| {
            place = self.at(place).next;
            self.at(place).over.operation()
        })
    }

    /// A server's operations are forgotten, and their places are free.
    pub(super) fn forget(&mut self, chain: Chain) {
        let mut place = chain.newest;
        for _ in 0..chain.count {
            // What a large one holds goes now, and not when its place is taken.
            let entry = self.at_mut(place);
            entry.over = Over::None;
            place = entry.next;
        }
        if chain.count > 0 {
            // From the oldest to the newest, and on to what was free already.
            let free = self.free;
            self.free = std::mem::replace(&mut self.at_mut(chain.newest).next, free);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::action::ActionArgs;

    fn at(micros: u64) -> Timestamp {
        Timestamp::from_micros(micros)
    }

    fn any_instant() -> impl Strategy<Value = Timestamp> {
        // Near each other, as they are, and some far away.
        prop_oneof![9 => 1_000..2_000_u64, 1 => 1..20_000_000_000_u64].prop_map(at)
    }

    prop_compose! {
        fn any_operation()(
            number in any::<u32>(),
            bits in any::<u128>(),
            (client, worker) in any::<(u32, u32)>(),
            attempt in prop_oneof![9 => 0..6_u32, 1 => any::<u32>()],
            accepted in any_instant(),
            started in prop::option::of(any_instant()),
            finished in prop_oneof![19 => any_instant().prop_map(Some), 1 => Just(None)],
            not_before in prop_oneof![19 => Just(None), 1 => any_instant().prop_map(Some)],
            failed in any::<bool>(),
            has_args in prop::bool::weighted(0.1),
        ) -> Operation {
            Operation {
                number,
                request: RequestId::from_bits(bits),
                client: ClientId(client),
                action: Action::ALL[number as usize % Action::ALL.len()],
                args: has_args.then(|| Arc::new(ActionArgs::Move { host: None })),
                state: OperationState::ALL[attempt as usize % OperationState::ALL.len()],
                attempt,
                worker: WorkerId(worker),
                accepted,
                started,
                finished,
                not_before,
                failure: failed.then_some(Failure::Driver),
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_same_as_a_list_for_each_server(
            steps in prop::collection::vec((0..6_usize, prop::bool::weighted(0.02), any_operation()), 1..1_500),
        ) {
            let mut finished = Finished::default();
            let mut chains = [Chain::default(); 6];
            let mut lists: [Vec<Operation>; 6] = Default::default();
            let mut most = 0;
            for (server, forgets, operation) in steps {
                if forgets {
                    finished.forget(std::mem::take(&mut chains[server]));
                    lists[server].clear();
                }
                finished.push(&mut chains[server], &operation);
                lists[server].push(operation);
                if lists[server].len() > limits::OPERATIONS_PER_SERVER_MAX {
                    lists[server].remove(0);
                }
                most = most.max(lists.iter().map(Vec::len).sum());
                let own: Vec<_> = finished.of(chains[server]).collect();
                prop_assert_eq!(&own, &lists[server]);
            }
            for (chain, list) in chains.into_iter().zip(&lists) {
                prop_assert_eq!(&finished.of(chain).collect::<Vec<_>>(), list);
            }
            // What is free is taken before what never was.
            prop_assert_eq!(finished.blocks.iter().map(Vec::len).sum::<usize>(), most);
        }
    }

    #[test]
    fn an_operation_that_is_over_costs_fifty_six_bytes() {
        assert_eq!(size_of::<Entry>(), 56);
    }
}
