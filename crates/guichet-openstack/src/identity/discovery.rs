//! Which versions there are: what clients ask first, without a token.

use axum::Json;
use guichet_http::links::Base;
use http::StatusCode;
use serde_json::{Value, json};

use crate::http::gate::Context;

fn v3(base: &Base) -> Value {
    json!({
        "id": "v3.14",
        "status": "stable",
        "updated": "2020-04-07T00:00:00Z",
        "links": [{ "rel": "self", "href": base.link("/identity/v3/") }],
        "media-types": [{
            "base": "application/json",
            "type": "application/vnd.openstack.identity-v3+json",
        }],
    })
}

/// `GET /identity`. 300 as Keystone: clients choose.
pub(super) async fn versions(context: Context) -> (StatusCode, Json<Value>) {
    let versions = json!({ "versions": { "values": [v3(&context.base)] } });
    (StatusCode::MULTIPLE_CHOICES, Json(versions))
}

/// `GET /identity/v3`.
pub(super) async fn version(context: Context) -> Json<Value> {
    Json(json!({ "version": v3(&context.base) }))
}
