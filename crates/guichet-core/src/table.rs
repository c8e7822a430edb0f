//! Rows beside servers, such as application credentials: what all kinds of them have in common.
//!
//! A row has an id of its own, an owner (a user, a project), and a key that is unique among its
//! owner's: mostly a name. It never changes but as a whole. A kind of row says in [`TableRow`] what
//! these are; its rules stand beside it and use [`Table::check_new`] and [`Table::own`].

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use std::ops::Bound;
use std::sync::Arc;

use crate::refusal::Refusal;

/// A kind of row beside servers.
pub trait TableRow: Debug {
    /// Its id.
    type Id: Copy + Ord + Debug + Display;
    /// Whose it is.
    type Owner: Copy + Ord + Debug;
    /// What it is known by among its owner's.
    type Key: Clone + Ord + Debug + Display;
    /// Its kind, in the singular and without an article.
    const WHAT: &'static str;
    /// How many of them one owner may have; a limit of [`crate::limits`].
    const MAX: usize;

    /// Its id.
    fn id(&self) -> Self::Id;
    /// Whose it is.
    fn owner(&self) -> Self::Owner;
    /// What it is known by among its owner's.
    fn key(&self) -> Self::Key;
}

/// Rows as they are afterwards, by id; none: there is no such row any more.
pub type Images<R> = BTreeMap<<R as TableRow>::Id, Option<Arc<R>>>;

/// What a step does to one row: the row as it is afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange<R: TableRow> {
    /// Which row.
    pub id: R::Id,
    /// The row; none: it is deleted.
    pub row: Option<Arc<R>>,
}

/// All rows of one kind, with their index.
#[derive(Debug, Clone)]
pub struct Table<R: TableRow> {
    rows: BTreeMap<R::Id, Arc<R>>,
    /// Owners that have rows: each row by its key.
    by_owner: BTreeMap<R::Owner, BTreeMap<R::Key, R::Id>>,
}

impl<R: TableRow> Default for Table<R> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), by_owner: BTreeMap::new() }
    }
}

impl<R: TableRow> FromIterator<Arc<R>> for Table<R> {
    fn from_iter<I: IntoIterator<Item = Arc<R>>>(rows: I) -> Self {
        let mut table = Self::default();
        for row in rows {
            table.set(row.id(), Some(row));
        }
        table
    }
}

impl<R: TableRow> Table<R> {
    /// Makes a row what it is afterwards.
    pub fn set(&mut self, id: R::Id, row: Option<Arc<R>>) {
        if let Some(before) = self.rows.remove(&id) {
            self.forget_key(&before);
        }
        if let Some(row) = row {
            self.by_owner.entry(row.owner()).or_default().insert(row.key(), id);
            self.rows.insert(id, row);
        }
    }

    fn forget_key(&mut self, row: &R) {
        let (owner, key) = (row.owner(), row.key());
        let Some(of_owner) = self.by_owner.get_mut(&owner) else {
            return;
        };
        // A damaged file may have two of one key: the index is the other's then.
        if of_owner.get(&key) == Some(&row.id()) {
            of_owner.remove(&key);
        }
        if of_owner.is_empty() {
            self.by_owner.remove(&owner);
        }
    }

    /// The row of this id.
    pub fn get(&self, id: R::Id) -> Option<&Arc<R>> {
        self.rows.get(&id)
    }

    /// An owner's row of this key.
    pub fn by_key<Q: Ord + ?Sized>(&self, owner: R::Owner, key: &Q) -> Option<&Arc<R>>
    where
        R::Key: Borrow<Q>,
    {
        self.rows.get(self.by_owner.get(&owner)?.get(key)?)
    }

    /// An owner's rows behind this key, in the order of their keys.
    pub fn of_owner(
        &self,
        owner: R::Owner,
        after: Option<&R::Key>,
    ) -> impl Iterator<Item = &Arc<R>> {
        let from = after.map_or(Bound::Unbounded, |key| Bound::Excluded(key.clone()));
        let of_owner = self.by_owner.get(&owner).into_iter();
        let ids = of_owner.flat_map(move |keys| keys.range((from.clone(), Bound::Unbounded)));
        ids.filter_map(|(_, id)| self.rows.get(id))
    }

    /// How many rows an owner has.
    pub fn count(&self, owner: R::Owner) -> usize {
        self.by_owner.get(&owner).map_or(0, BTreeMap::len)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All rows, in the order of their ids.
    pub fn rows(&self) -> impl Iterator<Item = &Arc<R>> {
        self.rows.values()
    }

    /// The rows behind this id, in the order of their ids.
    pub fn rows_after(&self, after: Option<R::Id>) -> impl Iterator<Item = &Arc<R>> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.rows.range((from, Bound::Unbounded)).map(|(_, row)| row)
    }

    /// The owners that have rows, with the ids of these.
    pub(crate) fn owners(
        &self,
    ) -> impl Iterator<Item = (R::Owner, impl ExactSizeIterator<Item = &R::Id>)> {
        self.by_owner.iter().map(|(owner, keys)| (*owner, keys.values()))
    }

    /// Whether an owner may have one more row, of this key: it may have so many, and no more than
    /// [`TableRow::MAX`].
    ///
    /// # Errors
    /// It has one of that key, or as many as it may have.
    pub fn check_new<Q: Ord + Display + ?Sized>(
        &self,
        owner: R::Owner,
        key: &Q,
        most: usize,
    ) -> Result<(), Refusal>
    where
        R::Key: Borrow<Q>,
    {
        let most = most.min(R::MAX);
        if self.by_key(owner, key).is_some() {
            return Err(Refusal::NameTaken { what: R::WHAT, name: key.to_string() });
        }
        if self.count(owner) >= most {
            return Err(Refusal::TooManyRows { what: R::WHAT, most });
        }
        Ok(())
    }

    /// An owner's row of this id. Another's is not told apart from none.
    ///
    /// # Errors
    /// There is none.
    pub fn own(&self, owner: R::Owner, id: R::Id) -> Result<&Arc<R>, Refusal> {
        let found = self.get(id).filter(|row| row.owner() == owner);
        found.ok_or_else(|| Refusal::NoSuchRow { what: R::WHAT, id: id.to_string() })
    }
}
