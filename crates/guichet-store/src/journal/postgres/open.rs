//! Opening a database that this node leads: everything is read, and what is declared now is written.

use guichet_core::fleet::Saved;
use guichet_core::time::Timestamp;

use super::keeper::Holding;
use super::load::Source;
use super::log::PostgresLog;
use super::stand::Lead;
use super::{names as name_rows, write};
use crate::journal::log::LogError;
use crate::journal::rows::error::OpenError;
use crate::journal::rows::image::Image;
use crate::journal::rows::load::Loaded;
use crate::journal::rows::names::Names;
use crate::journal::rows::touched::Touched;
use crate::records::StoredRecord;

/// A database, opened.
#[derive(Debug)]
pub struct Opened {
    /// Where batches go from now on.
    pub log: PostgresLog,
    /// The fleet as it was found.
    pub saved: Saved,
    /// The records that were found beside it.
    pub found: Vec<StoredRecord>,
    /// The newest stamp of any row: the world's clock must not be behind it.
    pub newest: Option<Timestamp>,
    /// How often somebody led, this time included. No two openings have the same.
    pub starts: u64,
    /// Whether all rows but the last ones were read while another node led.
    pub is_warm: bool,
}

/// Reads the database that this node leads, or what of it was not read ahead, and begins to write to it.
/// The calling thread waits.
///
/// # Errors
/// See [`OpenError`]: [`OpenError::Away`] if the connection was lost meanwhile, and
/// [`OpenError::Replaced`] if another node leads. What was in the database is still there.
pub fn open(lead: Lead, names: &Names<'_>) -> Result<Opened, OpenError> {
    let Lead { link, keeper, holding, batch, ahead } = lead;
    let place = keeper.place.clone();
    let away = |what: String| OpenError::Away { place: place.to_string(), what };
    let session = match &*holding.borrow() {
        Holding::Has(session, _) => std::sync::Arc::clone(session),
        Holding::Away(why) => return Err(away(why.to_string())),
        Holding::Ended(error) => return Err(of_log(&place.to_string(), error)),
    };
    // What is wrong with rows is said by whoever reads everything.
    let image = ahead.and_then(|ahead| ahead.image(names)).map(Image::finish);
    let (is_warm, (maps, loaded)) = match image {
        Some(Ok(read)) => (true, read),
        Some(Err(_)) | None => {
            let source = Source { place: place.clone(), tasks: keeper.tasks.clone(), session };
            let maps = source.maps(names)?;
            let loaded = source.load(&maps, &mut Err)?;
            (false, (maps, loaded))
        }
    };
    let epoch = keeper.epoch;
    let mut log = PostgresLog::new(link, keeper, holding, maps, batch);
    begin(&mut log, names, &loaded).map_err(|error| of_log(&place.to_string(), &error))?;
    let Loaded { saved, found, newest, .. } = loaded;
    Ok(Opened { log, saved, found, newest, starts: epoch.unsigned_abs(), is_warm })
}

/// Writes down what is declared now, and what is dropped.
fn begin(log: &mut PostgresLog, names: &Names<'_>, loaded: &Loaded) -> Result<(), LogError> {
    let steps = name_rows::declared(log.maps(), names);
    let mut steps = steps.map_err(|error| LogError::Lost(error.to_string()))?;
    let mut touched = Touched::default();
    touched.beside.names = log.maps().has_new_names();
    steps.extend(write::forget(&loaded.dropped, |_| true, &mut touched));
    steps.extend(loaded.newest.map(|newest| write::expire(newest, i64::MAX, &mut touched)));
    log.commit((steps, touched))
}

fn of_log(place: &str, error: &LogError) -> OpenError {
    let (place, what) = (place.to_owned(), error.to_string());
    match error {
        LogError::Full(_) => OpenError::Away { place, what },
        LogError::Replaced(_) => OpenError::Replaced { place, what },
        LogError::Lost(_) => OpenError::Database { place, what },
    }
}
