//! Deciding about rows beside servers, of whichever kind, as one step under the lock.

use std::fmt::Debug;

use guichet_core::fleet::Fleet;
use guichet_core::refusal::Refusal;
use guichet_core::rows::Effects;
use guichet_core::time::Timestamp;

use super::inner::Inner;
use super::pending::Waiter;
use super::state::Deferred;
use crate::reply::Reply;

impl Inner {
    /// Makes a change of rows by a step of the fleet. The reply comes when what it rests on is
    /// durable, also that of a refusal that looked at the rows.
    pub(super) fn decide_row<T: Debug + Send + 'static>(
        &self,
        step: impl FnOnce(&mut Fleet, Timestamp) -> Result<(Effects, T), Refusal>,
    ) -> Reply<Result<T, Refusal>> {
        let (reply, deferred) = self.state.with_moment(|state, moment| {
            let mut deferred = Deferred::default();
            if let Some(busy) = state.busy() {
                return (Reply::Ready(Err(busy)), deferred);
            }
            let decided = match step(&mut state.fleet, self.at(moment)) {
                Ok((effects, row)) => {
                    self.defer(state, &effects, &mut deferred);
                    Ok(row)
                }
                Err(refusal) if !refusal.is_of_state() => {
                    return (Reply::Ready(Err(refusal)), deferred);
                }
                Err(refusal) => Err(refusal),
            };
            (state.reply(decided, Waiter::row, &mut deferred), deferred)
        });
        self.run_deferred(deferred);
        reply
    }

    /// Looks whether the rows would allow something. What they say is answered when it is durable.
    pub(super) fn check_row(
        &self,
        look: impl FnOnce(&Fleet) -> Result<(), Refusal>,
    ) -> Reply<Result<(), Refusal>> {
        let (reply, deferred) = self.state.with(|state| {
            let mut deferred = Deferred::default();
            if let Some(busy) = state.busy() {
                return (Reply::Ready(Err(busy)), deferred);
            }
            match look(&state.fleet) {
                // That nothing stands in the way is no news, and the step itself looks again.
                Ok(()) => (Reply::Ready(Ok(())), deferred),
                Err(refusal) => (state.reply(Err(refusal), Waiter::row, &mut deferred), deferred),
            }
        });
        self.run_deferred(deferred);
        reply
    }
}
