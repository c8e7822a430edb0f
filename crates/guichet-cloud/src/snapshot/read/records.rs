//! What administrators wrote and what was made of servers, as documents say it.

use std::collections::BTreeSet;

use guichet_core::limits;
use guichet_store::journal::StoredRecord;
use serde::de::DeserializeOwned;

use crate::aggregate::Aggregate;
use crate::catalogue::{Flavor, Image};
use crate::declared_specs::DeclaredSpecs;
use crate::documents::{Document, FIRST};
use crate::host_state::HostState;
use crate::migration::Migration;
use crate::quota::WrittenQuota;
use crate::records;
use crate::snapshot::document::RecordRow;
use crate::snapshot::error::DocumentError;

/// The records, each of a kind that there is and with what that has.
pub(super) fn records(rows: &[RecordRow]) -> Result<Vec<StoredRecord>, DocumentError> {
    let read = rows.iter().enumerate().map(|(number, row)| {
        let wrong = |problem| DocumentError::row("records", number, &row.kind, problem);
        let (kind, id) = (row.kind.clone(), row.number.to_string());
        let record = StoredRecord { kind, id, body: row.body.to_string(), expires: None };
        if row.number < FIRST {
            return Err(wrong(format!("number: expected {FIRST} or more")));
        }
        check(&record).map_err(wrong)?;
        Ok(record)
    });
    let read = read.collect::<Result<Vec<StoredRecord>, DocumentError>>()?;
    let mut seen = BTreeSet::new();
    for (number, record) in read.iter().enumerate() {
        if !seen.insert((&record.kind, &record.id)) {
            let problem = format!("number: {} is there twice", record.id);
            return Err(DocumentError::row("records", number, &record.kind, problem));
        }
    }
    Ok(read)
}

/// Whether a record is of a kind that there is, and has what that has.
fn check(record: &StoredRecord) -> Result<(), String> {
    if record.body.len() > limits::RECORD_BODY_MAX {
        return Err(format!("body: expected {} bytes at most", limits::RECORD_BODY_MAX));
    }
    match &*record.kind {
        records::FLAVOR => is::<Flavor>(record),
        records::DECLARED_SPECS => is::<DeclaredSpecs>(record),
        records::IMAGE => is::<Image>(record),
        records::HOST => is::<HostState>(record),
        records::MIGRATION => is::<Migration>(record),
        records::AGGREGATE => is::<Aggregate>(record),
        records::QUOTA => is::<WrittenQuota>(record),
        _ => Err("kind: none that a snapshot has".to_owned()),
    }
}

fn is<T: Document>(record: &StoredRecord) -> Result<(), String> {
    let read: Result<T, serde_json::Error> = serde_json::from_str(&record.body);
    read.map(drop).map_err(|error| format!("body: {error}"))
}

/// The records of one kind, read, with their numbers.
pub(super) fn of_kind<T: DeserializeOwned>(found: &[StoredRecord], kind: &str) -> Vec<(u32, T)> {
    let of_it = found.iter().filter(|record| record.kind == kind);
    of_it.filter_map(|record| Some((record.id.parse().ok()?, records::body(record)?))).collect()
}
