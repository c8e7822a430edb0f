//! What a terminal shows: as wide as it is, clean at the end, and nothing of it in a pipe.

use std::fs::File;
use std::io::Read;
use std::process::{Child, ExitStatus, Stdio};

use nix::pty::{Winsize, openpty};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::support::{Place, flag, guichet};

/// A program on a terminal of its own.
struct OnTerminal {
    child: Child,
    screen: File,
    read: Vec<u8>,
}

impl OnTerminal {
    /// Starts a command on a terminal of so many columns and 40 rows.
    fn new(columns: u16, command: &str, flags: &[&str], environment: &[(&str, &str)]) -> Self {
        let size = Winsize { ws_row: 40, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = openpty(Some(&size), None).expect("a terminal");
        let mut command = guichet(command, flags);
        command.env("TERM", "xterm-256color").env_remove("NO_COLOR");
        command.envs(environment.iter().copied());
        let out = pty.slave.try_clone().expect("a second end");
        command.stdout(out).stderr(Stdio::from(pty.slave));
        let child = command.spawn().expect("it starts");
        // The command holds the other ends too, and goes here: what is read ends with the program.
        drop(command);
        Self { child, screen: File::from(pty.master), read: Vec::new() }
    }

    /// Reads on; false at the end, which a terminal says by an error.
    fn read_on(&mut self) -> bool {
        let mut bytes = [0; 4_096];
        let count = self.screen.read(&mut bytes).unwrap_or(0);
        self.read.extend_from_slice(&bytes[..count]);
        count > 0
    }

    fn wait_for(&mut self, text: &str) {
        while !String::from_utf8_lossy(&self.read).contains(text) {
            assert!(self.read_on(), "it ended before {text}: {}", self.text());
        }
    }

    fn interrupt(&self) {
        kill(Pid::from_raw(self.child.id().cast_signed()), Signal::SIGINT).expect("it is there");
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.read).into_owned()
    }

    /// Everything that was written, and how it ended.
    fn end(mut self) -> (String, ExitStatus) {
        while self.read_on() {}
        let status = self.child.wait().expect("it ends");
        (self.text(), status)
    }
}

/// What stands on a terminal after all that was written to it: as much as this program uses of one,
/// which is lines, returns, upward steps and erasing. Nothing is wrapped: a line may become too long.
fn screen(written: &str) -> Vec<String> {
    let (mut lines, mut row, mut column) = (vec![Vec::<char>::new()], 0_usize, 0_usize);
    let mut letters = written.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\n' => {
                row += 1;
                if row == lines.len() {
                    lines.push(Vec::new());
                }
            }
            '\r' => column = 0,
            '\u{1b}' => {
                assert_eq!(letters.next(), Some('['), "no other sequence is used");
                let sequence: String =
                    letters.by_ref().take_while_inclusive(|c| !c.is_ascii_alphabetic());
                let (count, what) = sequence.split_at(sequence.len() - 1);
                let count = count.parse::<usize>().unwrap_or(1);
                match what {
                    "A" => row = row.saturating_sub(count),
                    "B" => row = (row + count).min(lines.len() - 1),
                    "G" => column = count - 1,
                    "K" => lines[row].clear(),
                    "m" => {}
                    other => panic!("what is {other:?} ({sequence:?})?"),
                }
            }
            letter => {
                let line = &mut lines[row];
                line.resize(line.len().max(column + 1), ' ');
                line[column] = letter;
                column += 1;
            }
        }
    }
    lines
        .into_iter()
        .map(|line| line.into_iter().collect::<String>().trim_end().to_owned())
        .collect()
}

/// As `take_while`, and the first that does not fit too.
trait TakeWhileInclusive: Iterator<Item = char> + Sized {
    fn take_while_inclusive(self, fits: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        for letter in self {
            taken.push(letter);
            if !fits(letter) {
                break;
            }
        }
        taken
    }
}

impl<I: Iterator<Item = char>> TakeWhileInclusive for I {}

/// The screen after a command that ends well, no line of which is wider than it.
fn shown(columns: u16, command: &str, flags: &[&str]) -> String {
    let (written, status) = OnTerminal::new(columns, command, flags, &[]).end();
    assert!(status.success(), "{written}");
    let lines = screen(&written);
    for line in &lines {
        assert!(line.chars().count() <= usize::from(columns), "{columns}: {line}");
    }
    lines.join("\n")
}

const COLUMNS: [u16; 3] = [80, 100, 140];

