//! A document read into a snapshot, for a world where what it names is declared. What it leaves out is
//! made up: always the same for the same document.
//!
//! ```text
//! text ─▶ head (format, version) ─▶ rows ─▶ places (hosts, addresses) ─▶ a fleet, audited ─▶ snapshot
//! ```

mod beside;
mod operations;
mod places;
mod reader;
mod records;
mod servers;

use std::collections::HashSet;
use std::time::Duration;

use guichet_core::audit::audit;
use guichet_core::chance::Chance;
use guichet_core::fleet::{Fleet, Saved};
use guichet_core::ids::{IdHash, ServerId};
use guichet_core::limits;
use guichet_core::time::Timestamp;
use serde_json::Value;

use self::places::Places;
use self::reader::Reader;
use self::records::{of_kind, records};
use super::document::{Document, FORMAT, Head, VERSION};
use super::error::DocumentError;
use super::names::Names;
use super::{Snapshot, SnapshotTime};
use crate::catalogue::Image;
use crate::config::Declared;
use crate::records::{FLAVOR, IMAGE};

impl Snapshot {
    /// The snapshot that a document is, where this is declared. `present` is what is stamped where it
    /// says nothing, `seed` what its chance is drawn from then.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn read(
        text: &[u8],
        declared: &Declared,
        present: Timestamp,
        seed: u64,
    ) -> Result<Self, DocumentError> {
        let json = |error: serde_json::Error| DocumentError::Json(error.to_string());
        let head: Head = serde_json::from_slice(text).map_err(json)?;
        check(&head)?;
        let document: Document = serde_json::from_slice(text).map_err(json)?;
        let time = document.time.as_ref();
        let time = time.map(|time| SnapshotTime { now: time.now.0, speed: time.speed });
        if time.is_some_and(|time| !(0.0..=limits::CLOCK_SPEED_MAX).contains(&time.speed)) {
            let problem = format!("speed: expected 0 to {}", limits::CLOCK_SPEED_MAX);
            return Err(DocumentError::Row { place: "time".to_owned(), problem });
        }
        let records = records(&document.records)?;
        let reader = Reader {
            names: Names::new(declared),
            flavors: of_kind(&records, FLAVOR),
            images: of_kind::<Image>(&records, IMAGE).into_iter().map(|it| it.0).collect(),
            at: time.map_or(present, |time| time.now),
        };
        let mut saved = Saved {
            key_pairs: reader.key_pairs(&document.key_pairs)?,
            groups: reader.groups(&document.server_groups)?,
            credentials: reader.credentials(&document.application_credentials)?,
            keys: reader.keys(&document.idempotency_keys)?,
            rows: Vec::new(),
        };
        let mut places = Places::new(&reader.names, &document.servers)?;
        for (number, row) in document.servers.into_iter().enumerate() {
            let name = row.name.clone();
            let read = reader.server(number, row, &mut places);
            let read =
                read.map_err(|problem| DocumentError::row("servers", number, &name, problem))?;
            saved.rows.push(read);
        }
        check_ids(&saved)?;
        check_fleet(declared, &saved, reader.at)?;
        Ok(Self::new(saved, records, time, document.seed.unwrap_or(seed)))
    }
}

/// Whether it is a document that this program reads.
fn check(head: &Head) -> Result<(), DocumentError> {
    if head.format.as_ref().and_then(Value::as_str) != Some(FORMAT) {
        return Err(DocumentError::Format);
    }
    match head.version.as_ref() {
        Some(version) if version.as_u64() == Some(VERSION) => Ok(()),
        Some(version) if version.as_u64().is_some_and(|version| version > VERSION) => {
            Err(DocumentError::Newer { found: version.to_string() })
        }
        _ => Err(DocumentError::Json(format!("version: expected {VERSION}"))),
    }
}

/// Whether each server has an id of its own.
fn check_ids(saved: &Saved) -> Result<(), DocumentError> {
    let mut seen: HashSet<ServerId, IdHash> = Default::default();
    for (number, row) in saved.rows.iter().enumerate() {
        if !seen.insert(row.server.id) {
            let problem = format!("id: {} is another's", row.server.id);
            return Err(DocumentError::row("servers", number, &row.server.name, problem));
        }
    }
    Ok(())
}

/// Whether a fleet of all that holds what always holds of one.
fn check_fleet(declared: &Declared, saved: &Saved, at: Timestamp) -> Result<(), DocumentError> {
    let mut config = declared.engine_config();
    config.servers_max = saved.rows.len();
    let mut config = config.fleet(Duration::ZERO);
    config.chance = Chance::new(0);
    let found = audit(&Fleet::resume(config, saved.clone(), at));
    match found.violations.first() {
        Some(first) => Err(DocumentError::Whole(first.clone())),
        None => Ok(()),
    }
}
