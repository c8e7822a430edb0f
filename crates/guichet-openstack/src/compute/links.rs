//! Links of Compute's things (Compute API guide, "Links and References").

use std::fmt;

use guichet_core::ids::ServerId;
use guichet_http::links::Base;
use guichet_http::query::Params;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Serialize, Serializer};
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

/// A link, written without a copy of its address.
#[derive(Debug, Serialize)]
pub struct Link<'a, I: fmt::Display> {
    rel: &'static str,
    #[serde(serialize_with = "written")]
    href: Href<'a, I>,
}

impl<'a, I: fmt::Display> Link<'a, I> {
    /// A link to the thing of this id under a path.
    pub const fn new(rel: &'static str, base: &'a Base, path: &'static str, id: I) -> Self {
        Self { rel, href: Href { base, path, id } }
    }
}

#[derive(Debug)]
struct Href<'a, I> {
    base: &'a Base,
    path: &'static str,
    id: I,
}

impl<I: fmt::Display> fmt::Display for Href<'_, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base.0)?;
        f.write_str(self.path)?;
        self.id.fmt(f)
    }
}

/// Whatever can be shown, as a text.
fn written<T: fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// The two links of a server: with its version in it, and without.
pub fn of_server(base: &Base, server: ServerId) -> impl Serialize {
    let link = |rel, path| Link::new(rel, base, path, server.0);
    [link("self", "/compute/v2.1/servers/"), link("bookmark", "/compute/servers/")]
}
