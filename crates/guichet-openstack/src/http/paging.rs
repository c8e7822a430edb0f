//! Pages of lists: `limit`, `marker`, and the link to what follows
//! (Compute API guide, "Paginated collections").
//!
//! ```text
//! let paging = Paging::of(&params)?;
//! let page = paging.of_rows(rows, |row| &row.id)?;       // a list that is all in memory
//! body["flavors"] = …;
//! if let Some(links) = paging.links(&params, page.len(), last_id, |query| base.link(…)) {
//!     body["flavors_links"] = links;
//! }
//! ```

use guichet_core::limits;
use guichet_http::query::Params;
use serde_json::{Value, json};

use super::problem::Problem;
use super::query::wrong;

/// Which page is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paging {
    /// How many at most: what was asked for, cut to [`limits::PAGE_MAX`]; that many if nothing was.
    pub limit: usize,
    /// The id of the last one of the page before.
    pub marker: Option<String>,
}

impl Paging {
    /// Reads `limit` and `marker`.
    ///
    /// # Errors
    /// 400 for a limit that is no number from 0.
    pub fn of(params: &Params) -> Result<Self, Problem> {
        let limit = match params.get("limit") {
            None => limits::PAGE_MAX,
            Some(text) => limit(text).ok_or_else(|| wrong("limit", text))?,
        };
        // An empty marker is none, as Nova takes it.
        let marker = params.get("marker").filter(|marker| !marker.is_empty());
        Ok(Self { limit, marker: marker.map(str::to_owned) })
    }

    /// The page of a list that is all there.
    ///
    /// # Errors
    /// 400 for a marker that is none of its ids.
    pub fn of_rows<T>(
        &self,
        mut rows: Vec<T>,
        id: impl Fn(&T) -> String,
    ) -> Result<Vec<T>, Problem> {
        if let Some(marker) = &self.marker {
            let index = rows.iter().position(|row| id(row) == *marker);
            let index = index.ok_or_else(|| unknown(marker))?;
            rows.drain(..=index);
        }
        rows.truncate(self.limit);
        Ok(rows)
    }

    /// The link to the next page, if this one, which has `shown` rows, is full: even if nothing
    /// follows, since Nova does not look either. It repeats the query with the new marker; `link`
    /// puts the address before it.
    pub fn links(
        &self,
        params: &Params,
        shown: usize,
        last: Option<&str>,
        link: impl Fn(&Params) -> String,
    ) -> Option<Value> {
        let last = last.filter(|_| shown >= self.limit)?;
        Some(json!([{ "rel": "next", "href": link(&params.with("marker", last)) }]))
    }
}

/// 400 in Nova's words: the marker is nothing that is in the list.
pub fn unknown(marker: &str) -> Problem {
    Problem::bad_request(format!("marker [{marker}] not found"))
}

/// A limit, of any length: past what a page may have it makes no difference how far.
fn limit(text: &str) -> Option<usize> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(usize::MAX).min(limits::PAGE_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(query: &str) -> Params {
        Params::parse(query).unwrap()
    }

    fn page(query: &str) -> Result<Vec<u32>, u16> {
        let paging = Paging::of(&params(query)).map_err(|problem| problem.status.as_u16())?;
        let page = paging.of_rows((1..=5).collect(), u32::to_string);
        page.map_err(|problem| problem.status.as_u16())
    }

    #[test]
    fn pages_follow_each_other() {
        assert_eq!(page(""), Ok(vec![1, 2, 3, 4, 5]));
        assert_eq!(page("limit=2"), Ok(vec![1, 2]));
        assert_eq!(page("limit=2&marker=2"), Ok(vec![3, 4]));
        assert_eq!(page("marker=5"), Ok(vec![]));
        assert_eq!(page("limit=0"), Ok(vec![]));
        assert_eq!(page("limit=1&marker="), Ok(vec![1]));
        assert_eq!(page("limit=99999999999999999999999"), Ok(vec![1, 2, 3, 4, 5]));
        for wrong in ["limit=-1", "limit=", "limit=x", "limit=1.0", "marker=9"] {
            assert_eq!(page(wrong), Err(400), "{wrong}");
        }
    }

    #[test]
    fn a_full_page_links_to_the_next_even_if_nothing_follows() {
        let query = params("name=a&limit=5&marker=x");
        let paging = Paging::of(&query).unwrap();
        let link = |query: &Params| format!("/list?{query}");
        assert_eq!(paging.links(&query, 4, Some("z"), link), None);
        assert_eq!(
            paging.links(&query, 5, Some("z"), link),
            Some(json!([{ "rel": "next", "href": "/list?name=a&limit=5&marker=z" }]))
        );
        let none = Paging { limit: 0, marker: None };
        assert_eq!(none.links(&query, 0, None, link), None);
    }

    #[test]
    fn a_limit_is_cut_to_what_a_page_may_have() {
        assert_eq!(Paging::of(&params("limit=1001")).unwrap().limit, limits::PAGE_MAX);
        assert_eq!(Paging::of(&params("")).unwrap().limit, limits::PAGE_MAX);
    }
}
