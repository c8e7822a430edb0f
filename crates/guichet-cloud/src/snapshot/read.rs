//! A document read into a snapshot, for a world where what it names is declared. What it leaves out is
//! made up: always the same for the same document.
//!
//! ```text
//! text ─▶ head (format, version, size) ─▶ rows ─▶ places (hosts, addresses) ─▶ a fleet, audited ─▶ snapshot
//! ```

mod beside;
mod operations;
mod places;
mod reader;
mod records;
mod servers;
mod unique;

use std::time::Duration;

use guichet_core::audit::audit;
use guichet_core::chance::Chance;
use guichet_core::fleet::{Fleet, Saved};
use guichet_core::limits;
use guichet_core::time::Timestamp;
use serde::Deserialize;

use self::places::Places;
use self::reader::{Reader, said};
use self::records::{Read, records};
use super::document::{Document, FORMAT, TimeRow, VERSION};
use super::error::DocumentError;
use super::head::{Head, Said};
use super::names::Names;
use super::{Snapshot, SnapshotTime};
use crate::config::Declared;

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
        check(&json(text)?)?;
        let document: Document<'_> = json(text)?;
        let time = document.time.as_ref().map(read_time).transpose()?;
        let records = records(&document.records)?;
        let at = time.map_or(present, |time| time.now);
        let Read { stored, flavors, images, .. } = records;
        let reader = Reader { names: Names::new(declared), flavors, images, at };
        let mut saved = Saved {
            key_pairs: reader.key_pairs(&document.key_pairs)?,
            groups: reader.groups(&document.server_groups)?,
            credentials: reader.credentials(&document.application_credentials)?,
            keys: reader.keys(&document.idempotency_keys)?,
            rows: Vec::new(),
        };
        let mut places = Places::new(&reader.names, &reader.flavors, &document.servers)?;
        for (number, row) in document.servers.into_iter().enumerate() {
            let name = row.name.clone();
            let read = reader.server(number, row, &mut places);
            let read =
                read.map_err(|problem| DocumentError::row("servers", number, &name, problem))?;
            saved.rows.push(read);
        }
        unique::check(&saved)?;
        check_fleet(declared, &saved, reader.at)?;
        Ok(Self::new(saved, stored, time, document.seed.unwrap_or(seed)))
    }
}

/// What a text says. Where it is wrong is only looked for once it is known to be.
fn json<'a, T: Deserialize<'a>>(text: &'a [u8]) -> Result<T, DocumentError> {
    let read: Result<T, serde_json::Error> = serde_json::from_slice(text);
    read.map_err(|error| {
        let mut again = serde_json::Deserializer::from_slice(text);
        let placed = serde_path_to_error::deserialize::<_, T>(&mut again).err();
        let path = placed.map_or_else(String::new, |placed| placed.path().to_string());
        DocumentError::Json(said(&path, &error))
    })
}

/// Whether it is a document that this program reads.
fn check(head: &Head) -> Result<(), DocumentError> {
    if !matches!(&head.format, Said::Text(format) if format == FORMAT) {
        return Err(DocumentError::Format);
    }
    match &head.version {
        Said::Number(VERSION) => Ok(()),
        Said::Number(found) if *found > VERSION => {
            Err(DocumentError::Newer { found: found.to_string() })
        }
        Said::Large => Err(DocumentError::Newer { found: "a larger number".to_owned() }),
        _ => Err(DocumentError::Json(format!("version: expected {VERSION}"))),
    }
}

/// The time of a document, which can be moved on.
fn read_time(time: &TimeRow) -> Result<SnapshotTime, DocumentError> {
    let wrong = |problem| DocumentError::Row { place: "time".to_owned(), problem };
    if !(0.0..=limits::CLOCK_SPEED_MAX).contains(&time.speed) {
        let (found, most) = (time.speed, limits::CLOCK_SPEED_MAX);
        return Err(wrong(format!("speed: found {found}, expected 0 to {most}")));
    }
    let (now, latest) = (time.now.0, SnapshotTime::latest());
    if now > latest {
        return Err(wrong(format!("now: found {now}, expected {latest} or earlier")));
    }
    Ok(SnapshotTime { now, speed: time.speed })
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
