//! The document of the API is the one in `docs/`.

use std::path::Path;

use guichet_control::document;
use http::Method;

use crate::support::Service;

/// Says that the file is to be written.
const SWITCH: &str = "GUICHET_DOCS";

#[tokio::test]
async fn the_file_is_what_the_handlers_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/control-api.json");
    let made = format!("{}\n", document().to_pretty_json().unwrap());
    if std::env::var(SWITCH).is_ok_and(|value| value == "overwrite") {
        std::fs::write(&path, &made).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap();
    assert!(
        found == made,
        "docs/control-api.json is old; {SWITCH}=overwrite cargo test -p guichet-control writes it"
    );
    let service = Service::open(0);
    let served = service.steer(Method::GET, "openapi.json", None, None).await;
    assert_eq!(served.code(), 200);
    assert_eq!(served.body, serde_json::from_str::<serde_json::Value>(&made).unwrap());
    assert_eq!(served.body["openapi"], "3.1.0");
}
