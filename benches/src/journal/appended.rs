//! The ceiling, C: the same store and the same writer, on a log that only appends. It writes what
//! the journal in SQLite does, every row whole, in the plainest form; nothing could be looked up
//! in it, and to start from it would be to read all that ever happened.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use guichet_core::limits;
use guichet_core::rows::KeyRow;
use guichet_core::server::{Operation, Server};
use guichet_core::time::Timestamp;
use guichet_store::journal::{Batch, Log, LogError};

use super::disk;

/// A file that grows, or that begins anew at the length at which SQLite's log does.
#[derive(Debug)]
pub(super) struct Appended {
    file: File,
    end: u64,
    /// Where it begins anew, if anywhere.
    turn: Option<u64>,
    buffer: Vec<u8>,
}

impl Appended {
    pub(super) fn new(dir: &Path, in_place: bool) -> anyhow::Result<Self> {
        let turn = in_place.then_some(limits::JOURNAL_WAL_MAX);
        let file = disk::made(&dir.join("appended"), turn.unwrap_or(0))?;
        Ok(Self { file, end: 0, turn, buffer: Vec::new() })
    }
}

impl Log for Appended {
    fn write(&mut self, batch: &Batch) -> Result<(), LogError> {
        let out = &mut self.buffer;
        out.clear();
        let changes = &batch.changes;
        for row in &changes.forgotten {
            number(out, u64::from(row.slot));
        }
        for (slot, image) in &changes.rows {
            number(out, u64::from(*slot));
            server(out, &image.server);
            number(out, image.arrival.unwrap_or(0));
        }
        for (slot, past) in changes.written_operations() {
            number(out, u64::from(*slot));
            operation(out, past);
        }
        for (project, usage) in &changes.usage {
            number(out, u64::from(project.0));
            for sum in [usage.instances, usage.cores, usage.ram_mib] {
                number(out, sum);
            }
        }
        changes.keys.iter().for_each(|row| key(out, row));
        time(out, Some(batch.at));
        if self.turn.is_some_and(|turn| self.end + out.len() as u64 > turn) {
            self.end = 0;
        }
        let written = self.file.write_all_at(out, self.end).and_then(|()| self.file.sync_data());
        self.end += out.len() as u64;
        written.map_err(|error| LogError::Lost(error.to_string()))
    }
}

fn number(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn bytes(out: &mut Vec<u8>, value: &[u8]) {
    number(out, value.len() as u64);
    out.extend_from_slice(value);
}

fn text(out: &mut Vec<u8>, value: &str) {
    bytes(out, value.as_bytes());
}

fn time(out: &mut Vec<u8>, value: Option<Timestamp>) {
    number(out, value.map_or(0, Timestamp::micros));
}

fn server(out: &mut Vec<u8>, server: &Server) {
    bytes(out, server.id.0.as_bytes());
    text(out, &server.name);
    for part in [
        server.project.0,
        server.flavor.0,
        server.image.0,
        server.host.map_or(0, |host| host.0 + 1),
        server.fence,
        server.operations,
        u32::from(server.ever_started),
        server.created_by.0,
    ] {
        number(out, u64::from(part));
    }
    number(out, u64::from(server.size.vcpus));
    number(out, u64::from(server.size.ram_mib));
    text(out, server.vm_state.as_str());
    text(out, server.task_state.map_or("", |state| state.as_str()));
    text(out, server.power_state.as_str());
    for at in [Some(server.created), Some(server.updated), server.launched] {
        time(out, at);
    }
    if let Some(fault) = &server.fault {
        text(out, fault.kind.as_str());
        text(out, &fault.message);
        time(out, Some(fault.created));
    }
    if let Some(active) = &server.active {
        operation(out, active);
    }
}

fn operation(out: &mut Vec<u8>, operation: &Operation) {
    bytes(out, operation.request.0.as_bytes());
    for part in [operation.number, operation.client.0, operation.attempt, operation.worker.0] {
        number(out, u64::from(part));
    }
    text(out, operation.action.as_str());
    text(out, operation.state.as_str());
    text(out, operation.failure.map_or("", |failure| failure.as_str()));
    let Operation { accepted, started, finished, not_before, .. } = operation;
    for at in [Some(*accepted), *started, *finished, *not_before] {
        time(out, at);
    }
}

fn key(out: &mut Vec<u8>, row: &KeyRow) {
    number(out, u64::from(row.project.0));
    text(out, &row.key.0);
    bytes(out, &row.fingerprint.0);
    for id in &row.answer.operations {
        bytes(out, id.server.0.as_bytes());
        number(out, u64::from(id.number));
    }
    time(out, Some(row.expires));
}
