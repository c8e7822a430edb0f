//! Data on their way from a directory into a database and back, as an operator moves them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use guichet_scratch::Server;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use rusqlite::Connection;

use super::cloud::{Client, Cloud, id, serve};
use super::{ended, eventually, is_refused, is_sound, ran};
use crate::support::{Place, Ran, flag, guichet};

/// A database, as `--data` names it.
fn database(server: &Server) -> PathBuf {
    PathBuf::from(server.database().expect("a database"))
}

fn copy(from: &Path, to: &Path) -> Ran {
    ran(guichet("data", &["copy", flag(from), flag(to)]))
}

/// A copy that is done.
fn copied(from: &Path, to: &Path) -> Ran {
    let ran = copy(from, to);
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    assert!(ran.out.contains(" 0 broken") && ran.out.contains("from now on"), "{ran:#?}");
    is_sound(to);
    ran
}

/// Asks for servers, each under a key of its own, which a repeat asks under again.
fn ask(client: &Client, keys: &[String]) -> Vec<String> {
    let ask = |key: &String| id(&client.ask_for(key, Some(key), 100).expect("an answer"));
    keys.iter().map(ask).collect()
}

/// The same service goes on in a database, and in a directory again: with its servers, their past, its
/// tokens, and its answers.
#[test]
fn a_service_goes_on_where_its_data_went() {
    let Some(server) = Server::start("a_service_goes_on_where_its_data_went") else { return };
    let place = Place::new();
    let (dir, url, back) = (place.path("data"), database(&server), place.path("back"));
    let instant = ["--profile", "instant"];
    let cloud = Cloud::start(&dir, &instant);
    let keys: Vec<String> = (0..12).map(|n| format!("key-{n}")).collect();
    let servers = ask(&cloud.client, &keys);
    servers.iter().for_each(|server| cloud.client.becomes(server, "ACTIVE"));
    assert_eq!(cloud.client.delete(&servers[0]).status, 204);
    cloud.client.goes(&servers[0]);
    let token = cloud.client.token.clone();
    is_refused(&copy(&dir, &url), &["error: data copy: ", "in use by process", "stop it first"]);
    cloud.stop();
    copied(&dir, &url);

    let cloud = Cloud::of(serve(&url, &instant), &place.path("node.log"));
    let mut client = cloud.client.clone();
    client.token.clone_from(&token);
    let same = |client: &Client, count: usize| {
        assert_eq!(ask(client, &keys), servers, "the answers of before");
        assert_eq!(client.servers().len(), count);
        assert_eq!(client.show(&servers[0]).status, 404);
        let past = [("create".to_owned(), "Success".to_owned())];
        assert_eq!(client.actions(&servers[1]), past);
    };
    same(&client, 11);
    let dest = place.path("backup.db");
    let backup = ran(guichet("backup", &["--data", flag(&url), flag(&dest)]));
    assert_eq!(backup.code, Some(0), "{backup:#?}");
    assert!(backup.out.contains(": 12 servers, ") && backup.out.contains("checked"), "{backup:#?}");
    client.becomes(&client.create("later"), "ACTIVE");
    let words = ["error: data copy: ", "in use by node", "stop all nodes first"];
    is_refused(&copy(&url, &back), &words);
    let over = ran(guichet("restore", &["--data", flag(&url), flag(&dest)]));
    is_refused(&over, &["error: restore: ", "has data already", "name another database"]);
    cloud.stop();
    copied(&url, &back);
    is_refused(&copy(&url, &back), &["is there already", "name another place"]);

    // In both places that a backup can be restored to it is as it was when it was made.
    let (other, fresh) = (database(&server), place.path("fresh"));
    for (data, count) in [(&back, 12), (&other, 11), (&fresh, 11)] {
        if count == 11 {
            let restored = ran(guichet("restore", &["--data", flag(data), flag(&dest)]));
            assert_eq!(restored.code, Some(0), "{restored:#?}");
        }
        is_sound(data);
        let cloud = Cloud::of(serve(data, &instant), &place.path("again.log"));
        let mut client = cloud.client.clone();
        client.token.clone_from(&token);
        same(&client, count);
        cloud.stop();
        is_sound(data);
    }
}

/// A directory with so many records that a copy of it takes its time.
fn large(place: &Place) -> PathBuf {
    let dir = place.path("large");
    Cloud::start(&dir, &["--profile", "instant"]).stop();
    let file = Connection::open(dir.join("guichet.db")).expect("a database");
    let fill = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
        INSERT INTO kept (kind, key, body) SELECT 'filler', i, hex(zeroblob(100)) FROM n";
    file.execute_batch(fill).expect("filled");
    dir
}

