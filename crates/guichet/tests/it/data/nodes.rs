//! Several processes over one database: one leads, and another one goes on.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use guichet_scratch::Server;
use nix::sys::signal::Signal;

use super::cloud::{Cloud, id, refused, serve};
use super::wire::{self, Answer};
use super::{eventually, is_refused, is_sound};
use crate::support::{Place, flag, guichet};

/// A database, as `--data` names it.
fn database(server: &Server) -> PathBuf {
    PathBuf::from(server.database().expect("a database"))
}

/// A leader.
fn leader(place: &Place, data: &Path) -> Cloud {
    Cloud::of(serve(data, &[]), &place.path("leader.log"))
}

/// A node that does not lead yet. Dropped, it is killed.
struct Follower {
    child: Child,
    address: String,
}

impl Follower {
    /// Starts one, and waits until it says who leads.
    fn start(data: &Path, leader: &Cloud) -> Self {
        // A port that nobody had a moment ago.
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = free.local_addr().expect("an address").to_string();
        drop(free);
        let flags = ["--dev", "--quota", "unlimited", "--profile", "fast"];
        let mut command = guichet("serve", &[&flags[..], &["--listen", &address]].concat());
        command.args(["--data", flag(data)]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
        let follower = Self { child, address };
        let leads = format!("http://{}", leader.client.address);
        eventually("it follows", || {
            let ready = follower.ready()?;
            (ready.status == 503 && ready.body["leader"]["address"] == *leads).then_some(())
        });
        follower
    }

    fn ready(&self) -> Option<Answer> {
        ready(&self.address)
    }

    fn leads(&self) {
        eventually("it leads", || (self.ready()?.status == 200).then_some(()));
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ready(address: &str) -> Option<Answer> {
    wire::ask(address, "GET", "/readyz", &[], None)
}

#[test]
fn who_follows_goes_on_where_the_leader_was_killed() {
    let Some(server) = Server::start("who_follows_goes_on_where_the_leader_was_killed") else {
        return;
    };
    let (place, data) = (Place::new(), database(&server));
    let first = leader(&place, &data);
    let second = Follower::start(&data, &first);
    let mut client = first.client.clone();
    let mut acknowledged = Vec::new();
    for n in 0..30 {
        let key = format!("key-{n}");
        acknowledged.push((id(&client.ask_for(&key, Some(&key), 0).expect("an answer")), key));
    }
    // Whoever follows takes nothing, and says who does.
    let mut other = client.clone();
    other.address.clone_from(&second.address);
    let answer = other.ask_for("stray", None, 0).expect("an answer");
    assert!(answer.come_back().contains(&client.address), "{answer:?}");
    let has_read = || (second.ready()?.body["read_ahead"] == true).then_some(());
    eventually("it has read ahead", has_read);
    first.kill();
    second.leads();
    // The token of before, the servers of before, and the answers of before.
    client.address.clone_from(&second.address);
    assert_eq!(client.servers().len(), acknowledged.len());
    for (server, key) in &acknowledged {
        assert_eq!(&id(&client.ask_for(key, Some(key), 0).expect("an answer")), server);
        client.becomes(server, "ACTIVE");
        assert_eq!(client.actions(server), [("create".to_owned(), "Success".to_owned())]);
    }
    assert_eq!(client.servers().len(), acknowledged.len(), "a repeat makes no server");
    is_sound(&data);
}

/// A leader that is stopped for longer than a takeover: whatever it was asked before and while it
/// slept, it says nothing that is not so any more; and then it follows.
#[test]
fn a_leader_that_wakes_up_replaced_says_nothing_false() {
    let Some(server) = Server::start("a_leader_that_wakes_up_replaced_says_nothing_false") else {
        return;
    };
    let (place, data) = (Place::new(), database(&server));
    let first = leader(&place, &data);
    let second = Follower::start(&data, &first);
    let client = first.client.clone();
    let (stays, goes) = (client.create("stays"), client.create("goes"));
    client.becomes(&stays, "ACTIVE");
    client.becomes(&goes, "ACTIVE");
    first.tell(Signal::SIGSTOP);
    std::thread::scope(|scope| {
        let read =
            scope.spawn(|| client.ask("GET", &format!("/compute/v2.1/servers/{goes}"), None, None));
        let list = scope.spawn(|| client.ask("GET", "/compute/v2.1/servers", None, None));
        let write = scope.spawn(|| client.ask_for("late", Some("late"), 0));
        second.leads();
        let mut there = client.clone();
        there.address.clone_from(&second.address);
        assert_eq!(there.delete(&goes).status, 204);
        there.goes(&goes);
        first.tell(Signal::SIGCONT);
        // What was sent to it while it slept is answered after the takeover, if at all.
        for (what, asked) in [("read", read), ("list", list), ("write", write)] {
            let answer = asked.join().expect("no panic");
            let is_honest = answer.as_ref().is_none_or(|answer| answer.status == 503);
            assert!(is_honest, "{what}: {answer:?}");
        }
        let leads = format!("http://{}", second.address);
        eventually("it follows", || {
            let ready = ready(&client.address)?;
            (ready.status == 503 && ready.body["leader"]["address"] == *leads).then_some(())
        });
        // The create is nobody's twice, whatever became of it.
        let late = id(&there.ask_for("late", Some("late"), 0).expect("an answer"));
        let named = |name: &str| there.servers().into_values().filter(|n| n == name).count();
        assert_eq!((named("late"), named("stays"), named("goes")), (1, 1, 0));
        assert!(there.servers().contains_key(&late));
    });
    drop(second);
    // And leads again when it is its turn.
    eventually("it leads", || (ready(&client.address)?.status == 200).then_some(()));
    assert_eq!(client.show(&goes).status, 404);
    assert_eq!(client.show(&stays).status, 200);
    first.stop();
    is_sound(&data);
}

/// PostgreSQL ends at once and starts again under load: the service waits, and goes on.
#[test]
fn a_restart_of_postgresql_is_a_pause() {
    let Some(server) = Server::start("a_restart_of_postgresql_is_a_pause") else { return };
    let (place, data) = (Place::new(), database(&server));
    let mut cloud = leader(&place, &data);
    let client = cloud.client.clone();
    let acknowledged: Mutex<Vec<(String, String)>> = Mutex::default();
    let (stop, answers) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for number in 0..4 {
            let (client, acknowledged, stop, answers) = (&client, &acknowledged, &stop, &answers);
            scope.spawn(move || {
                for n in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let key = format!("{number}-{n}");
                    // As a client does that is told to come back, or not told anything.
                    let server = eventually("it is taken in", || {
                        let answer = client.ask_for(&key, Some(&key), 0)?;
                        (answer.status == 202).then(|| id(&answer))
                    });
                    acknowledged.lock().expect("no panic").push((key, server));
                    answers.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let more = |count: usize| {
            let before = answers.load(Ordering::Relaxed);
            let is_more = || answers.load(Ordering::Relaxed) >= before + count;
            eventually("more are answered", || is_more().then_some(()));
        };
        for _ in 0..3 {
            more(20);
            server.control(&["restart", "-m", "immediate"]).expect("restarted");
        }
        more(20);
        stop.store(true, Ordering::Relaxed);
    });
    assert!(!cloud.has_ended());
    let servers = client.servers();
    let acknowledged = acknowledged.into_inner().expect("no panic");
    assert_eq!(servers.len(), acknowledged.len(), "each once");
    for (key, server) in &acknowledged {
        assert_eq!(servers.get(server), Some(key));
    }
    cloud.stop();
    is_sound(&data);
}

/// PostgreSQL is away when the service starts: it waits, and says so.
#[test]
fn a_service_waits_for_postgresql() {
    let Some(server) = Server::start("a_service_waits_for_postgresql") else { return };
    let data = database(&server);
    server.control(&["stop", "-m", "fast"]).expect("stopped");
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("an address").to_string();
    drop(free);
    let mut command = guichet("serve", &["--dev", "--listen", &address, "--data", flag(&data)]);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
    let node = Follower { child, address };
    eventually("it says so", || {
        let ready = node.ready()?;
        let reason = ready.body["reason"].as_str()?;
        (ready.status == 503 && reason.contains("PostgreSQL cannot be reached")).then_some(())
    });
    server.control(&["start"]).expect("started");
    node.leads();
}

#[test]
fn what_cannot_be_with_a_database_is_refused() {
    let secret = Path::new("postgres://me:s3cret@127.0.0.1:1/cloud");
    let ran = refused(secret, &[]);
    is_refused(&ran, &["--data", "postgres://me@127.0.0.1:1/cloud", "PGPASSWORD"]);
    assert!(!ran.log.contains("s3cret"), "{}", ran.log);
    let url = Path::new("postgres://me@127.0.0.1:1/cloud");
    is_refused(&refused(url, &["--record", "/dev/null"]), &["--record"]);
    is_refused(&refused(url, &["--tls-self-signed"]), &["--tls-self-signed"]);
    let flags = ["--data", flag(url), "copy.db"];
    is_refused(&super::ran(guichet("backup", &flags)), &["--data", "pg_dump"]);
    is_refused(&super::ran(guichet("verify", &flags[..2])), &["cannot be reached"]);
}

/// Replaced while it stops: what it was to finish is another node's by then.
#[test]
fn a_leader_that_is_replaced_while_it_stops_waits_for_nothing_more() {
    let name = "a_leader_that_is_replaced_while_it_stops_waits_for_nothing_more";
    let Some(server) = Server::start(name) else { return };
    let (place, data) = (Place::new(), database(&server));
    let profile = place.path("slow.toml");
    std::fs::write(
        &profile,
        "[default]\ndelay = { uniform = { min_ms = 300_000, max_ms = 300_001 } }\n",
    )
    .expect("written");
    let more = ["--profile", flag(&profile), "--drain", "10m"];
    let cloud = Cloud::of(serve(&data, &more), &place.path("leader.log"));
    cloud.client.create("slow");
    cloud.tell(Signal::SIGTERM);
    let address = cloud.client.address.clone();
    eventually("it stops", || {
        let ready = ready(&address)?;
        ready.body["reason"].as_str()?.contains("stops").then_some(())
    });
    let name = data.to_str().and_then(|url| url.rsplit('/').next()).expect("a name");
    server.sql(name, "UPDATE guichet.cell SET epoch = epoch + 1").expect("raised");
    let (code, log) = cloud.end();
    assert_eq!(code, Some(0), "{log}");
}
