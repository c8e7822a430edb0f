//! Several processes over one database: one leads, and another one goes on.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use guichet_scratch::Server;
use nix::sys::signal::Signal;

use super::cloud::{Client, Cloud, id, refused, serve};
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
            (ready.status == 200 && ready.body["leader"]["address"] == *leads).then_some(())
        });
        follower
    }

    fn ready(&self) -> Option<Answer> {
        ready(&self.address)
    }

    fn leads(&self) {
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
fn leads(address: &str) -> bool {
    ready(address).is_some_and(|ready| ready.status == 200 && ready.body["leader"].is_null())
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
struct Raised<'a>(&'a AtomicBool);

impl Drop for Raised<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Waits until another node follows.
fn has_follower(address: &str) {
    let at = format!("http://{address}");
    eventually("another node follows", || {
        let ran = super::ran(guichet("cell", &["list", "--url", &at]));
        ran.out.contains("follows").then_some(())
    });
}

/// Leadership moves while clients ask both nodes, each once: none of them is refused, and each server is there
/// once.
#[test]
fn a_move_of_leadership_fails_no_request() {
    let Some(server) = Server::start("a_move_of_leadership_fails_no_request") else { return };
    let (place, data) = (Place::new(), database(&server));
    let first = leader(&place, &data);
    let second = Follower::start(&data, &first);
    let addresses = [first.client.address.clone(), second.address.clone()];
    let (stop, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    let created: Mutex<Vec<String>> = Mutex::default();
    std::thread::scope(|scope| {
        for number in 0..4 {
            let mut client = first.client.clone();
            client.address.clone_from(&addresses[number % 2]);
            let (stop, asked, created) = (&stop, &asked, &created);
            scope.spawn(move || {
                for n in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let answer = client.ask_for(&format!("{number}-{n}"), None, 0);
                    let answer = answer.expect("an answer");
                    assert_eq!(answer.status, 202, "{answer:?}");
                    created.lock().expect("no panic").push(id(&answer));
                    let list = client.ask("GET", "/compute/v2.1/servers?limit=1", None, None);
                    assert_eq!(list.expect("an answer").status, 200);
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let more = || {
            let before = asked.load(Ordering::Relaxed);
            let is_more = || asked.load(Ordering::Relaxed) >= before + 20;
            eventually("more are answered", || is_more().then_some(()));
        };
        let _at_the_end = Raised(&stop);
        for n in 0..4 {
            more();
            has_follower(&addresses[n % 2]);
            // Through either node, as the clients.
            let from = format!("http://{}", addresses[n % 2]);
            let ran = super::ran(guichet("cell", &["move", "--url", &from]));
            assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.log);
            let to = &addresses[(n + 1) % 2];
            assert!(ran.out.contains(to) && ran.out.contains("leads"), "{}", ran.out);
            eventually("it leads", || leads(to).then_some(()));
        }
        more();
    });
    let servers = first.client.servers();
    let created = created.into_inner().expect("no panic");
    assert_eq!(servers.len(), created.len(), "each once");
    assert!(created.iter().all(|id| servers.contains_key(id)));
    let listed =
        super::ran(guichet("cell", &["list", "--url", &format!("http://{}", addresses[1])]));
    assert!(listed.out.contains("follows") && listed.out.contains("leads"), "{}", listed.out);
    drop(second);
    // Nobody is there to take over.
    eventually("the other one is forgotten", || {
        let ran =
            super::ran(guichet("cell", &["move", "--url", &format!("http://{}", addresses[0])]));
        (ran.code == Some(2) && ran.log.contains("No other node follows")).then_some(())
    });
}

/// Nodes whose connections are encrypted check each other by the authorities that the system trusts.
#[test]
fn nodes_speak_tls_with_each_other() {
    let Some(server) = Server::start("nodes_speak_tls_with_each_other") else { return };
    let (place, data) = (Place::new(), database(&server));
    // A certificate for 127.0.0.1, as a service makes one for itself.
    let own = place.path("own");
    let mut made = guichet("serve", &["--dev", "--listen", "127.0.0.1:0", "--tls-self-signed"]);
    made.args(["--data", flag(&own)]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut made = made.spawn().expect("starts");
    let [ca, cert, key] = ["ca.pem", "cert.pem", "key.pem"].map(|name| own.join("tls").join(name));
    eventually("it has made one", || {
        let drawn = [&ca, &cert, &key]
            .iter()
            .all(|file| std::fs::read_to_string(file).is_ok_and(|text| text.contains("-----END")));
        drawn.then_some(())
    });
    made.kill().expect("it is ours");
    made.wait().expect("it ended");
    let start = || {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = free.local_addr().expect("an address").to_string();
        drop(free);
        let mut command = guichet("serve", &["--dev", "--listen", &address, "--data", flag(&data)]);
        command.args(["--tls-cert", flag(&cert), "--tls-key", flag(&key)]);
        command.env("SSL_CERT_FILE", &ca).stdout(Stdio::null()).stderr(Stdio::null());
        Follower { child: command.spawn().expect("starts"), address }
    };
    let cells = |node: &Follower| {
        let url = format!("https://{}", node.address);
        let flags = ["list", "--format", "json", "--url", &url, "--cacert", flag(&ca)];
        super::ran(guichet("cell", &flags))
    };
    let first = start();
    eventually("it leads", || (cells(&first).code == Some(0)).then_some(()));
    let second = start();
    // What comes from there is the leader's answer: a node that follows has none.
    eventually("it passes on what it is asked", || {
        let ran = cells(&second);
        let is_leaders = ran.code == Some(0) && ran.out.contains(&first.address);
        (is_leaders && ran.out.contains(&second.address)).then_some(())
    });
}

/// What a node that follows is told to read again holds when it leads, and what one that led has taken over
/// holds when it leads once more.
#[test]
fn a_configuration_that_was_read_again_holds_whoever_leads() {
    let name = "a_configuration_that_was_read_again_holds_whoever_leads";
    let Some(server) = Server::start(name) else { return };
    let (place, data) = (Place::new(), database(&server));
    let config = place.path("cloud.toml");
    let declare = |password: &str| {
        let text = format!(
            "[hosts]\ncount = 1\n[[project]]\nname = \"demo\"\n[[user]]\nname = \"demo\"\npassword = \
             \"{password}\"\nroles = [{{ project = \"demo\", role = \"member\" }}]\n[[flavor]]\nname = \
             \"tiny\"\nvcpus = 1\nram_mib = 512\ndisk_gib = 1\n[[image]]\nname = \"image\"\n"
        );
        std::fs::write(&config, text).expect("written");
    };
    let start = || {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = free.local_addr().expect("an address").to_string();
        drop(free);
        let flags = ["--config", flag(&config), "--listen", &address, "--control-token"];
        let mut command = guichet("serve", &[&flags[..], &["a-token-of-the-test"]].concat());
        command.args(["--data", flag(&data)]).stdout(Stdio::null()).stderr(Stdio::null());
        Follower { child: command.spawn().expect("starts"), address }
    };
    let logs_in = |node: &Follower, password: &str| {
        let body = serde_json::json!({ "auth": { "identity": { "methods": ["password"], "password": {
            "user": { "name": "demo", "domain": { "id": "default" }, "password": password } } } } });
        let path = "/identity/v3/auth/tokens";
        eventually("an answer", || {
            match wire::ask(&node.address, "POST", path, &[], Some(&body))?.status {
                201 => Some(true),
                401 => Some(false),
                _ => None,
            }
        })
    };
    let moved = |from: &Follower, to: &Follower| {
        let url = format!("http://{}", from.address);
        let flags = ["move", "--url", &url, "--token", "a-token-of-the-test"];
        eventually("it moves", || {
            (super::ran(guichet("cell", &flags)).code == Some(0)).then_some(())
        });
        to.leads();
    };
    declare("of-before");
    let first = start();
    first.leads();
    let second = start();
    eventually("it follows", || (second.ready()?.status == 200).then_some(()));
    assert!(logs_in(&first, "of-before"));
    declare("of-now");
    for node in [&first, &second] {
        let id = nix::unistd::Pid::from_raw(node.child.id().try_into().expect("small"));
        nix::sys::signal::kill(id, Signal::SIGHUP).expect("it runs");
    }
    eventually("it is taken over", || logs_in(&first, "of-now").then_some(()));
    moved(&first, &second);
    assert!(logs_in(&second, "of-now") && !logs_in(&second, "of-before"));
    moved(&second, &first);
    assert!(logs_in(&first, "of-now") && !logs_in(&first, "of-before"));
}
