//! Ctrl-C: the process of the file and its directory are gone before the program is.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::support::{Place, flag, guichet};

/// How long anything here may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a function gives, on a thread, so that it is not waited for without an end.
fn in_time<T: Send + 'static>(what: &str, job: impl FnOnce() -> T + Send + 'static) -> T {
    let (tell, told) = mpsc::sync_channel(1);
    std::thread::spawn(move || tell.send(job()));
    told.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("waited in vain: {what}"))
}

/// Starts a check that never ends, interrupts it, and looks at what is left.
fn interrupted_by(signal: &str) {
    let place = Place::new();
    let pipe = place.path("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    // Says that it runs, and then holds its end of the pipe open in a loop that no tracer sees.
    let body = format!(
        "import os\nPIPE = open({:?}, 'w')\nPIPE.write('here')\nPIPE.flush()\n\
         open('left.txt', 'w').close()\nsum(iter(int, 1))\n",
        flag(&pipe)
    );
    let file = place.file("hangs.py", body.as_bytes());
    let temporary = place.path("temporary");
    std::fs::create_dir(&temporary).expect("a directory");
    let mut command = guichet("tp", &["check", flag(&file), "--time", "600"]);
    command.env("TMPDIR", &temporary).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("it starts");

    let mut pipe = in_time("the file runs", move || std::fs::File::open(pipe).expect("a pipe"));
    let mut here = [0; 4];
    pipe.read_exact(&mut here).expect("it says so");
    assert_eq!(&here, b"here");
    let left = || std::fs::read_dir(&temporary).expect("the directory").count();
    assert_eq!(left(), 1, "it has a directory");

    let kill = format!("kill -{signal} {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().expect("a shell").success());
    let output = in_time("it ends", move || child.wait_with_output().expect("an end"));
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert_eq!(left(), 0, "nothing is left behind");
    // The pipe ends once nobody holds its other end.
    let rest = in_time("its process ends", move || {
        let mut rest = Vec::new();
        pipe.read_to_end(&mut rest).map(|_| rest)
    });
    assert_eq!(rest.expect("an end"), b"");
}

#[test]
fn by_a_person() {
    interrupted_by("INT");
}

#[test]
fn by_the_system() {
    interrupted_by("TERM");
}

#[test]
fn by_a_terminal_that_closes() {
    interrupted_by("HUP");
}
