//! Several processes over one database: one leads, and another one goes on.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use guichet_scratch::Server;
use nix::sys::signal::Signal;

use super::cloud::{Client, Cloud, id, refused, serve};
use super::wire::{self, Answer};
use super::{eventually, is_refused, is_sound};
use crate::support::{Place, flag, guichet};

/// A database, as `--data` names it.
pub(super) fn database(server: &Server) -> PathBuf {
    PathBuf::from(server.database().expect("a database"))
}

/// A leader.
pub(super) fn leader(place: &Place, data: &Path) -> Cloud {
    Cloud::of(serve(data, &[]), &place.path("leader.log"))
}

/// A node that does not lead yet. Dropped, it is killed.
pub(super) struct Follower {
    pub(super) child: Child,
    pub(super) address: String,
}

impl Follower {
    /// Starts one, and waits until it says who leads.
    pub(super) fn start(data: &Path, leader: &Cloud) -> Self {
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
            (ready.status == 200 && ready.body["leader"]["address"] == *leads).then_some(())
        });
        follower
    }

    pub(super) fn ready(&self) -> Option<Answer> {
        ready(&self.address)
    }

    pub(super) fn leads(&self) {
        eventually("it leads", || leads(&self.address).then_some(()));
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a node leads: one that follows is ready too, and names its leader.
pub(super) fn leads(address: &str) -> bool {
    ready(address).is_some_and(|ready| ready.status == 200 && ready.body["leader"].is_null())
}

pub(super) fn ready(address: &str) -> Option<Answer> {
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
    // Whoever follows passes on what it is asked, with the token of the leader; links name whom the
    // client called.
    let mut other = client.clone();
    other.address.clone_from(&second.address);
    let answer = other.ask_for("passed-on", Some("passed-on"), 0).expect("an answer");
    let link = answer.body["server"]["links"][0]["href"].as_str();
    assert!(link.is_some_and(|link| link.starts_with("http://cloud.test/")), "{answer:?}");
    acknowledged.push((id(&answer), "passed-on".to_owned()));
    assert_eq!(other.servers(), client.servers());
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
    first.pause();
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
        // By then it follows, perhaps, and passes them on to who knows.
        let is_honest = |status: u16, answer: &Option<Answer>| {
            answer.as_ref().is_none_or(|answer| [status, 503].contains(&answer.status))
        };
        let read = read.join().expect("no panic");
        assert!(is_honest(404, &read), "{read:?}");
        let list = list.join().expect("no panic");
        assert!(is_honest(200, &list), "{list:?}");
        assert!(list.is_none_or(|list| !list.body.to_string().contains(&goes)), "it is gone");
        let write = write.join().expect("no panic");
        assert!(is_honest(202, &write), "{write:?}");
        let leads = format!("http://{}", second.address);
        eventually("it follows", || {
            let ready = ready(&client.address)?;
            (ready.status == 200 && ready.body["leader"]["address"] == *leads).then_some(())
        });
        // The create is nobody's twice, whatever became of it.
        let late = id(&there.ask_for("late", Some("late"), 0).expect("an answer"));
        let named = |name: &str| there.servers().into_values().filter(|n| n == name).count();
        assert_eq!((named("late"), named("stays"), named("goes")), (1, 1, 0));
        assert!(there.servers().contains_key(&late));
    });
    drop(second);
    // And leads again when it is its turn.
    eventually("it leads", || leads(&client.address).then_some(()));
    assert_eq!(client.show(&goes).status, 404);
    assert_eq!(client.show(&stays).status, 200);
    first.stop();
    is_sound(&data);
}

/// Four clients create servers, each again and again under its key until it is told that there is one, while
/// something happens; it is given what waits until so many more are told. All they were told: the key and the
/// server.
fn under_load(client: &Client, happens: impl FnOnce(&dyn Fn(usize))) -> Vec<(String, String)> {
    let acknowledged: Mutex<Vec<(String, String)>> = Mutex::default();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for number in 0..4 {
            let (acknowledged, stop) = (&acknowledged, &stop);
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
                }
            });
        }
        let _at_the_end = Raised(&stop);
        happens(&|count| {
            let told = || acknowledged.lock().expect("no panic").len();
            let before = told();
            eventually("more are answered", || (told() >= before + count).then_some(()));
        });
    });
    acknowledged.into_inner().expect("no panic")
}

/// Each server that a client was told of is there once, and no other.
fn are_all_there(client: &Client, acknowledged: &[(String, String)]) {
    let servers = client.servers();
    assert_eq!(servers.len(), acknowledged.len(), "each once");
    for (key, server) in acknowledged {
        assert_eq!(servers.get(server), Some(key));
    }
}

/// PostgreSQL ends at once and starts again under load: the service waits, and goes on.
#[test]
fn a_restart_of_postgresql_is_a_pause() {
    let Some(server) = Server::start("a_restart_of_postgresql_is_a_pause") else { return };
    let (place, data) = (Place::new(), database(&server));
    let mut cloud = leader(&place, &data);
    let acknowledged = under_load(&cloud.client, |more| {
        for _ in 0..3 {
            more(20);
            server.control(&["restart", "-m", "immediate"]).expect("restarted");
        }
        more(20);
    });
    assert!(!cloud.has_ended());
    are_all_there(&cloud.client, &acknowledged);
    cloud.stop();
    is_sound(&data);
}

/// The machine of PostgreSQL is gone, and its standby takes its place: what was acknowledged is there.
#[test]
fn a_standby_that_is_promoted_has_all_that_was_acknowledged() {
    let name = "a_standby_that_is_promoted_has_all_that_was_acknowledged";
    let Some(server) = Server::start(name) else { return };
    server.sql("postgres", "CREATE DATABASE cloud").expect("made");
    let standby = server.standby().expect("a standby");
    let (place, data) = (Place::new(), PathBuf::from(server.url_of_both(&standby, "cloud")));
    let mut cloud = leader(&place, &data);
    let acknowledged = under_load(&cloud.client, |more| {
        more(40);
        server.control(&["stop", "-m", "immediate"]).expect("stopped");
        standby.control(&["promote"]).expect("promoted");
        more(40);
    });
    assert!(!cloud.has_ended());
    are_all_there(&cloud.client, &acknowledged);
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
    // Not first when it comes to lead.
    is_refused(&refused(url, &["--control-token", "short"]), &["--control-token"]);
    let flags = ["--data", flag(url), "copy.db"];
    is_refused(&super::ran(guichet("backup", &flags)), &["cannot be reached"]);
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

/// A flag that is raised when this is dropped: whoever looks at it ends, however a test does.
pub(super) struct Raised<'a>(pub(super) &'a AtomicBool);

impl Drop for Raised<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
