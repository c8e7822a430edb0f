//! Deciding what clients ask for, as one step under the lock.

use std::sync::Arc;

use guichet_core::edit::EditRequest;
use guichet_core::refusal::Refusal;
use guichet_core::request::Request;
use guichet_core::rows::Decision;
use guichet_core::server::Server;

use super::pending::Waiter;
use super::state::Deferred;
use super::store::LocalStore;
use crate::decide::{Decide, Decided};
use crate::reply::{Reply, Watch};

impl Decide for LocalStore {
    fn submit(&self, request: &Request, watch: Option<&mut dyn Watch>) -> Reply<Decided> {
        let (inner, mut deferred) = (&*self.inner, Deferred::default());
        let reply = inner.state.briefly(|state, moment| {
            if let Some(busy) = state.busy() {
                return Reply::Ready(Decided::Refused(busy));
            }
            let at = inner.at(moment);
            let mut decision = state.fleet.submit(request, at);
            let decided = match &mut decision {
                // Looked at where it is: it is large.
                Decision::Accepted(effects) => {
                    inner.defer(state, effects, &mut deferred);
                    let answer = effects.answer.take().expect("an accepted request is answered");
                    Decided::Accepted(answer)
                }
                Decision::Repeated(answer) => Decided::Repeated(answer.clone()),
                Decision::Refused(refusal) => Decided::Refused(refusal.clone()),
            };
            if let (Some(watch), Decided::Accepted(answer) | Decided::Repeated(answer)) =
                (watch, &decided)
            {
                for id in &answer.operations {
                    match &decision {
                        // It has just begun, and is not over in the same step: nothing to look for.
                        Decision::Accepted(effects) if effects.finished.is_empty() => {
                            state.watch_active(*id, watch.next());
                        }
                        _ => drop(state.watch(*id, || watch.next(), &mut deferred)),
                    }
                }
            }
            if matches!(&decided, Decided::Refused(refusal) if !refusal.is_of_state()) {
                return Reply::Ready(decided);
            }
            state.reply(decided, Waiter::Decided, &mut deferred)
        });
        inner.run_deferred(deferred);
        reply
    }

    fn edit(&self, request: &EditRequest) -> Reply<Result<Arc<Server>, Refusal>> {
        let (inner, mut deferred) = (&*self.inner, Deferred::default());
        let reply = inner.state.with_moment(|state, moment| {
            if let Some(busy) = state.busy() {
                return Reply::Ready(Err(busy));
            }
            let edited = match state.fleet.edit(request, inner.at(moment)) {
                Ok((effects, server)) => {
                    inner.defer(state, &effects, &mut deferred);
                    Ok(server)
                }
                Err(refusal) => Err(refusal),
            };
            state.reply(edited, Waiter::Edited, &mut deferred)
        });
        inner.run_deferred(deferred);
        reply
    }
}
