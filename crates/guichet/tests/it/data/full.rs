//! A disk that is full: a small file system of its own.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use nix::sys::signal::Signal;
use serde_json::json;

use super::cloud::{Client, Cloud, id, refused};
use super::wire::Answer;
use super::{eventually, is_refused, is_sound};
use crate::support::{Place, flag};

/// Bytes that are in the way until they are taken away.
const BALLAST: usize = 3 << 20;
/// What each server carries.
const LOAD: usize = 60_000;

/// A file system of 5 MiB with a ballast in it.
struct Small {
    _place: Place,
    root: PathBuf,
}

impl Small {
    /// `None` where this process may not make one.
    fn new() -> Option<Self> {
        let place = Place::new();
        let root = place.path("small");
        fs::create_dir(&root).expect("made");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=5m", "tmpfs", flag(&root)]);
        let made = mount.stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !made.is_ok_and(|status| status.success()) {
            println!("skipped: this user may not mount a small file system to fill");
            return None;
        }
        let small = Self { _place: place, root };
        fs::write(small.ballast(), vec![0; BALLAST]).expect("there is room");
        Some(small)
    }

    fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    fn ballast(&self) -> PathBuf {
        self.root.join("ballast")
    }

    fn make_room(&self) {
        fs::remove_file(self.ballast()).expect("it is there");
    }

    /// A service whose log is elsewhere: what it says takes no room.
    fn start(&self, more: &[&str]) -> Cloud {
        let log = self.root.with_extension("log");
        Cloud::of(super::cloud::serve(&self.data(), more), &log)
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        // Whatever is still open in it goes on to its end.
        let _ = Command::new("umount").args(["-l", flag(&self.root)]).status();
    }
}

/// An answer that may take its time.
type Waiting = Receiver<Option<Answer>>;

fn ask_apart(client: &Client, key: &str) -> Waiting {
    let (sender, receiver) = sync_channel(1);
    let (client, key) = (client.clone(), key.to_owned());
    std::thread::spawn(move || {
        // A test that has failed does not wait for it.
        let _ = sender.send(client.ask_for(&key, Some(&key), LOAD));
    });
    receiver
}

/// What creating until nothing more is taken came to.
struct Filled {
    /// Keys and ids of what was acknowledged.
    taken: Vec<(String, String)>,
    /// What is waiting: its key, and where its answer comes.
    waiting: Vec<(String, Waiting)>,
    /// Why nothing more is taken.
    message: String,
}

fn fill(client: &Client) -> Filled {
    let (mut taken, mut waiting) = (Vec::new(), Vec::new());
    for n in 0..1_000 {
        let key = format!("server-{n}");
        let answer = ask_apart(client, &key);
        match answer.recv_timeout(Duration::from_secs(1)) {
            Ok(answer) => match answer.expect("it answers or waits") {
                answer if answer.status == 202 => taken.push((key, id(&answer))),
                answer => return Filled { taken, waiting, message: answer.come_back() },
            },
            Err(RecvTimeoutError::Timeout) => waiting.push((key, answer)),
            Err(RecvTimeoutError::Disconnected) => panic!("{key}: nobody asked"),
        }
    }
    panic!("5 MiB hold {} servers of 60 kB", taken.len());
}

