//! What makes an operation real.
//!
//! A [`Driver`] is asked to `run` one [`Call`] at a time for a server and answers with an
//! outcome. It is idempotent (the same call again has the same effect), refuses a call whose
//! fence is older than one it has seen, and says of an error whether trying again may help.
//!
//! [`simulated::Simulated`] is the driver of the lab and of tests: its behaviour is data, a
//! [`profile::Profile`]. With the feature `contract` there is also the suite that every driver
//! must pass.

#[cfg(feature = "contract")]
pub mod contract;
pub mod profile;
pub mod simulated;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use guichet_core::action::Action;
use guichet_core::ids::{OperationId, ServerId};
use guichet_core::rows::Outcome;
use guichet_core::server::Server;
use guichet_core::state::PowerState;
use guichet_core::time::Timestamp;
use tokio_util::sync::CancellationToken;

/// One thing to do to one server.
#[derive(Debug, Clone)]
pub struct Call {
    /// What to do.
    pub action: Action,
    /// The operation it is for.
    pub operation: OperationId,
    /// Which start of that operation this is, from 1.
    pub attempt: u32,
    /// The server as it is while this runs; its live operation names request and client.
    pub server: Arc<Server>,
    /// The number of this call among the server's calls. A driver that has seen a higher one
    /// refuses this one.
    pub fence: u32,
    /// When the caller stops waiting.
    pub deadline: Timestamp,
    /// Told to stop when the caller no longer wants it. A driver should then return soon;
    /// whatever it did by then counts as done or not done, as it can tell.
    pub cancel: CancellationToken,
}

/// A machine as its driver knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    /// Which server it is.
    pub server: ServerId,
    /// The fence of the last call that changed it.
    pub fence: u32,
    /// Whether it runs.
    pub power_state: PowerState,
}

/// Makes operations real.
#[async_trait]
pub trait Driver: Send + Sync + std::fmt::Debug {
    /// Does what the call says. Never called twice at once for one server, but for a call that
    /// was told to stop and did not return within its grace.
    async fn run(&self, call: Call) -> Outcome;

    /// The machines that exist, ordered by server id.
    async fn list(&self) -> Vec<Machine>;

    /// How long a call takes on average, as far as known before any was made.
    fn expected_service(&self) -> Duration;
}
