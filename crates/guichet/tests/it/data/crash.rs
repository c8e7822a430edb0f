//! kill -9: whatever was acknowledged is there.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::json;

use super::cloud::{Cloud, id};
use super::{eventually, is_sound, verify};
use crate::support::Place;

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let place = Place::new();
    let dir = place.path("data");
    let cloud = Cloud::start(&dir, &[]);
    assert!(cloud.held.contains(": 0 servers there"), "{}", cloud.held);
    let client = cloud.client.clone();
    let more = json!({ "name": "web", "networks": "auto", "metadata": { "role": "front" } });
    let web = id(&client.ask_with(more, Some("first"), 0).expect("an answer"));
    let (database, gone) = (client.create("db"), client.create("gone"));
    for server in [&web, &database, &gone] {
        client.becomes(server, "ACTIVE");
    }
    assert_eq!(client.act(&database, &json!({ "os-stop": null })).status, 202);
    client.becomes(&database, "SHUTOFF");
    assert_eq!(client.delete(&gone).status, 204);
    client.goes(&gone);
    let path = format!("/compute/v2.1/servers/{web}/metadata");
    assert_eq!(client.post(&path, &json!({ "metadata": { "shelf": "7" } })).status, 200);
    let (shown, actions) = (client.show(&web).body, client.actions(&database));
    cloud.kill();
    // Nearly all of it is in the log beside the file, and is counted too.
    let length = |file| std::fs::metadata(dir.join(file)).expect("it is there").len();
    let bytes = length("guichet.db") + length("guichet.db-wal");
    let said = verify(&dir).out;
    assert!(said.contains(&format!(" {bytes} bytes,")), "{said}");

    let cloud = Cloud::start(&dir, &[]);
    assert!(cloud.held.contains(": 2 servers there, 0 operations to go on with"), "{}", cloud.held);
    let mut again = cloud.client.clone();
    // The token of before.
    again.token.clone_from(&client.token);
    assert_eq!(again.show(&web).body, shown);
    assert_eq!(shown["server"]["metadata"], json!({ "role": "front", "shelf": "7" }));
    assert_eq!(again.show(&database).body["server"]["status"], "SHUTOFF");
    assert_eq!(again.show(&gone).status, 404);
    assert_eq!(again.actions(&database), actions);
    let done = |action: &str| (action.to_owned(), "Success".to_owned());
    assert_eq!(actions, [done("create"), done("stop")]);
    assert_eq!(again.actions(&gone), [done("create"), done("delete")]);
    let more = json!({ "name": "web", "networks": "auto", "metadata": { "role": "front" } });
    assert_eq!(id(&again.ask_with(more, Some("first"), 0).expect("an answer")), web);
    // And it goes on: an address of its own, actions on what was there before.
    let next = id(&again
        .ask_with(json!({ "name": "next", "networks": "auto" }), None, 0)
        .expect("an answer"));
    again.becomes(&next, "ACTIVE");
    let address = |server: &str| again.show(server).body["server"]["addresses"].clone();
    assert_ne!(address(&next), address(&web));
    assert_eq!(again.act(&database, &json!({ "os-start": null })).status, 202);
    again.becomes(&database, "ACTIVE");
    cloud.stop();
    is_sound(&dir);
}

/// Clients create and delete until the service is killed under them, three times over.
#[test]
fn a_kill_under_load_loses_nothing_that_was_acknowledged() {
    let place = Place::new();
    let dir = place.path("data");
    let acknowledged: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    // What was asked to go, and whether the answer came.
    let deleted: Arc<Mutex<BTreeMap<String, bool>>> = Arc::default();
    for round in 0..3 {
        let cloud = Cloud::start(&dir, &[]);
        let answers = Arc::new(AtomicUsize::new(0));
        let clients: Vec<_> = (0..4)
            .map(|number| {
                let client = cloud.client.clone();
                let (acknowledged, deleted) = (Arc::clone(&acknowledged), Arc::clone(&deleted));
                let answers = Arc::clone(&answers);
                std::thread::spawn(move || {
                    for n in 0.. {
                        let key = format!("{round}-{number}-{n}");
                        let Some(answer) = client.ask_for(&key, Some(&key), 200) else {
                            return;
                        };
                        let server = id(&answer);
                        acknowledged.lock().expect("no panic").push((key, server.clone()));
                        answers.fetch_add(1, Ordering::Relaxed);
                        if n % 4 == 3 {
                            let path = format!("/compute/v2.1/servers/{server}");
                            deleted.lock().expect("no panic").insert(server.clone(), false);
                            let Some(answer) = client.ask("DELETE", &path, None, None) else {
                                return;
                            };
                            assert_eq!(answer.status, 204, "{answer:?}");
                            deleted.lock().expect("no panic").insert(server, true);
                        }
                    }
                })
            })
            .collect();
        eventually("many are answered", || (answers.load(Ordering::Relaxed) > 150).then_some(()));
        cloud.kill();
        clients.into_iter().for_each(|client| client.join().expect("no panic"));
        is_sound(&dir);
    }
    let cloud = Cloud::start(&dir, &[]);
    let client = &cloud.client;
    let deleted = deleted.lock().expect("no panic");
    for (server, _) in deleted.iter().filter(|(_, is_told)| **is_told) {
        client.goes(server);
    }
    for server in client.servers().keys() {
        // A delete that nobody was told of may take it.
        eventually("at rest", || {
            let shown = client.show(server);
            (shown.status == 404 || shown.body["server"]["status"] == "ACTIVE").then_some(())
        });
    }
    let servers = client.servers();
    for (key, server) in &*acknowledged.lock().expect("no panic") {
        if !deleted.contains_key(server) {
            assert!(servers.contains_key(server), "{key}: {server}");
        }
        assert_eq!(&id(&client.ask_for(key, Some(key), 200).expect("an answer")), server);
    }
    assert_eq!(client.servers().len(), servers.len(), "a repeat makes no server");
    cloud.stop();
    is_sound(&dir);
}
