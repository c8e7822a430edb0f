//! Which page of a list is asked for, and by what.

use guichet_core::limits;
use guichet_http::query::Params;

use crate::problem::Problem;

/// How many rows a page is to have, by a query's `limit`.
pub(super) fn limit(value: &str) -> Result<usize, Problem> {
    number("limit", value).map(|number| number.clamp(1, limits::ADMIN_PAGE_MAX))
}

fn number(name: &str, value: &str) -> Result<usize, Problem> {
    let wrong = || Problem::wrong(format!("{name}: found {value:?}, expected a whole number."));
    value.parse().map_err(|_| wrong())
}

/// A page: so many rows, behind so many.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) limit: usize,
    pub(super) offset: usize,
}

impl Window {
    /// The page of a query that has these parameters beside it, and no other.
    pub(super) fn read(query: &Params, others: &[&str]) -> Result<Self, Problem> {
        let mut window = Self { limit: limits::ADMIN_PAGE, offset: 0 };
        for (name, value) in query.iter() {
            match name {
                "limit" => window.limit = limit(value)?,
                "offset" => window.offset = number(name, value)?,
                other if others.contains(&other) => {}
                other => {
                    let known = others.iter().map(|name| format!("{name}, ")).collect::<String>();
                    return Err(Problem::wrong(format!(
                        "The query has {other:?}, expected {known}limit or offset."
                    )));
                }
            }
        }
        Ok(window)
    }

    /// The rows of the page.
    pub(super) fn of<T>(self, all: impl Iterator<Item = T>) -> Vec<T> {
        all.skip(self.offset).take(self.limit).collect()
    }
}
