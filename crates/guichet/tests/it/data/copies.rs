//! Backups of a service at work, and what is made of them.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rusqlite::Connection;

use super::cloud::{Cloud, id};
use super::{eventually, is_refused, is_sound, ran, verify};
use crate::support::{Place, flag, guichet};

#[test]
fn a_backup_under_load_is_of_one_instant() {
    let place = Place::new();
    let dir = place.path("data");
    let cloud = Cloud::start(&dir, &["--profile", "instant"]);
    let before: Vec<String> = (0..5).map(|n| cloud.client.create(&format!("early-{n}"))).collect();
    let (stop, answers) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let clients: Vec<_> = (0..3)
        .map(|number| {
            let client = cloud.client.clone();
            let (stop, answers) = (Arc::clone(&stop), Arc::clone(&answers));
            std::thread::spawn(move || {
                let mut n = 0;
                while !stop.load(Ordering::Relaxed) {
                    n += 1;
                    let key = format!("{number}-{n}");
                    let server = id(&client.ask_for(&key, Some(&key), 2_000).expect("an answer"));
                    if n % 3 == 0 {
                        assert_eq!(client.delete(&server).status, 204);
                    }
                    answers.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    eventually("it is at work", || (answers.load(Ordering::Relaxed) > 20).then_some(()));
    for n in 0..3 {
        let copy = place.path(&format!("copy-{n}"));
        let flags = ["--data", flag(&dir), flag(&copy)];
        let made = ran(guichet("backup", &flags));
        assert_eq!(made.code, Some(0), "{made:#?}");
        assert!(made.out.contains("checked") && made.out.contains(flag(&copy)), "{made:#?}");
        is_refused(&ran(guichet("backup", &flags)), &["is there already", "name another place"]);
        let at = answers.load(Ordering::Relaxed);
        eventually("it goes on", || (answers.load(Ordering::Relaxed) > at).then_some(()));
    }
    stop.store(true, Ordering::Relaxed);
    clients.into_iter().for_each(|client| client.join().expect("no panic"));
    let token = cloud.client.token.clone();
    cloud.kill();
    for n in 0..3 {
        let (copy, fresh) = (place.path(&format!("copy-{n}")), place.path(&format!("fresh-{n}")));
        let flags = ["--data", flag(&fresh), flag(&copy)];
        let made = ran(guichet("restore", &flags));
        assert_eq!(made.code, Some(0), "{made:#?}");
        is_sound(&fresh);
        let again = ran(guichet("restore", &flags));
        is_refused(&again, &["is there already", "name another place"]);
        let restored = Cloud::start(&fresh, &["--profile", "instant"]);
        let mut client = restored.client.clone();
        client.token.clone_from(&token);
        let servers = client.servers();
        assert!(before.iter().all(|server| servers.contains_key(server)), "{servers:?}");
        client.becomes(&client.create("after"), "ACTIVE");
        restored.stop();
        is_sound(&fresh);
    }
}

#[test]
fn what_is_no_backup_is_not_restored() {
    let place = Place::new();
    let fresh = place.path("fresh");
    let text = place.file("text", b"no backup at all");
    let missing = place.path("missing");
    for (from, word) in [(&text, "restore another one"), (&missing, "is not there")] {
        let made = ran(guichet("restore", &["--data", flag(&fresh), flag(from)]));
        is_refused(&made, &["error: restore: ", flag(from), word]);
        assert!(!fresh.exists(), "it leaves no trace");
    }
    let made = ran(guichet("backup", &["--data", flag(&fresh), flag(&missing)]));
    is_refused(&made, &["error: backup: ", "is not there"]);
    assert!(!missing.exists());
}

#[test]
fn a_row_that_cannot_be_is_named() {
    let place = Place::new();
    let dir = place.path("data");
    let cloud = Cloud::start(&dir, &["--profile", "instant"]);
    for name in ["a", "b"] {
        let server = cloud.client.create(name);
        cloud.client.becomes(&server, "ACTIVE");
    }
    cloud.stop();
    let file = dir.join("guichet.db");
    let whole = fs::read(&file).expect("read");
    for (break_it, named) in [
        (
            "UPDATE server SET vm_state = 'singing' WHERE id = 2",
            "table server, row 2, column vm_state",
        ),
        ("UPDATE server SET project = 77 WHERE id = 1", "there is no project 77"),
        (
            "UPDATE project SET cores = cores + 1 WHERE instances > 0",
            "project demo: 2 instances, 3 cores, 1024 MiB are written, its servers sum to 2 \
             instances, 2 cores, 1024 MiB",
        ),
        ("DELETE FROM operation WHERE server = 1", "of its operations 1 to 1"),
        ("UPDATE server SET name = zeroblob(4) WHERE id = 1", "constraint"),
    ] {
        fs::write(&file, &whole).expect("written");
        let database = Connection::open(&file).expect("a database");
        if let Err(error) = database.execute_batch(break_it) {
            // Strict tables keep some of it out.
            assert!(error.to_string().contains("cannot store"), "{break_it}: {error}");
            continue;
        }
        drop(database);
        let found = verify(&dir);
        assert_eq!(found.code, Some(1), "{break_it}: {found:#?}");
        assert!(found.out.contains(named), "{break_it}: {found:#?}");
    }
}
