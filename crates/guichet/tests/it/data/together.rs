//! Several processes over one database, of which any takes what it is asked.

use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use guichet_scratch::Server;
use nix::sys::signal::Signal;

use super::cloud::{Client, Cloud, id, serve};
use super::nodes::{Follower, Raised, database, leader, leads};
use super::{eventually, wire};
use crate::support::{Place, flag, guichet};

/// Waits until another node follows.
fn has_follower(address: &str) {
    let at = format!("http://{address}");
    eventually("another node follows", || {
        let ran = super::ran(guichet("cell", &["list", "--url", &at]));
        ran.out.contains("follows").then_some(())
    });
}

/// What clients were answered that create one server after another.
#[derive(Default)]
struct Asked {
    stop: AtomicBool,
    count: AtomicUsize,
    created: Mutex<Vec<String>>,
}

impl Asked {
    /// Creates and lists until all is to end: nothing of it is refused.
    fn go_on(&self, client: &Client, number: usize) {
        for n in 0.. {
            if self.stop.load(Ordering::Relaxed) {
                return;
            }
            let answer = client.ask_for(&format!("{number}-{n}"), None, 0);
            let answer = answer.expect("an answer");
            assert_eq!(answer.status, 202, "{answer:?}");
            self.created.lock().expect("no panic").push(id(&answer));
            let list = client.ask("GET", "/compute/v2.1/servers?limit=1", None, None);
            assert_eq!(list.expect("an answer").status, 200);
            self.count.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn more(&self) {
        let before = self.count.load(Ordering::Relaxed);
        let is_more = || self.count.load(Ordering::Relaxed) >= before + 20;
        eventually("more are answered", || is_more().then_some(()));
    }

    /// Each that was acknowledged is there, and once.
    fn check(self, client: &Client) {
        let (servers, created) = (client.servers(), self.created.into_inner().expect("no panic"));
        assert_eq!(servers.len(), created.len(), "each once");
        assert!(created.iter().all(|id| servers.contains_key(id)));
    }
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
    let asked = Asked::default();
    std::thread::scope(|scope| {
        for number in 0..4 {
            let mut client = first.client.clone();
            client.address.clone_from(&addresses[number % 2]);
            let asked = &asked;
            scope.spawn(move || asked.go_on(&client, number));
        }
        let _at_the_end = Raised(&asked.stop);
        for n in 0..4 {
            asked.more();
            has_follower(&addresses[n % 2]);
            // Through either node, as the clients.
            let from = format!("http://{}", addresses[n % 2]);
            let ran = super::ran(guichet("cell", &["move", "--url", &from]));
            assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.log);
            let to = &addresses[(n + 1) % 2];
            assert!(ran.out.contains(to) && ran.out.contains("leads"), "{}", ran.out);
            eventually("it leads", || leads(to).then_some(()));
        }
        asked.more();
    });
    asked.check(&first.client);
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

/// A leader that is told to stop has another node lead: nobody who asks meanwhile is refused, though what it is
/// at takes longer than anybody waits. Whoever asks asks the node that stays.
#[test]
fn a_leader_that_is_told_to_stop_hands_over() {
    let Some(server) = Server::start("a_leader_that_is_told_to_stop_hands_over") else { return };
    let (place, data) = (Place::new(), database(&server));
    let slow = serve(&data, &["--profile", "realistic"]);
    let first = Cloud::of(slow, &place.path("leader.log"));
    let second = Follower::start(&data, &first);
    let mut client = first.client.clone();
    client.address.clone_from(&second.address);
    has_follower(&second.address);
    let asked = Asked::default();
    std::thread::scope(|scope| {
        for number in 0..2 {
            let (asked, client) = (&asked, client.clone());
            scope.spawn(move || asked.go_on(&client, number));
        }
        let _at_the_end = Raised(&asked.stop);
        asked.more();
        first.tell(Signal::SIGTERM);
        let (code, log) = first.end();
        assert_eq!(code, Some(0), "{log}");
        assert!(log.contains("another node is to lead before this one stops"), "{log}");
        second.leads();
        asked.more();
    });
    asked.check(&client);
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
