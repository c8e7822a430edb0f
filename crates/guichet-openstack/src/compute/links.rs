//! Links of Compute's things (Compute API guide, "Links and References").

use guichet_http::links::Base;
use guichet_http::query::Params;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

/// What need not be written as `%XX` in a part of a path (RFC 3986, section 3.3).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The link to fetch a thing by, such as `…/compute/v2.1/flavors/1`.
pub fn own(base: &Base, collection: &str, id: &str) -> String {
    let id = utf8_percent_encode(id, ESCAPED);
    base.link(&format!("/compute/v2.1/{collection}/{id}"))
}

/// The link that names a thing for good, without a version.
pub fn bookmark(base: &Base, collection: &str, id: &str) -> String {
    let id = utf8_percent_encode(id, ESCAPED);
    base.link(&format!("/compute/{collection}/{id}"))
}

/// Both.
pub fn both(base: &Base, collection: &str, id: &str) -> Value {
    json!([
        { "rel": "self", "href": own(base, collection, id) },
        { "rel": "bookmark", "href": bookmark(base, collection, id) },
    ])
}

/// The link to a list with this query.
pub fn list(base: &Base, path: &str, query: &Params) -> String {
    base.link(&format!("/compute/v2.1/{path}?{query}"))
}
