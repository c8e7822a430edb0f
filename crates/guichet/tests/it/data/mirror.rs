//! A client that only ever asks what changed since it last asked knows all there is, however many
//! others change it meanwhile.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use guichet::{Clock, Timestamp, WorldClock};

use super::cloud::{Client, Cloud, id};
use super::eventually;

const CLIENTS: usize = 64;
const LIVES: usize = 12;

/// What a client knows by asking for changes.
struct Mirror<'a> {
    client: &'a Client,
    clock: WorldClock,
    known: BTreeSet<String>,
    /// Before it last asked.
    asked: Option<Timestamp>,
}

impl Mirror<'_> {
    /// Asks for what changed since it last asked.
    fn ask(&mut self) {
        let now = self.clock.now();
        let since = self.asked.replace(now);
        let since = since.map_or_else(String::new, |since| format!("&changes-since={since}"));
        let mut marker = String::new();
        loop {
            let path = format!("/compute/v2.1/servers/detail?limit=200{since}{marker}");
            let answer = self.client.get(&path);
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
            let page = answer.body["servers"].as_array().expect("a list").clone();
            for server in &page {
                let id = server["id"].as_str().expect("an id").to_owned();
                if server["status"] == "DELETED" {
                    self.known.remove(&id);
                } else {
                    self.known.insert(id);
                }
            }
            match page.last() {
                Some(last) if page.len() == 200 => {
                    marker = format!("&marker={}", last["id"].as_str().expect("an id"));
                }
                _ => return,
            }
        }
    }
}

#[test]
fn who_asks_for_changes_misses_none_of_sixty_four_clients() {
    let folder = tempfile::tempdir().expect("a directory");
    let cloud = Cloud::start(&folder.path().join("data"), &["--profile", "instant"]);
    let client = &cloud.client;
    let mut mirror =
        Mirror { client, clock: WorldClock::real(), known: BTreeSet::new(), asked: None };
    let running = AtomicUsize::new(CLIENTS);
    thread::scope(|scope| {
        for number in 0..CLIENTS {
            let running = &running;
            scope.spawn(move || {
                for life in 0..LIVES {
                    let made = client.ask_for(&format!("{number}-{life}"), None, 0);
                    let made = id(&made.expect("an answer"));
                    // One in four stays.
                    if life % 4 != 0 {
                        assert_eq!(client.delete(&made).status, 204);
                    }
                }
                running.fetch_sub(1, Ordering::Release);
            });
        }
        while running.load(Ordering::Acquire) > 0 {
            mirror.ask();
        }
    });
    let stay = CLIENTS * LIVES / 4;
    let there = eventually("every delete is done", || {
        mirror.ask();
        let there: BTreeSet<String> = client.servers().into_keys().collect();
        (there.len() == stay).then_some(there)
    });
    mirror.ask();
    assert_eq!(mirror.known.symmetric_difference(&there).count(), 0, "{} there", there.len());
    cloud.stop();
}
