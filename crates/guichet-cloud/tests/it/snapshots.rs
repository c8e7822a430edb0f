//! Documents: what is read and written is the same, whatever it is.

use guichet_cloud::config::Declared;
use guichet_cloud::snapshot::{Snapshot, TooLong};
use guichet_core::limits;
use guichet_core::time::VIRTUAL_START;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};

/// The same cases every time.
fn config() -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
        config.cases = 200;
    }
    config
}

/// A field that may be left out.
fn maybe(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Option<Value>> {
    proptest::option::of(value)
}

fn text() -> impl Strategy<Value = Value> {
    "[a-zé\"\\\\ ]{1,12}".prop_map(Value::from)
}

fn one_of(values: Vec<Value>) -> impl Strategy<Value = Value> {
    proptest::sample::select(values)
}

/// What a server in a stable state may say of itself.
fn server() -> impl Strategy<Value = Value> {
    let states = ["active", "stopped", "paused", "suspended", "error", "rescued", "deleted"];
    let state = maybe(one_of(states.iter().map(|it| json!(it)).collect()));
    let operation = json!({ "action": "create" });
    let done = json!([{ "action": "create", "state": "failed", "failure": "driver" }]);
    let details = (
        maybe(text()),
        maybe(
            proptest::collection::btree_map("[a-z]{1,4}", "[a-z]{0,4}", 0..4)
                .prop_map(|it| json!(it)),
        ),
        maybe(one_of(vec![json!(["b", "a"]), json!([])])),
        maybe(one_of(vec![json!({ "by_admin": true, "reason": "so" }), json!({})])),
        maybe(one_of(vec![json!(["private"]), json!([])])),
    );
    let fields = (
        "[a-zé\"\\\\]([a-zé\"\\\\ ]{0,10}[a-z])?".prop_map(Value::from),
        state,
        maybe(one_of(vec![operation])),
        maybe(one_of(vec![done])),
        maybe(one_of(vec![json!("host-0003"), Value::Null])),
        maybe(one_of(vec![json!("2025-01-01T00:00:00Z"), json!("2025-06-01T01:02:03.000004Z")])),
        details,
    );
    fields.prop_map(|(name, state, operation, finished, host, created, details)| {
        let (description, metadata, tags, lock, networks) = details;
        let mut row = Map::new();
        row.insert("name".into(), name);
        row.insert("flavor".into(), "m1.tiny".into());
        row.insert("image".into(), "cirros".into());
        // What is under way is under way to a server that is being made.
        let (state, operation) = if state.is_some() { (state, None) } else { (None, operation) };
        let fields = [
            ("vm_state", state),
            ("operation", operation),
            ("finished", finished),
            ("host", host),
            ("created", created),
            ("description", description),
            ("metadata", metadata),
            ("tags", tags),
            ("lock", lock),
            ("networks", networks),
        ];
        for (name, value) in fields {
            row.extend(value.map(|value| (name.to_owned(), value)));
        }
        Value::Object(row)
    })
}

fn document() -> impl Strategy<Value = Value> {
    let time = json!({ "now": "2026-01-01T00:00:00Z", "speed": 0.5 });
    let servers = proptest::collection::vec(server(), 0..12);
    (servers, maybe(one_of(vec![time])), maybe(any::<u64>().prop_map(Value::from))).prop_map(
        |(servers, time, seed)| {
            let mut document =
                json!({ "format": "guichet-snapshot", "version": 1, "servers": servers });
            for (name, value) in [("time", time), ("seed", seed)] {
                if let Some(value) = value {
                    document[name] = value;
                }
            }
            document
        },
    )
}

fn read(text: &str) -> Snapshot {
    let read = Snapshot::read(text.as_bytes(), &Declared::dev(), VIRTUAL_START, 7);
    read.unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn written(snapshot: &Snapshot) -> String {
    snapshot.document(&Declared::dev(), limits::SNAPSHOT_DOCUMENT_MAX).unwrap()
}

#[test]
fn a_document_is_written_as_far_as_it_fits() {
    let row =
        |name: usize| json!({ "name": name.to_string(), "flavor": "m1.tiny", "image": "cirros" });
    let servers: Vec<Value> = (0..100).map(row).collect();
    let document = json!({ "format": "guichet-snapshot", "version": 1, "servers": servers });
    let snapshot = read(&document.to_string());
    let whole = written(&snapshot);
    let bounded = |most| snapshot.document(&Declared::dev(), most);
    assert_eq!(bounded(whole.len()), Ok(whole.clone()));
    // What comes behind the servers counts too.
    assert_eq!(bounded(whole.len() - 1), Err(TooLong { servers: 100, of: 100 }));
    let fit = whole.find("\"name\":\"42\"").unwrap();
    assert_eq!(bounded(fit), Err(TooLong { servers: 42, of: 100 }));
    assert_eq!(bounded(0), Err(TooLong { servers: 0, of: 100 }));
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_document_that_was_read_is_written_as_it_is_read_again(document in document()) {
        let first = read(&document.to_string());
        let text = written(&first);
        let again = read(&text);
        prop_assert_eq!(first.counts(), again.counts());
        prop_assert_eq!(text, written(&again));
    }

    /// Whatever is sent: it is read, or what is wrong with it is said.
    #[test]
    fn no_text_is_too_strange(document in document(), at in any::<prop::sample::Index>(), with in "[\\[\\]{}:,0-9a-z\"-]{0,6}") {
        let mut text = document.to_string();
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        text.insert_str(places[at.index(places.len())], &with);
        if let Err(error) = Snapshot::read(text.as_bytes(), &Declared::dev(), VIRTUAL_START, 7) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
