//! A snapshot written as a document: a line for each row, so that two can be compared by lines. It is
//! written no further than it may be long.

use std::io::{self, Write as _};

use guichet_core::action::ActionArgs;
use guichet_core::credential::ApplicationCredential;
use guichet_core::details::{Details, Port};
use guichet_core::fleet::SavedRow;
use guichet_core::group::{Policy, ServerGroup};
use guichet_core::hex::Hex;
use guichet_core::key_pair::KeyPair;
use guichet_core::rows;
use guichet_core::server::{Allocation, Operation, Server};
use guichet_store::journal::StoredRecord;
use serde::Serialize;

use super::Snapshot;
use super::bounded::Bounded;
use super::document::{
    AllocationRow, ArgsRow, CredentialRow, FORMAT, FaultRow, GroupRow, KeyPairRow, KeyRow, LockRow,
    OperationRow, PortRow, RecordRow, ServerRow, TimeRow, VERSION,
};
use super::error::TooLong;
use super::names::Names;
use super::word::Word;
use crate::config::Declared;
use crate::records;

impl Snapshot {
    /// It as a document of `most` bytes at most, for worlds where the same is declared. Secret keys are
    /// not in it.
    ///
    /// # Errors
    /// [`TooLong`]: it would be longer. Not much more than `most` bytes were ever held.
    pub fn document(&self, declared: &Declared, most: usize) -> Result<String, TooLong> {
        let mut text = Bounded::new(most);
        let mut servers = 0;
        match self.write(&Names::new(declared), &mut text, &mut servers) {
            Ok(()) => Ok(text.into_text()),
            Err(_) => Err(TooLong { servers, of: self.rows() }),
        }
    }

    /// Writes it, and counts the servers that were written to the end.
    fn write(&self, names: &Names<'_>, text: &mut Bounded, servers: &mut usize) -> io::Result<()> {
        write!(text, "{{\"format\":\"{FORMAT}\",\"version\":{VERSION}")?;
        if let Some(time) = self.time {
            let time = TimeRow { now: Word(time.now), speed: time.speed };
            field(text, "time", &time)?;
        }
        field(text, "seed", &self.seed)?;
        let saved = &self.saved;
        let rows = saved.rows.iter().map(|row| server(names, row));
        list(text, "servers", rows, || *servers += 1)?;
        let rows = saved.key_pairs.iter().map(|row| key_pair(names, row));
        list(text, "key_pairs", rows, || ())?;
        list(text, "server_groups", saved.groups.iter().map(|row| group(names, row)), || ())?;
        let rows = saved.credentials.iter().map(|row| credential(names, row));
        list(text, "application_credentials", rows, || ())?;
        list(text, "idempotency_keys", saved.keys.iter().map(|row| key(names, row)), || ())?;
        list(text, "records", self.records.iter().filter_map(record), || ())?;
        text.write_all(b"}\n")
    }
}

/// A row as JSON: it has no map whose keys are no texts, and no number that JSON has not, so what can
/// go wrong is that it is too long.
fn json(text: &mut Bounded, value: &impl Serialize) -> io::Result<()> {
    Ok(serde_json::to_writer(text, value)?)
}

fn field(text: &mut Bounded, name: &str, value: &impl Serialize) -> io::Result<()> {
    write!(text, ",\n\"{name}\":")?;
    json(text, value)
}

fn list<T: Serialize>(
    text: &mut Bounded,
    name: &str,
    rows: impl Iterator<Item = T>,
    mut written: impl FnMut(),
) -> io::Result<()> {
    write!(text, ",\n\"{name}\":[")?;
    for (number, row) in rows.enumerate() {
        text.write_all(if number == 0 { b"\n" } else { b",\n" })?;
        json(text, &row)?;
        written();
    }
    text.write_all(b"]")
}

fn server(names: &Names<'_>, row: &SavedRow) -> ServerRow {
    let server = &*row.server;
    let fault = server.fault.as_ref().map(|fault| FaultRow {
        kind: Word(fault.kind),
        message: fault.message.clone(),
        created: Some(Word(fault.created)),
    });
    let finished = row.finished.iter().map(|done| operation(names, done, None));
    let filled = ServerRow {
        name: server.name.to_string(),
        id: Some(server.id.0),
        project: Some(names.projects.name(server.project.0)),
        user: Some(names.users.name(server.created_by.0)),
        flavor: Some(names.flavors.named(server.flavor.0)),
        image: Some(names.images.named(server.image.0)),
        size: Some(server.size),
        host: Some(server.host.map(|host| names.hosts.name(host.0))),
        vm_state: Some(Word(server.vm_state)),
        task_state: server.task_state.map(Word),
        power_state: Some(Word(server.power_state)),
        created: Some(Word(server.created)),
        updated: Some(Word(server.updated)),
        launched: server.launched.map(Word),
        expires: server.expires.map(Word),
        ports: Some(server.ports().iter().map(|it| port(names, it)).collect()),
        fault,
        second: server.second.as_deref().map(|held| allocation(names, held)),
        never_started: (!server.ever_started).then_some(true),
        fence: Some(server.fence),
        operation: server.active.as_ref().map(|active| operation(names, active, row.arrival)),
        finished: finished.collect(),
        ..ServerRow::default()
    };
    detailed(filled, server)
}

