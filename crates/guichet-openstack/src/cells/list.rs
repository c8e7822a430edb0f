//! One page of a list that goes on from cell to cell.

use guichet_core::limits;
use guichet_http::cells::Pages;
use guichet_http::query::Params;
use http::{StatusCode, Uri};
use serde_json::{Value, json};

/// One page of a list: what is left of it after each cell is what the next one is asked.
#[derive(Debug)]
pub(super) struct List {
    path: String,
    params: Params,
    /// What the list is called in its body.
    key: &'static str,
    /// How many rows are still to come; none: all that there are.
    left: Option<usize>,
    /// Whether a cell that has none says that there is none, with 404.
    is_searched: bool,
    /// Whether a cell has answered: the marker was its own, and the others begin at their beginning.
    is_begun: bool,
    body: Option<Value>,
}

impl List {
    /// All rows that there are, whatever limit is asked for.
    pub(super) fn whole(uri: &Uri, params: Params, key: &'static str) -> Self {
        let (path, left) = (uri.path().to_owned(), None);
        Self { path, params, key, left, is_searched: false, is_begun: false, body: None }
    }

    /// A page of so many as are asked for; where none are of as many as a page has, `usual`ly.
    pub(super) fn page(uri: &Uri, params: Params, key: &'static str, usual: Option<usize>) -> Self {
        let asked = params.get("limit").and_then(|text| text.parse().ok());
        let left = asked.map(|limit: usize| limit.min(limits::PAGE_MAX)).or(usual);
        Self { left, ..Self::whole(uri, params, key) }
    }

    /// The same, of what has something in its name: of a cell that has none the answer is 404.
    pub(super) fn searched(self) -> Self {
        Self { is_searched: true, ..self }
    }

    fn rows(body: &mut Value, key: &str) -> Option<Vec<Value>> {
        match body.get_mut(key)?.take() {
            Value::Array(rows) => Some(rows),
            _ => None,
        }
    }

    /// The links of a page, with the limit that was asked for.
    fn links(&self, body: &mut Value) -> Option<Value> {
        let mut links = body.as_object_mut()?.remove(&format!("{}_links", self.key))?;
        for link in links.as_array_mut()? {
            let href = link.get("href").and_then(Value::as_str).map(|href| self.with_limit(href));
            link["href"] = json!(href);
        }
        Some(links)
    }

    fn with_limit(&self, href: &str) -> String {
        let Some((address, query)) = href.split_once('?') else { return href.to_owned() };
        let Ok(params) = Params::parse(query) else { return href.to_owned() };
        let params = match self.params.get("limit") {
            Some(limit) => params.with("limit", limit),
            None => params.without("limit"),
        };
        format!("{address}?{params}")
    }
}

impl Pages for List {
    fn next(&self) -> Uri {
        let mut params = self.params.clone();
        if self.is_begun {
            params = params.without("marker");
            if let Some(left) = self.left {
                params = params.with("limit", &left.to_string());
            }
        }
        let query = params.to_string();
        let mark = if query.is_empty() { "" } else { "?" };
        // It is made of parts of one.
        format!("{}{mark}{query}", self.path).parse().unwrap_or_default()
    }

    fn begins_elsewhere(&self, status: StatusCode) -> bool {
        let has_marker = self.params.get("marker").is_some_and(|marker| !marker.is_empty());
        let is_behind = !self.is_begun && has_marker && status == StatusCode::BAD_REQUEST;
        is_behind || self.is_searched && status == StatusCode::NOT_FOUND
    }

    fn take(&mut self, body: &[u8]) -> bool {
        let Ok(mut new) = serde_json::from_slice::<Value>(body) else { return false };
        let Some(mut rows) = Self::rows(&mut new, self.key) else { return false };
        let links = self.links(&mut new);
        self.is_begun = true;
        self.left = self.left.map(|left| left.saturating_sub(rows.len()));
        let body = self.body.get_or_insert(new);
        let all = match Self::rows(body, self.key) {
            Some(mut all) => {
                all.append(&mut rows);
                all
            }
            None => rows,
        };
        body[self.key] = Value::Array(all);
        let is_full = links.is_some();
        if let Some(links) = links {
            body[format!("{}_links", self.key)] = links;
        }
        !is_full && self.left != Some(0)
    }

    fn body(&self) -> Vec<u8> {
        let body = self.body.as_ref().unwrap_or(&Value::Null);
        serde_json::to_vec(body).unwrap_or_default()
    }
}
