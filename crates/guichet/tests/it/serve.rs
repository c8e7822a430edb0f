//! The service as a process: where it listens, what it says, how it ends.

mod audit;
mod drained;
mod hostile;
mod log;
mod manager;
mod metrics;
mod past;
mod record;
mod reload;
mod socket;
mod tls;
mod top;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::support::Place;

struct Service {
    child: Child,
    /// Kept open: a service whose output nobody may read is not what is tested.
    out: BufReader<ChildStdout>,
    address: String,
}

impl Service {
    /// Starts one on a free port and waits until it says that it listens.
    fn start(more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
        command.args(["serve", "--dev", "--listen", "127.0.0.1:0"]).args(more);
        Self::of(command.stderr(Stdio::null()))
    }

    /// Starts this, which serves on a free port.
    fn of(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let mut out = BufReader::new(child.stdout.take().expect("it has an output"));
        let mut line = String::new();
        out.read_line(&mut line).expect("it says something");
        let address = line.trim().rsplit("http://").next().unwrap_or_default().to_owned();
        Self { child, out, address }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a time-out");
        stream
    }

    /// One request, and all of its answer.
    fn ask(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers and closes");
        answer
    }

    fn tell(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).expect("a process id");
        kill(Pid::from_raw(id), signal).expect("it is there");
    }

    fn end(mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Service {
    /// A test that fails leaves no process behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const DISCOVERY: &str = "GET /compute HTTP/1.1\r\nhost: cloud.test\r\nconnection: close\r\n\r\n";

#[test]
fn it_answers_where_it_says_it_listens_and_links_go_by_what_it_was_called() {
    let service = Service::start(&[]);
    let answer = service.ask(DISCOVERY);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("http://cloud.test/compute/v2.1/"), "{answer}");
    assert!(answer.to_lowercase().contains("x-openstack-request-id: req-"), "{answer}");
    let other = Service::start(&["--public-url", "https://cloud.example.org/"]);
    let answer = other.ask(DISCOVERY);
    assert!(answer.contains("https://cloud.example.org/compute/v2.1/"), "{answer}");
}

#[test]
fn it_stops_when_it_is_told_to() {
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let service = Service::start(&[]);
        service.tell(signal);
        assert_eq!(service.end(), Some(0), "{signal}");
    }
}

#[test]
fn a_port_that_is_taken_is_bad_input() {
    let first = Service::start(&[]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command.args(["serve", "--dev", "--listen", &first.address]);
    let output = command.output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.starts_with(&format!("error: --listen: {}", first.address)), "{said}");
    assert!(said.contains("name another port (--listen 127.0.0.1:0"), "{said}");
    assert!(output.stdout.is_empty());
}

#[test]
fn its_clouds_yaml_is_its_owners_to_read() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let path = place.path("clouds.yaml");
    let service = Service::start(&["--write-clouds-yaml", path.to_str().expect("a path")]);
    // All that is said before it serves has been said with the first line.
    service.ask(DISCOVERY);
    let yaml = std::fs::read_to_string(&path).expect("it is written");
    for words in ["guichet:", "guichet-alt:", "guichet-admin:", &service.address] {
        assert!(yaml.contains(words), "{words:?} in {yaml}");
    }
    let mode = std::fs::metadata(&path).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
    service.tell(Signal::SIGTERM);
    assert_eq!(service.end(), Some(0));
}

/// A login with the drawn password works, and the password is said once, on stdout.
#[test]
fn a_cloud_of_its_own_draws_passwords_and_shows_them() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--profile", "instant"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = child.expect("it starts");
    let mut out = BufReader::new(child.stdout.take().expect("it has an output"));
    let mut lines = Vec::new();
    while lines.len() < 5 {
        let mut line = String::new();
        out.read_line(&mut line).expect("it says something");
        lines.push(line);
    }
    let address = lines[0].trim().rsplit("http://").next().unwrap_or_default().to_owned();
    let service = Service { child, out, address };
    let user = lines.iter().find_map(|line| {
        let (user, rest) = line.trim().strip_prefix("user ")?.split_once(", password ")?;
        Some((user.to_owned(), rest.split(' ').next()?.to_owned()))
    });
    let (user, password) = user.expect("a user with a password");
    let login = |password: &str| {
        let body = format!(
            r#"{{"auth":{{"identity":{{"methods":["password"],"password":{{"user":{{"name":"{user}","domain":{{"id":"default"}},"password":"{password}"}}}}}}}}}}"#
        );
        service.ask(&format!(
            "POST /identity/v3/auth/tokens HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ))
    };
    assert!(login(&password).starts_with("HTTP/1.1 201"), "{}", login(&password));
    assert!(login("guessed").starts_with("HTTP/1.1 401"));
}

/// What a unit says is in the journal, which more may read than the file.
#[test]
fn passwords_that_are_in_a_file_are_not_shown_too() {
    let place = Place::new();
    let path = place.path("clouds.yaml");
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--write-clouds-yaml"]).arg(&path);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = child.expect("it starts");
    let mut out = BufReader::new(child.stdout.take().expect("it has an output"));
    let mut said = String::new();
    while !said.contains("OS_CLIENT_CONFIG_FILE") {
        assert_ne!(out.read_line(&mut said).expect("it says something"), 0, "{said}");
    }
    child.kill().and_then(|()| child.wait()).expect("it is ended");
    let yaml = std::fs::read_to_string(&path).expect("it is written");
    let drawn = yaml.lines().filter_map(|line| line.trim().strip_prefix("password: "));
    let drawn: Vec<&str> = drawn.map(|word| word.trim_matches('"')).collect();
    assert!(!drawn.is_empty(), "{yaml}");
    assert!(drawn.iter().all(|word| !said.contains(word)), "{said}");
    assert!(said.contains("a password was drawn; it is in"), "{said}");
}
