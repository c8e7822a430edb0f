//! What administrators wrote and what was made of servers, as documents say it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use guichet_core::limits;
use guichet_core::server::Size;
use guichet_store::journal::StoredRecord;
use serde_json::value::RawValue;

use super::reader;
use crate::aggregate::Aggregate;
use crate::catalogue::{Flavor, Image};
use crate::declared_specs::DeclaredSpecs;
use crate::documents::{Document, FIRST};
use crate::host_state::HostState;
use crate::migration::Migration;
use crate::plain;
use crate::quota::WrittenQuota;
use crate::records;
use crate::snapshot::document::RecordText;
use crate::snapshot::error::DocumentError;

/// Blanks may make a body so many times as long as it is without.
const BLANKS_MAX: usize = 4;

/// The records of a document, and what rows of servers ask of them.
#[derive(Default)]
pub(super) struct Read {
    pub(super) stored: Vec<StoredRecord>,
    /// The sizes of the flavors, by number.
    pub(super) flavors: HashMap<u32, Size>,
    /// The numbers of the images.
    pub(super) images: HashSet<u32>,
    seen: HashSet<(&'static str, Own)>,
    counts: HashMap<&'static str, usize>,
}

/// What no other record of a kind has.
#[derive(PartialEq, Eq, Hash)]
enum Own {
    Number(u32),
    Name(Arc<str>),
}

/// The records, each of a kind that there is and with what that has.
pub(super) fn records(rows: &[RecordText<'_>]) -> Result<Read, DocumentError> {
    let mut read = Read::default();
    for (number, row) in rows.iter().enumerate() {
        read.add(row).map_err(|it| DocumentError::row("records", number, &row.kind, it))?;
    }
    Ok(read)
}

impl Read {
    fn add(&mut self, row: &RecordText<'_>) -> Result<(), String> {
        let (least, most) = (FIRST, limits::COUNTER_MAX);
        if !(least..=most).contains(&row.number) {
            return Err(format!("number: found {}, expected {least} to {most}", row.number));
        }
        let record = match &*row.kind {
            records::FLAVOR => self.one(row, limits::FLAVORS_WRITTEN_MAX, check_flavor)?,
            records::DECLARED_SPECS => {
                self.one(row, limits::FLAVORS_WRITTEN_MAX, |it: &DeclaredSpecs| {
                    check_specs(it.written.len())?;
                    Ok(Some(Arc::clone(&it.flavor)))
                })?
            }
            records::IMAGE => self.one(row, limits::IMAGES_WRITTEN_MAX, check_image)?,
            records::HOST => {
                self.one(row, limits::HOSTS_MAX, |it: &HostState| Ok(Some(Arc::clone(&it.host))))?
            }
            records::MIGRATION => {
                self.one(row, limits::MIGRATIONS_MAX, |_: &Migration| Ok(None))?
            }
            records::AGGREGATE => self.one(row, limits::AGGREGATES_MAX, |it: &Aggregate| {
                Ok(Some(Arc::clone(&it.name)))
            })?,
            records::QUOTA => self.one(row, limits::PROJECTS_MAX + 1, |it: &WrittenQuota| {
                Ok(Some(Arc::clone(&it.project)))
            })?,
            kind => {
                let all = records::documents();
                return Err(format!("kind: {}", plain::no_such_word(kind, all)));
            }
        };
        match &*row.kind {
            records::FLAVOR => {
                let flavor = records::body::<Flavor>(&record).map(|flavor| flavor.size);
                self.flavors.extend(flavor.map(|size| (row.number, size)));
            }
            records::IMAGE => drop(self.images.insert(row.number)),
            _ => {}
        }
        self.stored.push(record);
        Ok(())
    }

    /// A record of this type, of which there are so many at most. `own` says what is wrong with one, and
    /// what no other one of its kind is called.
    fn one<T: Document>(
        &mut self,
        row: &RecordText<'_>,
        most: usize,
        own: impl FnOnce(&T) -> Result<Option<Arc<str>>, String>,
    ) -> Result<StoredRecord, String> {
        let count = self.counts.entry(T::KIND).or_default();
        *count += 1;
        if *count > most {
            return Err(format!("expected {most} of this kind at most"));
        }
        if !self.seen.insert((T::KIND, Own::Number(row.number))) {
            return Err(format!("number: {} is there twice", row.number));
        }
        let document: T = body(row.body)?;
        let name = own(&document).map_err(|problem| format!("body.{problem}"))?;
        if let Some(name) = name
            && !self.seen.insert((T::KIND, Own::Name(Arc::clone(&name))))
        {
            return Err(format!("body: another one of its kind is of {:?}", plain::shown(&name)));
        }
        let id = Arc::from(row.number.to_string());
        let record = records::stored(records::written(T::KIND, id, &document, None));
        let most = limits::RECORD_BODY_MAX;
        let record = record.filter(|record| record.body.len() <= most);
        record.ok_or_else(|| format!("body: expected {most} bytes at most"))
    }
}

/// The document that a body is.
fn body<T: Document>(text: &RawValue) -> Result<T, String> {
    let most = BLANKS_MAX * limits::RECORD_BODY_MAX;
    if text.get().len() > most {
        return Err(format!("body: expected {} bytes at most", limits::RECORD_BODY_MAX));
    }
    let mut json = serde_json::Deserializer::from_str(text.get());
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { "body".to_owned() } else { format!("body.{path}") };
        reader::said(&path, error.inner())
    })
}

fn check_flavor(flavor: &Flavor) -> Result<Option<Arc<str>>, String> {
    reader::size("size", flavor.size)?;
    reader::number("disk_gib", flavor.disk_gib)?;
    reader::number("ephemeral_gib", flavor.ephemeral_gib)?;
    reader::number("swap_mib", flavor.swap_mib)?;
    reader::short("id", &flavor.id, limits::TEXT_MAX)?;
    reader::short("name", &flavor.name, limits::TEXT_MAX)?;
    check_specs(flavor.extra_specs.len())?;
    Ok((!flavor.is_deleted).then(|| Arc::clone(&flavor.id)))
}

fn check_specs(count: usize) -> Result<(), String> {
    let most = limits::EXTRA_SPECS_MAX;
    if count > most {
        return Err(format!("extra_specs: found {count} entries, expected {most} at most"));
    }
    Ok(())
}

fn check_image(image: &Image) -> Result<Option<Arc<str>>, String> {
    reader::number("min_disk_gib", image.min_disk_gib)?;
    reader::number("min_ram_mib", image.min_ram_mib)?;
    // That of a shelved server is called after it, with a word more.
    reader::short("name", &image.name, 2 * limits::TEXT_MAX)?;
    Ok(Some(Arc::from(image.id.to_string())))
}
