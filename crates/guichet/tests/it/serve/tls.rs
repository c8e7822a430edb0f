//! A service that speaks TLS, and our own commands as its clients.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};

use crate::support::Place;

/// A service with a certificate of its own.
struct Secured {
    child: Child,
    url: String,
    ca: PathBuf,
}

impl Secured {
    fn start(data: &Path) -> Self {
        Self::with(data, &[])
    }

    fn with(data: &Path, flags: &[&str]) -> Self {
        let mut command = guichet();
        command.args(["serve", "--dev", "--tls-self-signed", "--listen", "127.0.0.1:0", "--data"]);
        command.arg(data).args(flags).stdout(Stdio::piped()).stderr(Stdio::null());
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
    command.env_remove("OS_CERT").env_remove("OS_KEY");
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
    let said = text(&stranger.stderr);
    assert!(said.contains("answers, but its certificate is not trusted"), "{said}");
    assert!(said.contains("--cacert FILE or OS_CACERT"), "{said}");
    // It does not wait for what will not change.
    let waits = guichet().args(["wait", "--timeout", "1h", "--url", &service.url]).output();
    let said = text(&waits.expect("it runs").stderr);
    assert!(said.contains("answers, but its certificate is not trusted"), "{said}");
    let cert = std::fs::read(&service.ca).expect("it is there");
    drop(service);
    let again = Secured::start(&data);
    assert_eq!(std::fs::read(&again.ca).expect("it is there"), cert, "clients trust it still");
    assert!(again.ask(&["wait"]).status.success());
}

#[test]
fn a_service_that_wants_a_certificate_of_its_clients_says_so() {
    let place = Place::new();
    let own = Secured::start(&place.path("own"));
    let ca = own.ca.clone();
    drop(own);
    let ca = ca.to_str().expect("text");
    let secured = Secured::with(&place.path("data"), &["--tls-client-ca", ca]);
    let refused = secured.ask(&["world", "list"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = text(&refused.stderr);
    assert!(said.contains("wants a certificate of you that it knows"), "{said}");
    let mut half = guichet();
    half.args(["world", "list", "--url", &secured.url]).arg("--cacert").arg(&secured.ca);
    let half = half.env("OS_CERT", ca).output().expect("it runs");
    assert_eq!(half.status.code(), Some(2));
    let said = text(&half.stderr);
    assert!(said.contains("OS_CERT is set and OS_KEY is not"), "{said}");
}

/// One file for both: what is missing in it says which flag is meant.
#[test]
fn a_file_named_twice_is_blamed_for_what_it_lacks() {
    let place = Place::new();
    let file = place.path("neither.pem");
    std::fs::write(&file, "neither\n").expect("it is written");
    let file = file.to_str().expect("text");
    let mut serve = guichet();
    serve.args([
        "serve",
        "--dev",
        "--listen",
        "127.0.0.1:0",
        "--tls-cert",
        file,
        "--tls-key",
        file,
    ]);
    let refused = serve.output().expect("it runs");
    let said = text(&refused.stderr);
    assert!(said.contains("--tls-cert: ") && said.contains("expected certificates"), "{said}");
}

/// As the commonest recipe makes one: it is an authority's, and that is said.
#[test]
fn a_certificate_that_is_an_authoritys_is_said_to_be_one() {
    let place = Place::new();
    let [cert, key] = ["c.pem", "k.pem"].map(|name| place.path(name));
    let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let own = KeyPair::generate().expect("a key");
    let signed = params.self_signed(&own).expect("a certificate");
    std::fs::write(&cert, signed.pem()).expect("it is written");
    std::fs::write(&key, own.serialize_pem()).expect("it is written");
    let mut serve = guichet();
    serve.args(["serve", "--dev", "--listen", "127.0.0.1:0"]);
    serve.arg("--tls-cert").arg(&cert).arg("--tls-key").arg(&key).stdout(Stdio::piped());
    let mut child = serve.stderr(Stdio::null()).spawn().expect("it starts");
    let mut first = String::new();
    let mut out = BufReader::new(child.stdout.take().expect("it has an output"));
    out.read_line(&mut first).expect("text");
    let url = first.trim_end().rsplit(' ').next().expect("where it is").to_owned();
    let secured = Secured { child, url, ca: cert };
    let said = text(&secured.ask(&["world", "list"]).stderr);
    assert!(said.contains("answers with an authority’s certificate (CA:TRUE)"), "{said}");
}
