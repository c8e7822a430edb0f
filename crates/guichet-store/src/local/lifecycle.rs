//! Waiting for the disk, the end, and the audit.

use guichet_core::audit::{Audit, audit};
use guichet_core::fleet::Saved;
use guichet_core::setting::Setting;
use tokio::sync::oneshot;

use super::pending::Waiter;
use super::state::Deferred;
use super::store::LocalStore;
use crate::journal::log::LogError;
use crate::lifecycle::Lifecycle;
use crate::reply::Reply;

impl Lifecycle for LocalStore {
    fn durable(&self) -> Reply<()> {
        let (reply, deferred) = self.inner.state.with(|state| {
            let mut deferred = Deferred::default();
            let reply = state.reply((), |sender, ()| Waiter::Durable(sender), &mut deferred);
            (reply, deferred)
        });
        self.inner.run_deferred(deferred);
        reply
    }

    fn close(&self) -> Reply<Result<(), LogError>> {
        let reply = self.inner.state.with(|state| match &mut state.pending {
            None => Reply::Ready(Ok(())),
            Some(pending) => match &pending.ended {
                Some(ended) => Reply::Ready(ended.clone()),
                None => {
                    let (sender, receiver) = oneshot::channel();
                    pending.closing.push(sender);
                    Reply::Pending(receiver)
                }
            },
        });
        self.inner.signal.close();
        reply
    }

    fn set(&self, setting: Setting) {
        self.inner.state.with(|state| state.fleet.set(setting));
    }

    fn saved(&self) -> Reply<Saved> {
        let (reply, deferred) = self.inner.state.with(|state| {
            let mut deferred = Deferred::default();
            let saved = state.fleet.saved();
            (state.reply(saved, Waiter::row, &mut deferred), deferred)
        });
        self.inner.run_deferred(deferred);
        reply
    }

    fn audit(&self) -> Audit {
        self.inner.state.with(|state| audit(&state.fleet))
    }
}
