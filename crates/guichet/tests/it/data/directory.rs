//! Directories and files that are not what they should be: each is bad input, and says what to do.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use rusqlite::Connection;

use super::cloud::{Cloud, refused, serve};
use super::{is_refused, ran, verify};
use crate::support::{Place, flag, guichet};

/// A directory with servers in it that nobody has open.
fn filled(place: &Place, servers: usize) -> std::path::PathBuf {
    let dir = place.path("data");
    let cloud = Cloud::start(&dir, &["--profile", "instant"]);
    for n in 0..servers {
        let answer = cloud.client.ask_for(&format!("server-{n}"), None, 20_000);
        cloud.client.becomes(&super::cloud::id(&answer.expect("an answer")), "ACTIVE");
    }
    cloud.stop();
    dir
}

fn sql(dir: &Path, text: &str) {
    let database = Connection::open(dir.join("guichet.db")).expect("a database");
    database.execute_batch(text).expect("it is done");
}

#[test]
fn a_second_process_is_told_who_has_it() {
    let place = Place::new();
    let dir = place.path("data");
    let cloud = Cloud::start(&dir, &[]);
    let pid = format!("in use by process {}", cloud.pid());
    let flags = ["--data", flag(&dir)];
    let backup = place.file("backup", b"");
    for second in [
        serve(&dir, &[]),
        guichet("simulate", &flags),
        guichet("verify", &flags),
        guichet("restore", &[&flags[..], &[flag(&backup)]].concat()),
    ] {
        is_refused(&ran(second), &["error: ", flag(&dir), &pid, "stop it first"]);
    }
    cloud.client.create("web");
    // The file says who had it; what counts is who has it.
    cloud.kill();
    Cloud::start(&dir, &[]).stop();
}

#[test]
fn a_later_version_is_left_alone() {
    let place = Place::new();
    let dir = filled(&place, 1);
    sql(&dir, "PRAGMA user_version = 99");
    let before = fs::read(dir.join("guichet.db")).expect("read");
    let words = ["version 99", "use the newer program"];
    is_refused(&refused(&dir, &[]), &words);
    is_refused(&verify(&dir), &words);
    assert_eq!(fs::read(dir.join("guichet.db")).expect("read"), before);
}

#[test]
fn the_files_of_others_are_left_alone() {
    let place = Place::new();
    let dir = place.path("data");
    fs::create_dir(&dir).expect("made");
    let file = dir.join("guichet.db");
    fs::write(&file, "a diary, and no database\n".repeat(200)).expect("written");
    is_refused(&refused(&dir, &[]), &["guichet.db", "not a database", "restore"]);
    assert!(matches!(verify(&dir).code, Some(1 | 2)));
    assert!(fs::read_to_string(&file).expect("read").starts_with("a diary"));
    fs::remove_file(&file).expect("removed");
    sql(&dir, "PRAGMA application_id = 252006675; CREATE TABLE song (title TEXT)");
    let before = fs::read(&file).expect("read");
    for ran in [refused(&dir, &[]), verify(&dir)] {
        is_refused(&ran, &["is not a Guichet data file", "name another directory"]);
    }
    assert_eq!(fs::read(&file).expect("read"), before);
}

#[test]
fn a_damaged_file_is_found_out() {
    let place = Place::new();
    let dir = filled(&place, 12);
    let file = dir.join("guichet.db");
    let whole = fs::read(&file).expect("read");
    assert!(whole.len() > 200_000, "{}", whole.len());
    let cut = |to: usize| whole[..to].to_vec();
    let flipped = |from: usize| {
        let mut bytes = whole.clone();
        bytes[from..from + 8 * 4_096].iter_mut().for_each(|byte| *byte ^= 0x5A);
        bytes
    };
    let page = 4_096;
    let middle = whole.len() / 2 / page * page;
    for bytes in [cut(50), cut(page), cut(middle), cut(middle + 77), flipped(page), flipped(middle)]
    {
        fs::write(&file, &bytes).expect("written");
        let found = verify(&dir);
        assert!(matches!(found.code, Some(1 | 2)), "{found:#?}");
        assert!(found.code == Some(2) || found.out.lines().count() > 1, "{found:#?}");
        is_refused(
            &refused(&dir, &[]),
            &["error: --data: ", "damaged", "guichet verify", "backup"],
        );
        assert_eq!(fs::read(&file).expect("read").len(), bytes.len());
    }
    fs::write(&file, &whole).expect("written");
    let cloud = Cloud::start(&dir, &[]);
    assert_eq!(cloud.client.servers().len(), 12);
}

