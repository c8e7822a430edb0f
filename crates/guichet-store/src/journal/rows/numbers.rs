//! The numbers in one row, as they are inside; and which of their names are missing.

use smallvec::SmallVec;

use super::cells::Cells;
use super::error::OpenError;
use super::kind::Kind;
use super::names::{Inside, Maps};

/// Names that a row uses and that are not declared any more, by the file's numbers.
pub(crate) type Missing = SmallVec<[(Kind, u32); 2]>;

/// A row with the numbers of its names as they are inside.
pub(crate) struct Numbers<'a> {
    maps: &'a Maps,
    /// Names that the row uses and that are not declared any more, by the file's numbers.
    pub(crate) missing: Missing,
}

impl<'a> Numbers<'a> {
    /// The numbers of a row of which nothing was read yet.
    pub(crate) fn new(maps: &'a Maps) -> Self {
        Self { maps, missing: Missing::new() }
    }

    /// What a number of the file is inside; any if it is missing.
    pub(crate) fn inside(
        &mut self,
        cells: &Cells<'_>,
        kind: Kind,
        file: u32,
    ) -> Result<u32, OpenError> {
        match self.maps.to_inside(kind, file) {
            Inside::Is(inside) => Ok(inside),
            Inside::Missing => {
                if !self.missing.contains(&(kind, file)) {
                    self.missing.push((kind, file));
                }
                Ok(0)
            }
            Inside::Unknown if kind == Kind::User => Ok(self.maps.finished(kind, file)),
            Inside::Unknown => Err(cells.wrong(format!("there is no {kind} {file}"))),
        }
    }

    /// What the number in the next cell is inside.
    pub(crate) fn cell(&mut self, cells: &mut Cells<'_>, kind: Kind) -> Result<u32, OpenError> {
        let file = cells.u32()?;
        self.inside(cells, kind, file)
    }
}
