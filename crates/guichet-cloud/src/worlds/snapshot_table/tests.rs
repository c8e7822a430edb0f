use super::*;
use crate::config::Declared;

fn held(rows: usize, kib: usize) -> Held {
    let semaphore = |permits| Arc::new(Semaphore::new(permits));
    Held { rows: semaphore(rows), kib: semaphore(kib), ..Held::default() }
}

/// A snapshot of one server with so many letters of user data.
fn snapshot(letters: usize) -> Snapshot {
    let text = format!(
        r#"{{"format":"guichet-snapshot","version":1,"servers":[
            {{"name":"a","flavor":"m1.tiny","image":"cirros","user_data":"{}"}}]}}"#,
        "a".repeat(letters)
    );
    let at = guichet_core::time::VIRTUAL_START;
    Snapshot::read(text.as_bytes(), &Declared::dev(), at, 1).expect("a document")
}

#[test]
fn snapshots_are_charged_for_what_servers_carry() {
    let held = held(10, 24);
    let first = held.counted(snapshot(16 * KIB)).expect("there is room for one");
    let refused = held.counted(snapshot(16 * KIB));
    assert!(
        matches!(refused, Err(WorldError::SnapshotsHeavy { found_kib: 17, most_kib: _ })),
        "{refused:?}"
    );
    // What was not taken in holds nothing.
    assert_eq!((held.rows.available_permits(), held.kib.available_permits()), (9, 7));
    drop(first);
    assert_eq!((held.rows.available_permits(), held.kib.available_permits()), (10, 24));
    held.counted(snapshot(16 * KIB)).expect("there is room again");
}
