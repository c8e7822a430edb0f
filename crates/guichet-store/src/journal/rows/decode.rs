//! A server and an operation from their cells, in the order of the columns.

use std::sync::Arc;

use guichet_core::action::{Action, ActionArgs};
use guichet_core::details::Details;
use guichet_core::ids::{
    ClientId, FlavorId, HostId, ImageId, ProjectId, RequestId, ServerId, WorkerId,
};
use guichet_core::server::{
    Allocation, Failure, Fault, Operation, OperationState, Server, ServerName, Size,
};
use guichet_core::state::{PowerState, TaskState, VmState};

use super::cells::Cells;
use super::error::OpenError;
use super::kind::Kind;
use super::names::Maps;
use super::numbers::Numbers;
use super::values::{OPERATIONS, server_row};

/// Columns of the active operation, from `live_number` to `live_turn`.
pub(crate) const ACTIVE_COLUMNS: usize = 11;

/// A server, with the number that its live operation has in the order of the queue.
pub(crate) fn server(
    cells: &mut Cells<'_>,
    numbers: &mut Numbers<'_>,
) -> Result<(Server, Option<u64>), OpenError> {
    let mut server = Server {
        id: ServerId(cells.uuid()?),
        project: ProjectId(numbers.cell(cells, Kind::Project)?),
        name: ServerName::from(&*cells.text()?),
        flavor: FlavorId(numbers.cell(cells, Kind::Flavor)?),
        image: ImageId(numbers.cell(cells, Kind::Image)?),
        host: match cells.maybe_u32()? {
            Some(host) => Some(HostId(numbers.inside(cells, Kind::Host, host)?)),
            None => None,
        },
        size: Size { vcpus: cells.u32()?, ram_mib: cells.u32()? },
        vm_state: cells.parsed::<VmState>()?,
        task_state: cells.maybe_parsed::<TaskState>()?,
        power_state: cells.parsed::<PowerState>()?,
        ever_started: cells.flag()?,
        fence: cells.u32()?,
        operations: cells.u32()?,
        created: cells.time()?,
        updated: cells.time()?,
        launched: cells.maybe_time()?,
        created_by: ClientId(numbers.cell(cells, Kind::User)?),
        details: details(cells, numbers)?,
        fault: fault(cells)?,
        active: None,
        second: None,
        expires: None,
    };
    let (active, arrival) = active(cells, numbers)?;
    server.active = active.map(Arc::new);
    let args = args(cells, |cells, kind, number| numbers.inside(cells, kind, number))?;
    if let Some(active) = server.active.as_mut().map(Arc::make_mut) {
        active.args = args;
    } else if args.is_some() {
        return Err(cells.blame("live_args", "arguments, and nothing is being done"));
    }
    server.second = second(cells, numbers)?;
    server.expires = cells.maybe_time()?;
    check(cells, &server)?;
    Ok((server, arrival))
}

fn details(
    cells: &mut Cells<'_>,
    numbers: &mut Numbers<'_>,
) -> Result<Option<Arc<Details>>, OpenError> {
    let Some(mut details) = cells.maybe_json::<Details>()? else {
        return Ok(None);
    };
    for port in &mut details.ports {
        port.network = numbers.inside(cells, Kind::Network, port.network)?;
    }
    Ok(Some(Arc::new(details)))
}

fn fault(cells: &mut Cells<'_>) -> Result<Option<Arc<Fault>>, OpenError> {
    let kind = cells.maybe_parsed::<Failure>()?;
    let message = cells.maybe_text()?;
    let created = cells.maybe_time()?;
    match (kind, message, created) {
        (None, None, None) => Ok(None),
        (Some(kind), Some(message), Some(created)) => {
            Ok(Some(Arc::new(Fault { kind, message: Arc::from(message), created })))
        }
        _ => Err(cells.blame("fault_kind", "half of a fault")),
    }
}

