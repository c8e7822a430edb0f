//! What is under way and what is over, as documents say it.

use std::sync::Arc;

use guichet_core::action::ActionArgs;
use guichet_core::ids::{ClientId, HostId, RequestId, ServerId, WorkerId};
use guichet_core::limits;
use guichet_core::server::{Operation, OperationState};

use super::reader::{self, Reader};
use crate::ids;
use crate::snapshot::document::{ArgsRow, OperationRow};

impl Reader<'_> {
    /// An operation that is number `place` of its server's, and of this user where it names none.
    pub(super) fn operation(
        &self,
        row: OperationRow,
        server: ServerId,
        place: u32,
        (user, default): (ClientId, OperationState),
    ) -> Result<Operation, String> {
        let user = row.user.map_or(Ok(user.0), |name| self.names.users.number(&name))?;
        let args = row.args.map(|args| self.args(args)).transpose()?.map(Arc::new);
        let number = row.number.unwrap_or(place);
        let request = || ids::uuid("request of a snapshot", &format!("{server} {number}"));
        let state = row.state.map_or(default, |state| state.0);
        let accepted = row.accepted.map_or(self.at, |at| at.0);
        let at = |found: Option<crate::snapshot::document::At>| found.map(|at| at.0);
        let action = row.action.0;
        if ActionArgs::are_needed_by(action) && args.is_none()
            || args.as_ref().is_some_and(|args| !args.are_of(action))
        {
            return Err(format!("args: not those of {action}"));
        }
        let attempt = row.attempt.unwrap_or(u32::from(state.is_final()));
        if attempt > limits::ATTEMPTS_MAX || number == 0 || number > limits::COUNTER_MAX {
            return Err("number, attempt: more than there can have been".to_owned());
        }
        let latest = self.at.after(limits::CLOCK_ADVANCE_MAX);
        if let Some(until) = row.not_before.as_ref().filter(|until| until.0 > latest) {
            return Err(format!("not_before: found {}, expected {latest} or earlier", until.0));
        }
        Ok(Operation {
            number,
            request: RequestId(row.request.unwrap_or_else(request)),
            client: ClientId(user),
            action,
            args,
            state,
            attempt,
            worker: WorkerId(row.worker.unwrap_or(0)),
            accepted,
            started: at(row.started),
            finished: at(row.finished).or_else(|| state.is_final().then_some(accepted)),
            not_before: at(row.not_before),
            failure: row.failure.map(|failure| failure.0),
        })
    }

    fn args(&self, row: ArgsRow) -> Result<ActionArgs, String> {
        match row {
            ArgsRow::Resize { flavor, size } => {
                let size = reader::size("args.resize.size", size)?;
                Ok(ActionArgs::Resize { flavor: self.flavor(&flavor)?, size })
            }
            ArgsRow::Move { host } => {
                let host = host.map(|name| self.names.hosts.number(&name)).transpose()?;
                Ok(ActionArgs::Move { host: host.map(HostId) })
            }
        }
    }
}
