//! A disk that fails: here one that lets no file grow past a limit, which SQLite hears as an I/O
//! error and not as a full disk.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::process::Command;
use std::sync::{Arc, Mutex};

use super::cloud::{Cloud, id, limited, serve};
use super::{eventually, is_refused, is_sound, ran};
use crate::support::{Place, flag, simulate};

/// KiB that a file may have. A new directory's files are smaller, a busy one's are not.
const LIMIT: u32 = 600;

#[test]
fn an_io_error_ends_the_service_and_answers_nobody() {
    let place = Place::new();
    let dir = place.path("data");
    let log = place.path("log");
    let mut cloud = Cloud::of(limited(&serve(&dir, &["--profile", "instant"]), LIMIT), &log);
    let taken: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    let clients: Vec<_> = (0..4)
        .map(|number| {
            let (client, taken) = (cloud.client.clone(), Arc::clone(&taken));
            std::thread::spawn(move || {
                for n in 0.. {
                    let key = format!("{number}-{n}");
                    match client.ask_for(&key, Some(&key), 8_000) {
                        // The connection ended, or there is none any more.
                        None => return,
                        // Between the error and the end nothing is taken.
                        Some(answer) if answer.status == 503 => drop(answer.come_back()),
                        Some(answer) => {
                            taken.lock().expect("no panic").push((key, id(&answer)));
                        }
                    }
                }
            })
        })
        .collect();
    eventually("it ends", || cloud.has_ended().then_some(()));
    clients.into_iter().for_each(|client| client.join().expect("no panic"));
    let (code, log) = cloud.end();
    assert_eq!(code, Some(74), "{log}");
    assert!(log.contains("Look at the disk, then start again"), "{log}");
    assert!(log.contains("the journal is lost") && log.contains("guichet.db"), "{log}");
    is_sound(&dir);
    let taken = taken.lock().expect("no panic");
    assert!(taken.len() > 4, "{}", taken.len());
    let cloud = Cloud::start(&dir, &["--profile", "instant"]);
    let servers = cloud.client.servers();
    for (key, server) in &*taken {
        assert!(servers.contains_key(server), "{key}");
        let again = cloud.client.ask_for(key, Some(key), 8_000).expect("an answer");
        assert_eq!(&id(&again), server, "{key}");
    }
    cloud.stop();
    is_sound(&dir);
}

/// `O_NONBLOCK` of Linux.
const DO_NOT_WAIT: i32 = 0o4000;

#[test]
fn it_ends_though_nobody_reads_what_it_says() {
    let place = Place::new();
    let (dir, log) = (place.path("data"), place.path("log"));
    assert!(Command::new("mkfifo").arg(&log).status().expect("a command").success());
    let mut options = OpenOptions::new();
    let pipe = options.read(true).write(true).custom_flags(DO_NOT_WAIT).open(&log);
    let mut pipe = pipe.expect("a pipe");
    while pipe.write(b"x").is_ok() {}
    let mut cloud = Cloud::of(limited(&serve(&dir, &["--profile", "instant"]), LIMIT), &log);
    let client = cloud.client.clone();
    eventually("it ends", || {
        client.ask_for("web", None, 8_000);
        cloud.has_ended().then_some(())
    });
    // Nobody could read it.
    fs::remove_file(&log).and_then(|()| fs::write(&log, "")).expect("a file");
    assert_eq!(cloud.end().0, Some(74));
}

#[test]
fn an_io_error_ends_a_simulation() {
    let place = Place::new();
    let dir = place.path("data");
    let flags = ["--data", flag(&dir), "--requests", "100000", "--quiet", "--mix", "create=1"];
    let broken = ran(limited(&simulate(&flags), LIMIT));
    assert_eq!(broken.code, Some(74), "{broken:#?}");
    assert!(broken.log.contains("Look at the disk, then start again"), "{broken:#?}");
    is_sound(&dir);
    let flags = ["--data", flag(&dir), "--requests", "100", "--quiet"];
    let good = ran(simulate(&flags));
    assert_eq!(good.code, Some(0), "{good:#?}");
    is_sound(&dir);
}

#[test]
fn an_io_error_at_the_start_says_what_to_do() {
    let place = Place::new();
    let dir = place.path("data");
    let broken = ran(limited(&serve(&dir, &[]), 8));
    is_refused(&broken, &["error: --data: ", "guichet.db", "see to the disk"]);
    Cloud::start(&dir, &[]).stop();
    is_sound(&dir);
}
