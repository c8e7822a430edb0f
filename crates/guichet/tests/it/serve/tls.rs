//! A service that speaks TLS, and our own commands as its clients.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use crate::support::Place;

/// A service with a certificate of its own.
struct Secured {
    child: Child,
    url: String,
    ca: PathBuf,
}

impl Secured {
    fn start(data: &Path) -> Self {
        let mut command = guichet();
        command.args(["serve", "--dev", "--tls-self-signed", "--listen", "127.0.0.1:0", "--data"]);
        command.arg(data).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("it starts");
        let out = BufReader::new(child.stdout.take().expect("it has an output"));
        let (mut url, mut ca) = (None, None);
        for line in out.lines() {
            let line = line.expect("text");
            url = url.or_else(|| line.split("listening on ").nth(1).map(str::to_owned));
            ca = line.split("OS_CACERT=").nth(1).map(PathBuf::from);
            if ca.is_some() {
                break;
            }
        }
        let (url, ca) = (url.expect("where it is"), ca.expect("what to trust"));
        assert!(url.starts_with("https://127.0.0.1:"), "{url}");
        Self { child, url, ca }
    }

    fn ask(&self, args: &[&str]) -> Output {
        let mut command = guichet();
        command.args(args).args(["--url", &self.url]).arg("--cacert").arg(&self.ca);
        command.output().expect("it runs")
    }
}

impl Drop for Secured {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn guichet() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command.env_remove("OS_CACERT").env_remove("GUICHET_URL");
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn our_commands_ask_by_tls_and_trust_what_they_are_told_to() {
    let place = Place::new();
    let data = place.path("data");
    let service = Secured::start(&data);
    assert!(service.ask(&["wait"]).status.success());
    let made = service.ask(&["world", "create", "--format", "env"]);
    let lines = text(&made.stdout);
    assert!(lines.contains(&format!("OS_AUTH_URL='{}/w/", service.url)), "{lines}");
    assert!(lines.contains(&format!("OS_CACERT='{}'", service.ca.display())), "{lines}");
    let yaml = text(&service.ask(&["clouds-yaml", "--dev"]).stdout);
    assert!(yaml.contains(&format!("cacert: \"{}\"", service.ca.display())), "{yaml}");

    let stranger = guichet().args(["world", "list", "--url", &service.url]).output();
    let stranger = stranger.expect("it runs");
    assert!(!stranger.status.success());
    assert!(text(&stranger.stderr).contains("certificate"), "{}", text(&stranger.stderr));
    let cert = std::fs::read(&service.ca).expect("it is there");
    drop(service);
    let again = Secured::start(&data);
    assert_eq!(std::fs::read(&again.ca).expect("it is there"), cert, "clients trust it still");
    assert!(again.ask(&["wait"]).status.success());
}
