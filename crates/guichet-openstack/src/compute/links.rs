//! Links of Compute's things (Compute API guide, "Links and References").

use guichet_core::ids::ServerId;
use guichet_http::links::Base;
use guichet_http::query::Params;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

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

/// Writes the two links of a server: with its version in it, and without. `base` is what links begin with, as
/// it stands in a JSON text.
pub fn put_of_server(out: &mut Vec<u8>, base: &str, server: ServerId) {
    let mut id = [0; Hyphenated::LENGTH];
    let id: &str = server.0.hyphenated().encode_lower(&mut id);
    put(
        out,
        &[
            r#"[{"rel":"self","href":""#,
            base,
            "/compute/v2.1/servers/",
            id,
            r#""},{"rel":"bookmark","href":""#,
            base,
            "/compute/servers/",
            id,
            r#""}]"#,
        ],
    );
}

/// Writes the image that a server was made from: its id, and the link that names it.
pub fn put_image(out: &mut Vec<u8>, base: &str, image: Uuid) {
    let mut id = [0; Hyphenated::LENGTH];
    let id: &str = image.hyphenated().encode_lower(&mut id);
    let link = r#"","links":[{"rel":"bookmark","href":""#;
    put(out, &[r#"{"id":""#, id, link, base, "/compute/images/", id, r#""}]}"#]);
}

fn put(out: &mut Vec<u8>, pieces: &[&str]) {
    pieces.iter().for_each(|piece| out.extend_from_slice(piece.as_bytes()));
}
