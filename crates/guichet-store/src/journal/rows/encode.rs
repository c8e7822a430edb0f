//! Rows as they are put into a database, cell by cell in the order of the columns. Nothing is
//! allocated for a row: JSON is made in a buffer that goes from one to the next.

use guichet_core::action::ActionArgs;
use guichet_core::fleet::{Changes, RowImage, Slot};
use guichet_core::rows::KeyRow;
use guichet_core::server::{Allocation, Operation, Server};

use super::decode;
use super::kind::Kind;
use super::names::Maps;
use super::values::{Values, integer, operation_row, server_row};

/// The slots of rows that are no more, each once and in order.
pub(crate) fn forgotten(changes: &Changes) -> Vec<Slot> {
    let mut slots: Vec<Slot> = changes.forgotten.iter().map(|row| row.slot).collect();
    slots.sort_unstable();
    slots.dedup();
    slots
}

/// Servers that are to be written, in the order of their ids.
pub(crate) fn servers(changes: &Changes) -> Vec<(Slot, &RowImage)> {
    let mut rows: Vec<(Slot, &RowImage)> =
        changes.rows.iter().map(|(slot, image)| (*slot, image)).collect();
    rows.sort_unstable_by_key(|(slot, _)| *slot);
    rows
}

/// Operations that are to be written, server by server. By number, so that of 33 operations of one
/// server the first is the one that goes.
pub(crate) fn operations(changes: &Changes) -> Vec<(Slot, &Operation)> {
    let operations = changes.written_operations();
    let mut operations: Vec<_> = operations.map(|(slot, operation)| (*slot, operation)).collect();
    operations.sort_unstable_by_key(|(slot, operation)| (*slot, operation.number));
    operations
}

/// Puts a server.
pub(crate) fn put_row<V: Values>(
    values: &mut V,
    maps: &Maps,
    (slot, image): (Slot, &RowImage),
    text: &mut Vec<u8>,
) -> Result<(), V::Error> {
    values.put(server_row(slot))?;
    put_server(values, maps, &image.server, text)?;
    match &image.server.active {
        Some(active) => put_live(values, maps, active, image.arrival)?,
        None => values.put_nothing(decode::ACTIVE_COLUMNS)?,
    }
    let args = image.server.active.as_ref().and_then(|active| active.args.as_deref());
    put_args(values, maps, args, text)?;
    put_second(values, maps, image.server.second.as_deref(), text)?;
    values.put(image.server.expires)
}

/// Puts an operation that is over.
pub(crate) fn put_operation<V: Values>(
    values: &mut V,
    maps: &Maps,
    (slot, operation): (Slot, &Operation),
    text: &mut Vec<u8>,
) -> Result<(), V::Error> {
    values.put(operation_row(slot, operation.number))?;
    values.put(server_row(slot))?;
    values.put(operation.number)?;
    values.put(operation.request.0)?;
    values.put(maps.to_file(Kind::User, operation.client.0))?;
    values.put(operation.action.as_str())?;
    values.put(operation.state.as_str())?;
    values.put(operation.attempt)?;
    values.put(operation.worker.0)?;
    values.put(operation.accepted)?;
    values.put_times([operation.started, operation.finished])?;
    values.put(operation.failure.map(|failure| failure.as_str()))?;
    put_args(values, maps, operation.args.as_deref(), text)
}

/// Puts an idempotency key, but for its number in the table.
pub(crate) fn put_key<V: Values>(
    values: &mut V,
    maps: &Maps,
    row: &KeyRow,
    text: &mut Vec<u8>,
) -> Result<(), V::Error> {
    values.put(maps.to_file(Kind::Project, row.project.0))?;
    values.put(&*row.key.0)?;
    values.put(&row.fingerprint.0[..])?;
    values.put_json(&row.answer, text)?;
    values.put(row.expires)
}

fn put_server<V: Values>(
    values: &mut V,
    maps: &Maps,
    server: &Server,
    text: &mut Vec<u8>,
) -> Result<(), V::Error> {
    values.put(server.id.0)?;
    values.put(maps.to_file(Kind::Project, server.project.0))?;
    values.put(&*server.name)?;
    values.put(maps.to_file(Kind::Flavor, server.flavor.0))?;
    values.put(maps.to_file(Kind::Image, server.image.0))?;
    values.put(server.host.map(|host| maps.to_file(Kind::Host, host.0)))?;
    values.put(server.size.vcpus)?;
    values.put(server.size.ram_mib)?;
    values.put(server.vm_state.as_str())?;
    values.put(server.task_state.map(|state| state.as_str()))?;
    values.put(server.power_state.as_str())?;
    values.put(server.ever_started)?;
    values.put(server.fence)?;
    values.put(server.operations)?;
    values.put(server.created)?;
    values.put(server.updated)?;
    values.put_times([server.launched])?;
    values.put(maps.to_file(Kind::User, server.created_by.0))?;
    put_details(values, maps, server, text)?;
    match &server.fault {
        Some(fault) => {
            values.put(fault.kind.as_str())?;
            values.put(&*fault.message)?;
            values.put(fault.created)
        }
        None => values.put_nothing(3),
    }
}

fn put_details<V: Values>(
    values: &mut V,
    maps: &Maps,
    server: &Server,
    text: &mut Vec<u8>,
) -> Result<(), V::Error> {
    let Some(details) = &server.details else {
        return values.put_nothing(1);
    };
    let is_same = |network: u32| maps.to_file(Kind::Network, network) == network;
    if details.ports.iter().all(|port| is_same(port.network)) {
        values.put_json(&**details, text)
    } else {
        let mut details = (**details).clone();
        for port in &mut details.ports {
            port.network = maps.to_file(Kind::Network, port.network);
        }
        values.put_json(&details, text)
    }
}

fn put_live<V: Values>(
    values: &mut V,
    maps: &Maps,
    active: &Operation,
    arrival: Option<u64>,
) -> Result<(), V::Error> {
    values.put(active.number)?;
    values.put(active.request.0)?;
    values.put(maps.to_file(Kind::User, active.client.0))?;
    values.put(active.action.as_str())?;
    values.put(active.state.as_str())?;
    values.put(active.attempt)?;
    values.put(active.worker.0)?;
    values.put(active.accepted)?;
    values.put_times([active.started, active.not_before])?;
    values.put(arrival.map(integer))
}

/// What an action needs beside its server, with the file's numbers. Most need nothing.
fn put_args<V: Values>(
    values: &mut V,
    maps: &Maps,
    args: Option<&ActionArgs>,
    text: &mut Vec<u8>,
) -> Result<(), V::Error> {
    let Some(args) = args else {
        return values.put_nothing(1);
    };
    let mut args = args.clone();
    if let Some(flavor) = args.flavor_mut() {
        flavor.0 = maps.to_file(Kind::Flavor, flavor.0);
    }
    if let Some(host) = args.host_mut() {
        host.0 = maps.to_file(Kind::Host, host.0);
    }
    values.put_json(&args, text)
}

/// What a server holds beside its present size, with the file's numbers. Most hold nothing.
fn put_second<V: Values>(
    values: &mut V,
    maps: &Maps,
    second: Option<&Allocation>,
    text: &mut Vec<u8>,
) -> Result<(), V::Error> {
    let Some(second) = second else {
        return values.put_nothing(1);
    };
    let mut second = *second;
    second.flavor.0 = maps.to_file(Kind::Flavor, second.flavor.0);
    if let Some(host) = &mut second.host {
        host.0 = maps.to_file(Kind::Host, host.0);
    }
    values.put_json(&second, text)
}
