//! Scripts and styles. They lie in a folder that is called by a digest of them all, so a browser keeps each
//! for good, and asks for another when one has changed.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use sha2::{Digest as _, Sha256};

/// Bytes of a digest in a path.
const DIGEST_BYTES: usize = 8;

/// A file, and what kind it is.
struct Asset {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
}

macro_rules! assets {
    ($( $path:literal, $kind:expr; )*) => {
        &[ $( Asset {
            name: $path,
            kind: $kind,
            text: include_str!(concat!("../assets/", $path)),
        }, )* ]
    };
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const PICTURE: &str = "image/svg+xml";

static ASSETS: &[Asset] = assets! {
    "console.css", STYLE;
    "console.js", SCRIPT;
    "charts.js", SCRIPT;
    "figures.js", SCRIPT;
    "follow.js", SCRIPT;
    "log.js", SCRIPT;
    "stream.js", SCRIPT;
    "icon.svg", PICTURE;
    "uplot/uPlot.iife.min.js", SCRIPT;
    "uplot/uPlot.min.css", STYLE;
};

/// The folder's name. Modules name each other by relative paths, so it is one for all.
static FOLDER: LazyLock<String> = LazyLock::new(|| {
    let mut digest = Sha256::new();
    for asset in ASSETS {
        digest.update(asset.name);
        digest.update(asset.text);
    }
    let digest: Vec<String> = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    digest[..DIGEST_BYTES].concat()
});

/// Where a file lies.
pub(crate) fn path(name: &str) -> String {
    format!("/console/assets/{}/{name}", *FOLDER)
}

/// The file that lies there.
pub(crate) fn answer(folder: &str, name: &str) -> Response {
    let found = ASSETS.iter().find(|asset| asset.name == name && folder == *FOLDER);
    let Some(asset) = found else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [
        (header::CONTENT_TYPE, asset.kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, asset.text).into_response()
}