#[test]
fn nothing_that_simulate_prints_is_wider_than_the_terminal() {
    for columns in COLUMNS {
        let text = shown(columns, "simulate", &["--requests", "600"]);
        assert!(text.contains("All 600 requests were answered: "), "{text}");
        assert!(text.contains("Everything that was checked holds ("), "{text}");
        assert!(text.contains("\nTry next\n"), "{text}");
        assert!(!text.contains("requests    0 of"), "the view is gone: {text}");
        let log = shown(columns, "simulate", &["--requests", "200", "--log", "--profile", "flaky"]);
        assert!(log.contains(" succeeded ") && log.contains(" accepted "), "{log}");
        assert!(!log.contains("2026-") && !log.contains(" req-"), "{log}");
    }
}

#[test]
fn nothing_that_the_other_commands_print_is_wider_than_the_terminal() {
    let place = Place::new();
    let data = place.path("data");
    let kept = ["--requests", "20", "--data", flag(&data), "--quiet"];
    assert!(guichet("simulate", &kept).status().expect("it runs").success());
    for columns in COLUMNS {
        let text = shown(columns, "verify", &["--data", flag(&data)]);
        let words: Vec<&str> = text.split_whitespace().collect();
        assert!(words.join(" ").ends_with(" facts checked, 0 broken"), "{text}");
        let to = place.path(&format!("data-{columns}"));
        let text = shown(columns, "data", &["copy", flag(&data), flag(&to)]);
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(" 0 broken") && words.contains(" any more."), "{text}");
        assert!(!words.contains("comparing"), "what was drawn meanwhile is gone: {text}");
        let few =
            ["--models", "pool,async", "--workers", "2,4", "--runs", "1", "--requests", "200"];
        let text = shown(columns, "compare", &[&few[..], &["--profile", "instant"]].concat());
        assert!(text.contains("requests/s"), "{text}");
    }
    // What is found by chance differs: all of it has to fit.
    let race = ["--requests", "400", "--states", "3000", "--with", "semaphore=2"];
    for columns in [80, 100] {
        let (written, _) = OnTerminal::new(columns, "race", &race, &[]).end();
        for line in screen(&written) {
            assert!(line.chars().count() <= usize::from(columns), "{columns}: {line}");
        }
    }
}

/// The tables of a service, of servers and snapshots whose names are as long as people's.
#[test]
fn nothing_that_is_said_of_worlds_is_wider_than_the_terminal() {
    let script = r#"
        set -e
        document='{"format":"guichet-snapshot","version":1,"time":{"now":"2026-12-01T08:00:00Z","speed":1},
            "servers":[{"name":"a-server-whose-name-is-rather-long-and-says-much","flavor":"m1.tiny",
            "image":"cirros","finished":[{"action":"reboot_hard"},{"action":"create"}]}]}'
        printf '%s' "$document" | "$guichet" snapshot import the-fleet-that-tests-begin-with -
        "$guichet" snapshot restore the-fleet-that-tests-begin-with
        "$guichet" world operations root
        "$guichet" snapshot list
        "$guichet" world requests root
        "$guichet" world list
        "$guichet" clock show
        "$guichet" world remember root && exit 1
        echo "exit $?"
    "#;
    for (columns, requests) in [(80, false), (100, false), (150, true)] {
        let program = env!("CARGO_BIN_EXE_guichet");
        let script = format!("guichet={program}; {script}");
        let text = shown(columns, "run", &["--", "bash", "-c", &script]);
        assert!(text.contains("reboot_hard") && text.contains(" succeeded "), "{text}");
        assert_eq!(text.contains(" request "), requests, "{columns}: {text}");
        assert!(text.contains("2026-12-01T08:00"), "{text}");
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("guichet world remember root --most 200"), "{text}");
        assert!(words.contains("--most N, --bodies BYTES or --header NAME"), "{text}");
        assert!(text.contains("exit 2"), "{text}");
    }
}

#[test]
fn a_short_id_is_the_same_in_the_log_and_in_the_list() {
    let flags = ["--requests", "30", "--mix", "create=1", "--virtual-time", "--log"];
    let text = shown(100, "simulate", &flags);
    let listed = text.lines().filter(|line| line.contains(" ACTIVE ") && line.starts_with('│'));
    let mut count = 0;
    for line in listed {
        let id = line.split_whitespace().nth(1).expect("an id");
        assert_eq!(id.len(), 8, "{line}");
        let logged = text.lines().filter(|line| line.contains(" create ") && line.contains(id));
        assert_eq!(logged.count(), 3, "accepted, started, succeeded: {id}");
        count += 1;
    }
    assert_eq!(count, 10);
    let full = shown(140, "simulate", &[&flags[..], &["--full-ids"]].concat());
    let row = full.lines().find(|line| line.starts_with('│') && line.contains(" ACTIVE "));
    assert_eq!(row.and_then(|row| row.split_whitespace().nth(1)).map(str::len), Some(36), "{full}");
}