/// With what the server carries for its owner.
fn detailed(row: ServerRow, server: &Server) -> ServerRow {
    let Some(details) = &server.details else { return row };
    let Details { description, metadata, tags, key_name, hostname, .. } = Details::clone(details);
    let lock = details.lock.as_ref();
    ServerRow {
        description,
        metadata,
        tags,
        key_name,
        hostname,
        availability_zone: details.availability_zone.clone(),
        user_data: details.user_data.clone(),
        config_drive: details.config_drive,
        disk_config_auto: details.disk_config_auto,
        access_ipv4: details.access_ipv4,
        access_ipv6: details.access_ipv6,
        lock: lock.map(|lock| LockRow { by_admin: lock.by_admin, reason: lock.reason.clone() }),
        without_security_group: details.is_without_group,
        server_group: details.group.map(|group| group.0),
        ..row
    }
}

fn port(names: &Names<'_>, port: &Port) -> PortRow {
    let mac: Vec<String> = port.mac.iter().map(|byte| format!("{byte:02x}")).collect();
    PortRow {
        network: names.networks.name(port.network),
        id: Some(port.id),
        address: Some(port.address),
        mac: Some(mac.join(":")),
    }
}

fn allocation(names: &Names<'_>, held: &Allocation) -> AllocationRow {
    AllocationRow {
        flavor: names.flavors.named(held.flavor.0),
        size: held.size,
        host: held.host.map(|host| names.hosts.name(host.0)),
    }
}

fn operation(names: &Names<'_>, operation: &Operation, place: Option<u64>) -> OperationRow {
    let args = operation.args.as_deref().and_then(|args| match args {
        ActionArgs::Resize { flavor, size } => {
            Some(ArgsRow::Resize { flavor: names.flavors.named(flavor.0), size: *size })
        }
        ActionArgs::Move { host } => {
            Some(ArgsRow::Move { host: host.map(|host| names.hosts.name(host.0)) })
        }
        // The server's row has it since it was accepted.
        ActionArgs::Rebuild(_) => None,
    });
    OperationRow {
        action: Word(operation.action),
        args,
        number: Some(operation.number),
        request: Some(operation.request.0),
        user: Some(names.users.name(operation.client.0)),
        state: Some(Word(operation.state)),
        attempt: Some(operation.attempt),
        worker: Some(operation.worker.0),
        accepted: Some(Word(operation.accepted)),
        started: operation.started.map(Word),
        finished: operation.finished.map(Word),
        not_before: operation.not_before.map(Word),
        failure: operation.failure.map(Word),
        place,
    }
}

fn key_pair(names: &Names<'_>, row: &KeyPair) -> KeyPairRow {
    KeyPairRow {
        name: row.name.clone(),
        user: Some(names.users.name(row.user.0)),
        public_key: row.public_key.clone(),
        id: Some(row.id.0),
        kind: Some(Word(row.kind)),
        created: Some(Word(row.created)),
    }
}

fn group(names: &Names<'_>, row: &ServerGroup) -> GroupRow {
    let max_server_per_host = match row.policy {
        Policy::AntiAffinity { max_per_host } if row.has_rules => Some(max_per_host),
        _ => None,
    };
    GroupRow {
        id: row.id.0,
        name: row.name.clone(),
        project: Some(names.projects.name(row.project.0)),
        user: Some(names.users.name(row.user.0)),
        policy: row.policy.as_str().to_owned(),
        max_server_per_host,
        created: Some(Word(row.created)),
    }
}

fn credential(names: &Names<'_>, row: &ApplicationCredential) -> CredentialRow {
    CredentialRow {
        id: row.id.0,
        name: row.name.clone(),
        user: names.users.name(row.user.0),
        project: names.projects.name(row.project.0),
        description: row.description.clone(),
        roles: row.roles.iter().map(|role| role.0.clone()).collect(),
        secret: row.secret.0.clone(),
        unrestricted: row.is_unrestricted,
        created: Word(row.created),
        expires: row.expires.map(Word),
    }
}

fn key(names: &Names<'_>, row: &rows::KeyRow) -> KeyRow {
    KeyRow {
        project: names.projects.name(row.project.0),
        key: row.key.0.clone(),
        fingerprint: Hex(&row.fingerprint.0).to_string(),
        answer: row.answer.clone(),
        expires: Word(row.expires),
    }
}

/// A document of the cloud; a secret is none.
fn record(record: &StoredRecord) -> Option<RecordRow> {
    if !records::is_document(&record.kind) {
        return None;
    }
    let (number, body) = (record.id.parse().ok()?, serde_json::from_str(&record.body).ok()?);
    Some(RecordRow { kind: record.kind.clone(), number, body })
}