fn begun(from: &Path, to: &Path) -> Child {
    let mut command = guichet("data", &["copy", flag(from), flag(to)]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts")
}

/// Ends a copy in its middle, which `is_begun` looks for; how it ended.
fn end_with(signal: Signal, mut copy: Child, is_begun: impl Fn() -> bool) -> Option<i32> {
    let mut has_ended = || copy.try_wait().expect("it is ours").is_some();
    eventually("it has begun", || (is_begun() || has_ended()).then_some(()));
    let pid = Pid::from_raw(i32::try_from(copy.id()).expect("a process id"));
    // One that has ended by itself is not waited for yet, so it is still there.
    let _ = kill(pid, signal);
    ended(&mut copy)
}

/// A copy that is killed, or interrupted, was not begun, or it is whole; and the next one is.
#[test]
fn a_copy_that_is_ended_in_its_middle_leaves_nothing() {
    let Some(server) = Server::start("a_copy_that_is_ended_in_its_middle_leaves_nothing") else {
        return;
    };
    let place = Place::new();
    let dir = large(&place);
    for signal in [Signal::SIGKILL, Signal::SIGINT, Signal::SIGTERM] {
        let (url, to) = (database(&server), place.path(&format!("to-{signal}")));
        let name = url.to_str().and_then(|url| url.rsplit('/').next()).expect("a name").to_owned();
        let writes = format!(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'
             AND backend_xid IS NOT NULL"
        );
        let is_begun = || server.sql("postgres", &writes).expect("asked") != "0";
        let code = end_with(signal, begun(&dir, &url), is_begun);
        let has_schema = "SELECT to_regnamespace('guichet') IS NOT NULL";
        eventually("its session ends", || (!is_begun()).then_some(()));
        let is_whole = server.sql(&name, has_schema).expect("asked") == "t";
        is_nothing_or_whole(signal, code, is_whole);
        if !is_whole {
            copied(&dir, &url);
        }
        is_sound(&url);

        let parts = || {
            let entries = fs::read_dir(&to).into_iter().flatten().flatten();
            let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
            names.filter(|name| name.ends_with(".part")).count()
        };
        let code = end_with(signal, begun(&url, &to), || parts() > 0);
        let is_whole = to.join("guichet.db").exists();
        is_nothing_or_whole(signal, code, is_whole);
        if !is_whole {
            copied(&url, &to);
        }
        is_sound(&to);
        assert_eq!(parts(), 0, "what was left behind is removed");
    }
}

/// What a copy says of itself is so; one that was killed says nothing.
fn is_nothing_or_whole(signal: Signal, code: Option<i32>, is_whole: bool) {
    match code {
        Some(0) => assert!(is_whole, "{signal}: it said that it was done"),
        Some(130) => assert!(!is_whole, "{signal}: it said that it took it back"),
        code => assert_eq!((code, signal), (None, Signal::SIGKILL)),
    }
}

#[test]
fn what_cannot_be_moved_is_refused() {
    let place = Place::new();
    let (dir, missing) = (place.path("data"), place.path("missing"));
    Cloud::start(&dir, &[]).stop();
    let url = Path::new("postgres://me@127.0.0.1:1/cloud");
    let secret = Path::new("postgres://me:s3cret@127.0.0.1:1/cloud");
    is_refused(&copy(&missing, &dir), &["error: data copy: ", "is not there"]);
    is_refused(&copy(&dir, &dir), &["onto itself"]);
    is_refused(&copy(&dir, &dir.join("../data")), &["onto itself"]);
    is_refused(&copy(&dir, url), &["cannot be reached"]);
    is_refused(&copy(url, &missing), &["cannot be reached"]);
    for ran in [copy(secret, &missing), copy(&dir, secret), copy(secret, secret)] {
        is_refused(&ran, &["PGPASSWORD", "postgres://me@127.0.0.1:1/cloud"]);
        assert!(!ran.log.contains("s3cret"), "{}", ran.log);
    }
    for command in ["backup", "restore"] {
        let ran = ran(guichet(command, &["--data", flag(url), flag(&dir.join("guichet.db"))]));
        is_refused(&ran, &[&format!("error: {command}: "), "cannot be reached"]);
    }
    assert!(!missing.exists());
}
