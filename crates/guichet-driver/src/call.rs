//! One call of a driver: what is to be done, to which server, and how to learn more about it.

use std::sync::Arc;

use guichet_core::action::{Action, ActionArgs};
use guichet_core::ids::OperationId;
use guichet_core::rows::Claim;
use guichet_core::server::Server;
use guichet_core::time::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::spec::{DescribeMachine, MachineSpec};

/// One thing to do to one server.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Call {
    /// What is to be done.
    pub action: Action,
    /// What the action needs beside the server: the size of a resize, for example.
    pub args: Option<Arc<ActionArgs>>,
    /// The operation it is for.
    pub operation: OperationId,
    /// Which start of that operation this is, from 1.
    pub attempt: u32,
    /// The server as it is while this runs; its active operation names request and client.
    pub server: Arc<Server>,
    /// The number of this call among the server's calls. A driver that has seen a higher one
    /// refuses this one.
    pub fence: u32,
    /// When the caller stops waiting.
    pub deadline: Timestamp,
    /// Cancelled when the caller no longer wants the call. A driver should then return soon;
    /// whatever it did by then counts as done or not done, as it can tell.
    pub cancel: CancellationToken,
    /// Who describes machines; none: [`MachineSpec::of`] does.
    describe: Option<Arc<dyn DescribeMachine>>,
}

impl Call {
    /// The call that a claim asks for.
    pub fn new(claim: &Claim, cancel: CancellationToken) -> Self {
        Self {
            action: claim.action,
            args: claim.args.clone(),
            operation: claim.operation,
            attempt: claim.attempt,
            server: Arc::clone(&claim.server),
            fence: claim.server.fence,
            deadline: claim.deadline,
            cancel,
            describe: None,
        }
    }

    /// The same call with an application's own description of machines.
    #[must_use]
    pub fn described_by(mut self, describe: Option<Arc<dyn DescribeMachine>>) -> Self {
        self.describe = describe;
        self
    }

    /// What the machine is to be like. Made anew by each call of this, as a driver that simulates
    /// needs none: ask once.
    ///
    /// It describes the server before this action; what the action changes is in
    /// [`args`](Self::args).
    pub fn spec(&self) -> MachineSpec {
        match &self.describe {
            Some(describe) => describe.describe(&self.server),
            None => MachineSpec::of(&self.server),
        }
    }
}
