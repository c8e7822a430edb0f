//! `guichet top` against a service: on a terminal of its own, and as text.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use guichet_clock::Stopwatch;
use nix::pty::{Winsize, openpty};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::Service;
use crate::support::{Place, flag, guichet};

/// Longer than anything here takes.
const DEADLINE: Duration = Duration::from_secs(60);

/// Reads of the screen that wait to be looked at.
const READS_MAX: usize = 1_024;

/// The program on a terminal of 24 rows of 80 columns, and what stands there.
struct Terminal {
    child: Child,
    keys: File,
    bytes: Receiver<Vec<u8>>,
    written: Vec<u8>,
}

impl Terminal {
    fn open(flags: &[&str]) -> Self {
        let size = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = openpty(Some(&size), None).expect("a terminal");
        let mut command = guichet("top", flags);
        command.env("TERM", "xterm-256color").env_remove("NO_COLOR");
        let end = || pty.slave.try_clone().expect("another end");
        command.stdin(end()).stdout(end()).stderr(Stdio::from(end()));
        let child = command.spawn().expect("it starts");
        drop(command);
        drop(pty.slave);
        let keys = File::from(pty.master);
        let mut screen = keys.try_clone().expect("another end");
        let (sender, bytes) = sync_channel(READS_MAX);
        std::thread::spawn(move || {
            let mut read = [0; 4_096];
            // A terminal says by an error that nobody writes to it any more.
            while let Ok(count @ 1..) = screen.read(&mut read) {
                if sender.send(read[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { child, keys, bytes, written: Vec::new() }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.written).into_owned()
    }

    /// Waits until this stands on the screen.
    fn wait_for(&mut self, text: &str) {
        let watch = Stopwatch::start();
        while !shown(&self.text()).contains(text) {
            let left = DEADLINE.saturating_sub(watch.elapsed());
            match self.bytes.recv_timeout(left) {
                Ok(more) => self.written.extend(more),
                Err(_) => panic!("no {text} in:\n{}", shown(&self.text())),
            }
        }
    }

    fn press(&mut self, key: &str) {
        self.keys.write_all(key.as_bytes()).expect("it reads");
    }

    fn tell(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id().cast_signed()), signal).expect("it is there");
    }

    /// How it ended, and all that it wrote.
    fn end(mut self) -> (Option<i32>, String) {
        while let Ok(more) = self.bytes.recv_timeout(DEADLINE) {
            self.written.extend(more);
        }
        let text = self.text();
        (self.child.wait().expect("it ends").code(), text)
    }
}

impl Drop for Terminal {
    /// A test that fails leaves no process behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What stands on a screen after all that was written to it: as much as is used of one, which is places
/// and clearing.
fn shown(written: &str) -> String {
    let mut lines = vec![vec![' '; 80]; 24];
    let (mut row, mut column) = (0_usize, 0_usize);
    let mut letters = written.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{1b}' if letters.next() == Some('[') => {
                let mut sequence = String::new();
                for letter in letters.by_ref() {
                    sequence.push(letter);
                    if letter.is_ascii_alphabetic() {
                        break;
                    }
                }
                match sequence.pop() {
                    Some('H') => {
                        let mut place = sequence.split(';').map(|it| it.parse().unwrap_or(1));
                        (row, column) =
                            (place.next().unwrap_or(1) - 1, place.next().unwrap_or(1) - 1);
                    }
                    Some('J') => lines.iter_mut().for_each(|line| line.fill(' ')),
                    _ => {}
                }
            }
            '\n' => row += 1,
            '\r' => column = 0,
            letter => {
                if let Some(place) = lines.get_mut(row).and_then(|line| line.get_mut(column)) {
                    *place = letter;
                }
                column += 1;
            }
        }
    }
    let lines = lines.into_iter().map(|line| line.into_iter().collect::<String>());
    lines.collect::<Vec<_>>().join("\n")
}

const ENTER: &str = "\u{1b}[?1049h";
const LEAVE: &str = "\u{1b}[?1049l";

/// Whether the screen was given back, with its cursor.
fn is_restored(written: &str) -> bool {
    written.matches(ENTER).count() == written.matches(LEAVE).count()
        && written.contains(ENTER)
        && written.rfind("\u{1b}[?25h") > written.rfind("\u{1b}[?25l")
}

/// A cloud with one server, from a document.
fn fill(url: &str) {
    let place = Place::new();
    let document = br#"{"format":"guichet-snapshot","version":1,"servers":[
        {"name":"web","flavor":"m1.tiny","image":"cirros"}]}"#;
    let file = place.file("fleet.json", document);
    let snapshot = |flags: &[&str]| {
        let output = guichet("snapshot", flags).args(["--url", url]).output().expect("it runs");
        assert!(output.status.success(), "{output:?}");
    };
    snapshot(&["import", "fleet", flag(&file)]);
    snapshot(&["restore", "fleet"]);
}

