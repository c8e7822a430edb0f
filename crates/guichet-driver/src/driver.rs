//! The trait of a driver, and machines as a driver knows them.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use guichet_core::ids::ServerId;
use guichet_core::observation::Observation;
use guichet_core::rows::{Claim, Outcome};
use guichet_core::state::PowerState;

use crate::call::Call;
use crate::profile::Profile;

/// A machine as its driver knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    /// The server it is the machine of.
    pub server: ServerId,
    /// The fence of the last call that changed it.
    pub fence: u32,
    /// Whether the machine runs.
    pub power_state: PowerState,
}

/// How a call goes, where its driver knows that before anything is waited for.
pub enum Foreseen<'a> {
    /// It is over.
    Over(Outcome),
    /// It is over after this long, which is before its deadline; or earlier, if it is cancelled.
    Later(Duration, End<'a>),
}

/// Brings a call about that was [foreseen](Foreseen::Later): given whether it was cancelled before its
/// time had come, it says what came of it. Dropped, the call is given up.
pub type End<'a> = Box<dyn FnOnce(bool) -> Outcome + Send + 'a>;

impl fmt::Debug for Foreseen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Over(outcome) => f.debug_tuple("Over").field(outcome).finish(),
            Self::Later(after, _) => f.debug_tuple("Later").field(after).finish_non_exhaustive(),
        }
    }
}

/// Does to machines what operations ask for.
#[async_trait]
pub trait Driver: Send + Sync + std::fmt::Debug {
    /// Does what the call asks for. Never called twice at once for one server, but for a call that
    /// was cancelled and did not return within its grace.
    async fn run(&self, call: Call) -> Outcome;

    /// The call that [`run`](Self::run) would be made for, if nothing but time brings it about: then
    /// that is not called, and no future is made. `None`, as always from a driver that cannot tell:
    /// nothing was done.
    fn foresee(&self, _claim: &Claim) -> Option<Foreseen<'_>> {
        None
    }

    /// Whether it [foresees](Self::foresee) every call.
    fn foresees_all(&self) -> bool {
        false
    }

    /// The machines that exist, ordered by server id.
    async fn list(&self) -> Vec<Machine>;

    /// How long a call takes on average, as far as known before any was made.
    fn expected_service(&self) -> Duration;

    /// Learns of machines that should exist already: those of a store's servers, after a restart.
    /// Called before the first call, and never waits. A driver that has seen a newer call for one
    /// of them leaves that as it is; one whose machines outlive this process, and which can look
    /// at them, has nothing to do.
    fn adopt(&self, _machines: &mut dyn Iterator<Item = Machine>) {}

    /// Goes by another profile from the next call on. False: it has none, and nothing changed.
    fn behave(&self, _profile: &Profile) -> bool {
        false
    }

    /// Waits for something that happened to a machine without a call: a guest that switched
    /// itself off, a machine that is gone. A driver that sees nothing by itself never answers.
    ///
    /// One caller at a time waits here, and may give up waiting; what happened meanwhile must not
    /// be lost by that (await a channel's `recv`, for example).
    async fn next_observation(&self) -> Observation {
        std::future::pending().await
    }
}