#[test]
fn a_full_disk_refuses_writes_until_there_is_room() {
    let Some(small) = Small::new() else { return };
    let cloud = small.start(&["--profile", "instant"]);
    let client = &cloud.client;
    let Filled { mut taken, waiting, message } = fill(client);
    assert!(message.contains("full") && message.contains("Nothing was changed"), "{message}");
    // Perhaps nobody waits: what found no room was the end of an operation.
    assert!(taken.len() > 2, "{} taken", taken.len());
    // Nothing that writes is taken, whatever it is; whoever looks is served.
    let (_, first) = &taken[0];
    client.act(first, &json!({ "reboot": { "type": "SOFT" } })).come_back();
    let path = format!("/compute/v2.1/servers/{first}/metadata");
    client.post(&path, &json!({ "metadata": { "a": "b" } })).come_back();
    client.log_in().expect("an answer").come_back();
    assert_eq!(client.show(first).status, 200);
    let shown = client.servers();
    assert!(taken.iter().all(|(_, id)| shown.contains_key(id)), "{shown:?}");
    assert!(waiting.iter().all(|(key, _)| !shown.values().any(|name| name == key)));
    let ready = client.get("/readyz");
    assert_eq!(ready.status, 503, "{ready:?}");
    assert!(ready.body["reason"].as_str().expect("why").contains("its disk is full"), "{ready:?}");
    assert_eq!(client.get("/healthz").status, 200, "it lives");
    eventually("it says so", || cloud.logged().contains("the disk is full").then_some(()));

    small.make_room();
    for (key, answer) in waiting {
        let answer = answer.recv_timeout(Duration::from_secs(30)).expect("it is answered");
        taken.push((key, id(&answer.expect("an answer"))));
    }
    let more = eventually("it takes more", || {
        let answer = client.ask_for("more", Some("more"), 0).expect("an answer");
        (answer.status == 202).then(|| id(&answer))
    });
    client.becomes(&more, "ACTIVE");
    assert_eq!(client.get("/readyz").status, 200);
    let log = cloud.logged();
    assert_eq!(log.matches("the disk is full").count(), 1, "said once: {log}");
    assert!(log.contains("written again"), "{log}");
    for (key, first) in &taken {
        let again = client.ask_for(key, Some(key), LOAD).expect("an answer");
        assert_eq!(&id(&again), first, "{key}");
    }
    let servers = client.servers();
    assert_eq!(servers.len(), taken.len() + 1);
    cloud.kill();
    is_sound(&small.data());
    let cloud = small.start(&[]);
    assert_eq!(cloud.client.servers(), servers);
}

/// Whoever waits hears 503 when the service stops, and has nothing; the stop takes no longer.
#[test]
fn a_service_on_a_full_disk_can_be_stopped() {
    let Some(small) = Small::new() else { return };
    let cloud = small.start(&["--profile", "instant", "--drain", "500ms"]);
    let Filled { taken, waiting, .. } = fill(&cloud.client);
    cloud.tell(Signal::SIGTERM);
    let mut unanswered = Vec::new();
    for (key, answer) in waiting {
        let answer = answer.recv_timeout(Duration::from_secs(20)).expect("it is told at the stop");
        answer.expect("an answer").come_back();
        unanswered.push(key);
    }
    let (code, log) = cloud.end();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("could not be written"), "{log}");
    small.make_room();
    let cloud = small.start(&["--profile", "instant"]);
    let servers = cloud.client.servers();
    assert_eq!(servers.len(), taken.len());
    assert!(taken.iter().all(|(_, id)| servers.contains_key(id)));
    for key in unanswered {
        let first = id(&cloud.client.ask_for(&key, Some(&key), LOAD).expect("an answer"));
        assert_eq!(id(&cloud.client.ask_for(&key, Some(&key), LOAD).expect("again")), first);
    }
}

#[test]
fn a_start_on_a_full_disk_says_what_to_do() {
    let Some(small) = Small::new() else { return };
    let cloud = small.start(&["--profile", "instant"]);
    let Filled { taken, .. } = fill(&cloud.client);
    cloud.kill();
    is_sound(&small.data());
    // What little room is left goes too.
    let rest = small.root.join("rest");
    let mut bytes = 1 << 20;
    while bytes > 0 {
        let mut file = fs::OpenOptions::new().create(true).append(true).open(&rest).expect("opens");
        if std::io::Write::write_all(&mut file, &vec![0; bytes]).is_err() {
            bytes /= 2;
        }
    }
    let ran = refused(&small.root.join("new"), &[]);
    is_refused(&ran, &["error: --data: ", "is full", "make room and start again"]);
    small.make_room();
    let cloud = small.start(&["--profile", "instant"]);
    let servers = cloud.client.servers();
    assert!(taken.iter().all(|(_, id)| servers.contains_key(id)));
    cloud.stop();
    is_sound(&small.data());
}
