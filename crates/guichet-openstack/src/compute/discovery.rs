//! Which versions of Compute there are (Compute API reference, "API Versions"). Open to all; a
//! version header is not looked at.

use axum::Json;
use guichet_http::links::Base;
use serde_json::{Value, json};

use crate::http::gate::Context;
use crate::http::routes::Routes;
use crate::http::version::Version;

/// Its routes.
pub fn routes() -> Routes {
    Routes::under("")
        .get("/compute", all)
        .get("/compute/v2", |context: Context| async move { one(&context.base, &OLD) })
        .get("/compute/v2.1", |context: Context| async move { one(&context.base, &CURRENT) })
}

/// A version as it is listed.
struct Listed {
    id: &'static str,
    path: &'static str,
    status: &'static str,
    updated: &'static str,
    /// Without microversions, both are empty.
    has_microversions: bool,
}

/// The API before microversions: nothing is behind it here but its own description, which
/// clients that follow every link fetch.
const OLD: Listed = Listed {
    id: "v2.0",
    path: "/compute/v2/",
    status: "SUPPORTED",
    updated: "2011-01-21T11:33:21Z",
    has_microversions: false,
};

const CURRENT: Listed = Listed {
    id: "v2.1",
    path: "/compute/v2.1/",
    status: "CURRENT",
    updated: "2013-07-23T11:33:21Z",
    has_microversions: true,
};

impl Listed {
    fn shown(&self, base: &Base) -> Value {
        let number = |version: Version| match self.has_microversions {
            true => version.to_string(),
            false => String::new(),
        };
        json!({
            "id": self.id,
            "status": self.status,
            "version": number(Version::MAX),
            "min_version": number(Version::MIN),
            "updated": self.updated,
            "links": [{ "rel": "self", "href": base.link(self.path) }],
        })
    }
}

/// All, the old one first: conformance tests look for it there.
async fn all(context: Context) -> Json<Value> {
    let versions = [&OLD, &CURRENT].map(|version| version.shown(&context.base));
    Json(json!({ "versions": versions }))
}

/// One, with the same self link.
fn one(base: &Base, version: &Listed) -> Json<Value> {
    let mut shown = version.shown(base);
    let number = version.id.trim_start_matches('v').trim_end_matches(".0");
    shown["links"] = json!([
        { "rel": "self", "href": base.link(version.path) },
        { "rel": "describedby", "type": "text/html", "href": "https://docs.openstack.org/api-ref/compute/" },
    ]);
    shown["media-types"] = json!([{
        "base": "application/json",
        "type": format!("application/vnd.openstack.compute+json;version={number}"),
    }]);
    Json(json!({ "version": shown }))
}