fn active(
    cells: &mut Cells<'_>,
    numbers: &mut Numbers<'_>,
) -> Result<(Option<Operation>, Option<u64>), OpenError> {
    let Some(number) = cells.maybe_u32()? else {
        cells.skip(ACTIVE_COLUMNS - 1);
        return Ok((None, None));
    };
    let operation = Operation {
        number,
        request: RequestId(cells.uuid()?),
        client: ClientId(numbers.cell(cells, Kind::User)?),
        action: cells.parsed::<Action>()?,
        state: cells.parsed::<OperationState>()?,
        attempt: cells.u32()?,
        worker: WorkerId(cells.u32()?),
        accepted: cells.time()?,
        started: cells.maybe_time()?,
        not_before: cells.maybe_time()?,
        finished: None,
        failure: None,
        args: None,
    };
    Ok((Some(operation), cells.maybe_u64()?))
}

/// What an action needs beside its server.
fn args(
    cells: &mut Cells<'_>,
    mut inside: impl FnMut(&Cells<'_>, Kind, u32) -> Result<u32, OpenError>,
) -> Result<Option<Arc<ActionArgs>>, OpenError> {
    let Some(mut args) = cells.maybe_json::<ActionArgs>()? else {
        return Ok(None);
    };
    if let Some(flavor) = args.flavor_mut() {
        flavor.0 = inside(cells, Kind::Flavor, flavor.0)?;
    }
    if let Some(host) = args.host_mut() {
        host.0 = inside(cells, Kind::Host, host.0)?;
    }
    Ok(Some(Arc::new(args)))
}

/// What a server holds beside its present size.
fn second(
    cells: &mut Cells<'_>,
    numbers: &mut Numbers<'_>,
) -> Result<Option<Box<Allocation>>, OpenError> {
    let Some(mut second) = cells.maybe_json::<Allocation>()? else {
        return Ok(None);
    };
    second.flavor.0 = numbers.inside(cells, Kind::Flavor, second.flavor.0)?;
    if let Some(host) = &mut second.host {
        host.0 = numbers.inside(cells, Kind::Host, host.0)?;
    }
    Ok(Some(Box::new(second)))
}

/// What must hold of every row, and what going on rests on.
fn check(cells: &Cells<'_>, server: &Server) -> Result<(), OpenError> {
    for (column, value) in [("fence", server.fence), ("operations", server.operations)] {
        // A number that comes from counting must leave some to count on.
        if value >= u32::MAX / 2 {
            return Err(cells.blame(column, format!("{value}, more than there can have been")));
        }
    }
    let Some(active) = &server.active else {
        if let Some(task) = server.task_state {
            return Err(cells.blame("task_state", format!("{task}, and nothing is being done")));
        }
        if server.vm_state == VmState::Building {
            return Err(cells.blame("vm_state", "building, and nothing is being done"));
        }
        return Ok(());
    };
    if active.state.is_final() {
        return Err(cells.blame("live_state", format!("{} is final", active.state)));
    }
    if server.is_deleted() {
        return Err(cells.blame("live_number", "something is being done to a deleted server"));
    }
    if server.task_state.is_none() {
        return Err(cells.blame("task_state", "none, and something is being done"));
    }
    if active.number != server.operations {
        let problem = format!("{}, and there are {} operations", active.number, server.operations);
        return Err(cells.blame("live_number", problem));
    }
    if active.state == OperationState::Running && (active.attempt == 0 || active.started.is_none())
    {
        return Err(cells.blame("live_state", "running, and it was never started"));
    }
    Ok(())
}

/// An operation that is over.
pub(crate) fn operation(cells: &mut Cells<'_>, maps: &Maps) -> Result<Operation, OpenError> {
    let server = i64::from(cells.u32()?);
    if server != cells.id.div_euclid(OPERATIONS) + server_row(0) {
        return Err(cells.wrong(format!("{server} is another server than its id tells")));
    }
    let operation = Operation {
        number: cells.u32()?,
        request: RequestId(cells.uuid()?),
        client: ClientId(maps.finished(Kind::User, cells.u32()?)),
        action: cells.parsed::<Action>()?,
        state: cells.parsed::<OperationState>()?,
        attempt: cells.u32()?,
        worker: WorkerId(cells.u32()?),
        accepted: cells.time()?,
        started: cells.maybe_time()?,
        finished: Some(cells.time()?),
        failure: cells.maybe_parsed::<Failure>()?,
        not_before: None,
        args: args(cells, |_, kind, number| Ok(maps.finished(kind, number)))?,
    };
    if !operation.state.is_final() {
        return Err(cells.blame("state", format!("{} is not final", operation.state)));
    }
    Ok(operation)
}
