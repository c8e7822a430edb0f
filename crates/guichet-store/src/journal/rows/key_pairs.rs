//! Key pairs in a database. All rows are read, also those of users that are not declared any more, as
//! application credentials are.

use std::sync::Arc;

use guichet_core::audit::Audit;
use guichet_core::ids::{KeyPairId, UserId};
use guichet_core::key_pair::{KeyKind, KeyPair};

use super::beside::{self, Beside};
use super::cells::Cells;
use super::error::OpenError;
use super::kind::Kind;
use super::names::Maps;
use super::row::Row;
use super::tables::{self, Table};
use super::values::Values;

impl Beside for KeyPair {
    const TABLE: &'static Table = &tables::KEY_PAIR;

    fn put<V: Values>(&self, values: &mut V, maps: &Maps) -> Result<(), V::Error> {
        values.put(self.id.0)?;
        values.put(maps.to_file(Kind::User, self.user.0))?;
        values.put(&*self.name)?;
        values.put(self.kind.as_str())?;
        values.put(&*self.public_key)?;
        values.put(&*self.fingerprint)?;
        values.put(self.created)
    }

    fn read(row: &dyn Row, maps: &Maps) -> Result<Self, OpenError> {
        let mut cells = Cells::of(row, &tables::KEY_PAIR)?;
        Ok(Self {
            id: KeyPairId(cells.uuid()?),
            user: UserId(maps.finished(Kind::User, cells.u32()?)),
            name: Arc::from(cells.text()?),
            kind: cells.parsed::<KeyKind>()?,
            public_key: Arc::from(cells.text()?),
            fingerprint: Arc::from(cells.text()?),
            created: cells.time()?,
        })
    }
}

/// What must hold between the rows: what holds of those in memory, and that users have names.
pub(crate) fn check(audit: &mut Audit, maps: &Maps, rows: &[Arc<KeyPair>]) {
    beside::check(audit, maps, rows, |row| [(Kind::User, row.user.0)]);
}
