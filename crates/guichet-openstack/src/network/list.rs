//! Lists of Network: filters by any field, sorting, pages, chosen fields (Networking API
//! reference, "Filtering and Column Selection").

use std::cmp::Ordering;
use std::collections::BTreeMap;

use axum::Json;
use guichet_http::query::Params;
use serde_json::{Map, Value, json};

use crate::http::paging::Paging;
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;
use crate::http::truth::truth;

/// Parameters about the list, not about what is in it.
const ABOUT_THE_LIST: &[&str] =
    &["fields", "limit", "marker", "page_reverse", "sort_dir", "sort_key"];

/// What is asked of fields: the values of each, of which any will do. What is no field is not
/// looked at, as Neutron has it.
pub(super) struct Filters<'a>(BTreeMap<&'a str, Vec<&'a str>>);

impl<'a> Filters<'a> {
    pub(super) fn of(params: &'a Params) -> Self {
        let mut filters: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, value) in params.iter().filter(|(name, _)| !ABOUT_THE_LIST.contains(name)) {
            filters.entry(name).or_default().push(value);
        }
        Self(filters)
    }

    /// The values of a field of which any will do, if it is asked for.
    pub(super) fn values(&self, field: &str) -> Option<&[&'a str]> {
        self.0.get(field).map(Vec::as_slice)
    }

    /// Whether all rows are asked for.
    pub(super) fn are_none(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a row is asked for.
    pub(super) fn want(&self, row: &Value) -> bool {
        self.0.iter().all(|(name, values)| {
            row.get(name).is_none_or(|field| values.iter().any(|value| is(field, value)))
        })
    }
}

/// The rows that are asked for, in the order asked for.
///
/// # Errors
/// 400 for a direction of sorting that is none.
pub(super) fn wanted(mut rows: Vec<Value>, params: &Params) -> Result<Vec<Value>, Problem> {
    params.check_directions()?;
    let filters = Filters::of(params);
    rows.retain(|row| filters.want(row));
    let mut ways = params.all("sort_dir");
    let keys: Vec<(&str, bool)> =
        params.all("sort_key").map(|key| (key, ways.next() == Some("desc"))).collect();
    rows.sort_by(|one, other| {
        keys.iter().fold(Ordering::Equal, |so_far, (key, is_descending)| {
            let order = written(&one[*key]).cmp(&written(&other[*key]));
            so_far.then(if *is_descending { order.reverse() } else { order })
        })
    });
    Ok(rows)
}

/// The page that is asked for, with the link to the next one if it is full.
pub(super) fn answer(
    paging: &Paging,
    rows: Vec<Value>,
    params: &Params,
    plural: &str,
    link: impl Fn(&Params) -> String,
) -> Result<Json<Value>, Problem> {
    let rows = paging.of_rows(rows, |row| written(&row["id"]))?;
    let last = rows.last().map(|row| written(&row["id"]));
    let mut body = json!({ plural: [] });
    if let Some(next) = paging.links(params, rows.len(), last.as_deref(), link) {
        body[format!("{plural}_links")] = next;
    }
    body[plural] = rows.into_iter().map(|row| chosen(row, params)).collect();
    Ok(Json(body))
}

/// The fields that were asked for; all if none were.
fn chosen(row: Value, params: &Params) -> Value {
    let Value::Object(row) = row else { return row };
    if !params.has("fields") {
        return Value::Object(row);
    }
    let is_chosen = |name: &str| params.all("fields").any(|field| field == name);
    let chosen: Map<String, Value> = row.into_iter().filter(|(name, _)| is_chosen(name)).collect();
    Value::Object(chosen)
}

/// Whether a field has this value; a list has it among others, an object as `key=value`.
fn is(field: &Value, value: &str) -> bool {
    match field {
        Value::Bool(flag) => truth(value) == Some(*flag),
        Value::Array(items) => items.iter().any(|item| is(item, value)),
        Value::Object(fields) => value
            .split_once('=')
            .is_some_and(|(key, value)| fields.get(key).is_some_and(|field| is(field, value))),
        Value::Null => value.is_empty(),
        other => written(other) == value,
    }
}

/// A field as text.
fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