#[test]
fn in_a_pipe_it_is_printed_once_and_says_what_there_is() {
    let service = Service::start(&[]);
    let url = format!("http://{}", service.address);
    fill(&url);
    let output = guichet("top", &["--url", &url]).output().expect("it runs");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(!text.contains('\u{1b}'), "{text}");
    let line = |begins: &str| {
        let found = text.lines().find(|line| line.contains(begins));
        let found = found.unwrap_or_else(|| panic!("no {begins} in:\n{text}"));
        found.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(line("guichet top").contains(&url), "{text}");
    assert!(line("waiting").ends_with("waiting 0 of 10,000"), "{text}");
    assert!(line("permits").contains("permits 0 of "), "{text}");
    assert!(line("SERVERS").ends_with("SERVERS 1"), "{text}");
    assert!(line("ACTIVE").ends_with("ACTIVE 1"), "{text}");
    let none = guichet("top", &["--url", "http://127.0.0.1:1"]).output().expect("it runs");
    assert_eq!(none.status.code(), Some(2));
    assert!(none.stdout.is_empty(), "{none:?}");
    let wrong = guichet("top", &["--interval", "1ms"]).output().expect("it runs");
    assert_eq!(wrong.status.code(), Some(2));
    let said = String::from_utf8_lossy(&wrong.stderr);
    assert!(said.contains("expected a length of time from 0.5s to 60s"), "{said}");
}

#[test]
fn it_gives_the_terminal_back_when_somebody_quits_or_ends_it() {
    let service = Service::start(&[]);
    let url = format!("http://{}", service.address);
    let open = || {
        let mut top = Terminal::open(&["--url", &url]);
        top.wait_for("QUEUE");
        top.wait_for("? help");
        top
    };
    for key in ["q", "\u{1b}", "\u{3}"] {
        let mut top = open();
        top.press("?");
        top.wait_for("Keys");
        top.press("?");
        top.press("p");
        top.wait_for("paused at");
        top.press(key);
        let (code, written) = top.end();
        assert!(is_restored(&written) && code == Some(0), "{key:?} {code:?}: {written:?}");
    }
    for signal in [Signal::SIGTERM, Signal::SIGHUP] {
        let top = open();
        top.tell(signal);
        let (code, written) = top.end();
        assert!(is_restored(&written) && code == Some(0), "{signal} {code:?}: {written:?}");
    }
    let (code, written) = Terminal::open(&["--url", "http://127.0.0.1:1"]).end();
    assert!(code == Some(2) && !written.contains(ENTER), "{written}");
}

#[test]
fn a_service_that_goes_away_is_waited_for_with_what_was_last_known() {
    let place = Place::new();
    let data = place.path("data");
    let (socket, data) = (data.join("control.sock"), flag(&data).to_owned());
    let start = || Service::start(&["--data", &data, "--control-token", "0123456789abcdef"]);
    let mut service = start();
    let mut top = Terminal::open(&["--socket", flag(&socket), "--interval", "500ms"]);
    top.wait_for("10,000");
    service.child.kill().expect("it is there");
    service.child.wait().expect("it ends");
    drop(service);
    top.wait_for("not answering since ");
    top.wait_for("asked again in");
    top.wait_for("10,000");
    let _again = start();
    top.wait_for("UTC, every 0.5 s");
    top.press("q");
    let (code, written) = top.end();
    assert!(is_restored(&written) && code == Some(0), "{written:?}");
}