#[test]
fn a_place_that_cannot_be_written_to() {
    let place = Place::new();
    let file = place.file("file", b"text");
    for dir in [file.clone(), file.join("below"), "/proc/guichet".into()] {
        let words = ["error: --data: ", "cannot be written to", "this user may write to"];
        is_refused(&refused(&dir, &[]), &words);
    }
    let missing = place.path("missing");
    is_refused(&verify(&missing), &["is not there", "name the directory"]);
}

/// As somebody who may read the directory and no more.
#[test]
fn a_directory_that_may_only_be_read() {
    let place = Place::new();
    let dir = filled(&place, 1);
    let mut open = Command::new("chmod");
    open.args(["-R", "a+rX"]).arg(&dir).arg(dir.parent().expect("a parent"));
    assert!(open.status().expect("chmod").success());
    let nobody = |command: &Command| {
        let mut changed = Command::new("setpriv");
        changed.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        changed.arg(command.get_program()).args(command.get_args());
        changed
    };
    let version = guichet("--version", &[]);
    let mut probe = nobody(&version);
    let probe = probe.stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !probe.is_ok_and(|status| status.success()) {
        println!("skipped: the program cannot be run as another user here");
        return;
    }
    let words = ["error: --data: ", flag(&dir), "cannot be written to", "this user may write to"];
    is_refused(&ran(nobody(&serve(&dir, &[]))), &words);
    let cloud = Cloud::start(&dir, &[]);
    assert_eq!(cloud.client.servers().len(), 1);
}

#[test]
fn a_clock_that_is_far_behind_is_not_gone_on_with() {
    let place = Place::new();
    let dir = filled(&place, 1);
    let newest = |dir: &Path| {
        let database = Connection::open(dir.join("guichet.db")).expect("a database");
        let body = "SELECT max(updated_us) FROM server";
        database.query_row(body, [], |row| row.get::<_, i64>(0)).expect("a time")
    };
    let before = newest(&dir);
    sql(&dir, "UPDATE server SET updated_us = updated_us + 3600000000");
    let ran = refused(&dir, &[]);
    is_refused(&ran, &["the clock says 20", "was written at 20", "set the clock right"]);
    // A little behind, time goes on from what was written last.
    let ahead = before + 60_000_000;
    sql(&dir, &format!("UPDATE server SET updated_us = {ahead}"));
    let cloud = Cloud::start(&dir, &["--profile", "instant"]);
    let server = cloud.client.create("later");
    cloud.client.becomes(&server, "ACTIVE");
    cloud.stop();
    assert!(newest(&dir) > ahead);
    super::is_sound(&dir);
}

/// It is there, and another user's: that is said, with what to do.
#[test]
fn a_directory_of_another_user_is_not_taken_for_none() {
    let place = Place::new();
    let dir = filled(&place, 1);
    let is_root = nix::unistd::geteuid().is_root();
    // Root may read all, so it asks as somebody else; others are shut out by themselves.
    let mode = |mode| fs::set_permissions(&dir, fs::Permissions::from_mode(mode));
    mode(if is_root { 0o700 } else { 0 }).expect("it is ours");
    for mut asked in [
        guichet("verify", &["--data", flag(&dir)]),
        guichet("backup", &["--data", flag(&dir), "/tmp/no-backup.db"]),
    ] {
        if is_root {
            asked.uid(65_534);
        }
        is_refused(&ran(asked), &["Permission denied", "run this as root or as the user"]);
    }
    mode(0o700).expect("it is ours");
}