#[test]
fn the_view_shows_a_run_and_is_gone_after_it() {
    let place = Place::new();
    let profile = place.file("slow.toml", b"[default]\ndelay = { fixed = { ms = 20 } }\n");
    let flags = ["--requests", "4000", "--clients", "8", "--profile", flag(&profile)];
    let mut running = OnTerminal::new(80, "simulate", &flags, &[]);
    running.wait_for(" in flight, ");
    running.wait_for(" ACTIVE");
    running.wait_for(" left");
    running.interrupt();
    let (written, status) = running.end();
    assert_eq!(status.code(), Some(130));
    assert!(written.contains("guichet: stopping: finishing what was accepted"), "{written}");
    let after = screen(&written).join("\n");
    assert!(after.contains("It was interrupted; "), "{after}");
    for gone in [" in flight, ", "░", "█"] {
        assert!(!after.contains(gone), "{gone} is still there:\n{after}");
    }
    assert!(!written.contains("\u{1b}[?25l"), "the cursor was never hidden");
}

#[test]
fn the_second_interrupt_leaves_the_terminal_clean_too() {
    let place = Place::new();
    let profile = place.file("slow.toml", b"[default]\ndelay = { fixed = { ms = 86_400_000 } }\n");
    let flags = ["--clients", "8", "--profile", flag(&profile)];
    let mut running = OnTerminal::new(80, "simulate", &flags, &[]);
    running.wait_for("8 in flight, ");
    running.interrupt();
    running.wait_for("guichet: stopping: ");
    running.interrupt();
    let (written, status) = running.end();
    assert_eq!(status.code(), Some(130));
    let after = screen(&written).join("\n");
    assert!(!after.contains('░') && !after.contains(" in flight, "), "{after}");
}

#[test]
fn colour_is_for_who_wants_it() {
    let flags = ["--requests", "50", "--log", "--virtual-time"];
    let green = "\u{1b}[32m";
    let on_terminal = |more: &[&str], environment: &[(&str, &str)]| {
        OnTerminal::new(100, "simulate", &[&flags[..], more].concat(), environment).end().0
    };
    assert!(on_terminal(&[], &[]).contains(green));
    assert!(on_terminal(&[], &[("NO_COLOR", "")]).contains(green), "empty is not set");
    assert!(!on_terminal(&[], &[("NO_COLOR", "1")]).contains(green));
    assert!(!on_terminal(&["--color", "never"], &[]).contains(green));
    assert!(on_terminal(&["--color", "always"], &[("NO_COLOR", "1")]).contains(green));
    let piped = |more: &[&str]| {
        let output = guichet("simulate", &[&flags[..], more].concat()).output().expect("it runs");
        String::from_utf8([output.stdout, output.stderr].concat()).expect("text")
    };
    assert!(!piped(&[]).contains('\u{1b}'));
    assert!(piped(&["--color", "always"]).contains(green));
    let place = Place::new();
    let (history, report) = (place.path("history"), place.path("report.html"));
    let files = ["--history", flag(&history), "--report", flag(&report), "--color", "always"];
    on_terminal(&files, &[]);
    for file in [history, report] {
        assert!(!std::fs::read_to_string(&file).expect("text").contains('\u{1b}'));
    }
}

#[test]
fn a_terminal_that_only_takes_lines_gets_lines() {
    let (written, status) =
        OnTerminal::new(80, "simulate", &["--requests", "50"], &[("TERM", "dumb")]).end();
    assert!(status.success());
    assert!(written.contains(" succeeded ") && !written.contains('\u{1b}'), "{written}");
}

#[test]
fn what_is_piped_is_as_it_was() {
    let flags = ["--requests", "30", "--clients", "3", "--profile", "flaky", "--virtual-time"];
    for more in [&[][..], &["--log"], &["--color", "auto"]] {
        let output = guichet("simulate", &[&flags[..], more].concat()).output().expect("it runs");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        assert_eq!(text(output.stderr), include_str!("../golden/piped.log"));
        // One line is of real time, which no seed repeats.
        let out = text(output.stdout);
        let lines = out.lines().map(|line| {
            if line.starts_with("speed ") {
                "speed       …\n".to_owned()
            } else {
                format!("{line}\n")
            }
        });
        assert_eq!(lines.collect::<String>(), include_str!("../golden/piped.out"));
    }
}
