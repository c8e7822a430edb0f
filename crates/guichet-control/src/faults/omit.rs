//! A list that lacks one: a lie that checkers are to notice.

use axum::body::{Body, to_bytes};
use axum::response::Response;
use guichet_cloud::faults::Pattern;
use guichet_core::limits;
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;

/// The answer without the first of its list whose name or id fits. One that is no list, or lacks such a
/// one anyway, stays as it is.
pub(super) async fn without_one(answer: Response, named: &Pattern) -> Response {
    if answer.status() != StatusCode::OK {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    let Ok(bytes) = to_bytes(body, limits::FAULT_LIST_MAX).await else {
        let mut refused = Response::new(Body::empty());
        *refused.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        return refused;
    };
    let Some(text) = serde_json::from_slice(&bytes).ok().and_then(|list| shorter(list, named))
    else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    if parts.headers.contains_key(header::CONTENT_LENGTH) {
        parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(text.len()));
    }
    Response::from_parts(parts, Body::from(text))
}

/// The list without one, if that is in it.
fn shorter(mut list: Value, named: &Pattern) -> Option<String> {
    // Beside a list there may be links to its next page.
    let is_list =
        |(name, value): &(&String, &mut Value)| value.is_array() && !name.ends_with("_links");
    let (_, rows) = list.as_object_mut()?.iter_mut().find(is_list)?;
    let rows = rows.as_array_mut()?;
    let place = rows.iter().position(|row| fits(row, named))?;
    rows.remove(place);
    Some(list.to_string())
}

/// Whether a row's name or id fits; a key pair's row is an object around another.
fn fits(row: &Value, named: &Pattern) -> bool {
    let inner = row.as_object().filter(|row| row.len() == 1).and_then(|row| row.values().next());
    let row = inner.filter(|inner| inner.is_object()).unwrap_or(row);
    let has = |name: &str| row[name].as_str().is_some_and(|text| named.fits(text));
    named.text() == "*" || has("name") || has("id")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_lacks_the_first_that_fits() {
        let servers = json!({ "servers_links": [1], "servers": [
            { "id": "1", "name": "web" }, { "id": "2", "name": "db" },
        ] });
        let left = |list: &Value, named: &str| {
            let text = shorter(list.clone(), &Pattern::new(named).unwrap());
            text.map(|text| serde_json::from_str::<Value>(&text).unwrap())
        };
        assert_eq!(left(&servers, "*").unwrap()["servers"], json!([{ "id": "2", "name": "db" }]));
        assert_eq!(left(&servers, "d*").unwrap()["servers"], json!([{ "id": "1", "name": "web" }]));
        assert_eq!(left(&servers, "2").unwrap()["servers_links"], json!([1]));
        assert_eq!(left(&servers, "x"), None);
        let keys = json!({ "keypairs": [{ "keypair": { "name": "a" } }] });
        assert_eq!(left(&keys, "a").unwrap(), json!({ "keypairs": [] }));
        assert_eq!(left(&json!({ "server": { "id": "1" } }), "*"), None);
    }
}
