//! The service with a data directory on its bad days: killed, stopped in the middle, out of disk,
//! on a disk that fails, on files that are not what they should be.

mod broken;
mod cloud;
mod copies;
mod crash;
mod declared;
mod directory;
mod earlier;
mod full;
mod mirror;
#[cfg(feature = "postgres")]
mod moved;
#[cfg(feature = "postgres")]
mod nodes;
#[cfg(feature = "postgres")]
mod several;
mod simulate;
mod stop;
mod together;
mod wire;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::support::{Ran, flag, guichet};

/// Waits until something is so, for two minutes at most.
fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..12_000 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
    panic!("it did not come about: {what}");
}

/// Waits for the end of a process.
fn ended(child: &mut Child) -> Option<i32> {
    eventually("the process ends", || child.try_wait().expect("it is ours")).code()
}

/// Runs a command that is to end by itself, and soon.
fn ran(mut command: Command) -> Ran {
    let piped = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("it starts");
    let mut look = || child.try_wait().expect("it is ours");
    let status = (0..12_000).find_map(|_| {
        let status = look();
        if status.is_none() {
            std::thread::park_timeout(Duration::from_millis(10));
        }
        status
    });
    if status.is_none() {
        child.kill().expect("it is ours");
    }
    let output = child.wait_with_output().expect("it has an output");
    let ran = Ran::from(output);
    assert!(status.is_some(), "it did not end: {ran:#?}");
    ran
}

/// What `guichet verify` says of a directory.
fn verify(dir: &Path) -> Ran {
    ran(guichet("verify", &["--data", flag(dir)]))
}

/// A directory in which all holds.
fn is_sound(dir: &Path) {
    let ran = verify(dir);
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    assert!(ran.out.contains(" 0 broken"), "{ran:#?}");
}

/// Bad input: exit code 2, nothing on stdout, and a message with all of these words.
fn is_refused(ran: &Ran, words: &[&str]) {
    assert_eq!(ran.code, Some(2), "{ran:#?}");
    assert_eq!(ran.out, "");
    for word in words {
        assert!(ran.log.contains(word), "{word:?} in {}", ran.log);
    }
    // A cause that its effect has told already is not told again.
    let last = ran.log.trim().rsplit(": ").next().unwrap_or_default();
    assert_eq!(ran.log.matches(last).count(), 1, "{last:?} once in {}", ran.log);
}
