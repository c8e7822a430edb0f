//! Where data are, as it is typed.

use std::fs;
use std::path::Path;

#[cfg(feature = "postgres")]
use anyhow::Context as _;
use guichet_store::journal::copy::Side;
#[cfg(feature = "postgres")]
use guichet_store::journal::postgres::Place;

use crate::cli::is_database;

/// A directory, or a database.
///
/// # Errors
/// The connection string cannot be used.
pub(super) fn side(data: &Path) -> anyhow::Result<Side> {
    if !is_database(data) {
        return Ok(Side::Directory(data.to_owned()));
    }
    #[cfg(feature = "postgres")]
    return Ok(Side::Database(Box::new(database(data)?)));
    #[cfg(not(feature = "postgres"))]
    anyhow::bail!("this program was built without PostgreSQL (feature `postgres`)")
}

/// The database of a connection string.
///
/// # Errors
/// It cannot be used.
#[cfg(feature = "postgres")]
pub(crate) fn database(data: &Path) -> anyhow::Result<Place> {
    let text = data.to_str().context("a connection string is text in UTF-8")?;
    Ok(Place::parse(text, database_password().as_deref())?)
}

/// The password of a database, from the variable that PostgreSQL's own programs have it from.
#[cfg(feature = "postgres")]
fn database_password() -> Option<String> {
    std::env::var("PGPASSWORD").ok()
}

/// Whether two names are of one place, as far as that can be seen: two connection strings may be.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    one == other || whole(one) == whole(other)
}
