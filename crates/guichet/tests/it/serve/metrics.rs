//! The address that metrics and health have for themselves.

use std::io::{BufRead, Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use nix::sys::signal::Signal;

use super::Service;

/// One request to an address, and all of its answer.
fn ask(address: &str, path: &str, host: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a time-out");
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers and closes");
    answer
}

/// Where a service says that its metrics are.
fn metrics_address(service: &mut Service) -> String {
    loop {
        let mut line = String::new();
        assert!(service.out.read_line(&mut line).expect("it says more") > 0, "no metrics");
        if let Some(url) = line.trim().strip_prefix("metrics") {
            let address = url.trim().strip_prefix("http://").expect("a URL");
            return address.strip_suffix("/metrics").expect("its path").to_owned();
        }
    }
}

#[test]
fn metrics_have_an_address_of_their_own_without_a_token_and_with_nothing_else() {
    let token = ["--control-token", "a-token-for-the-tests"];
    let mut service = Service::start(&[&token[..], &["--metrics-listen", "127.0.0.1:0"]].concat());
    let address = metrics_address(&mut service);
    let metrics = ask(&address, "/metrics", "localhost");
    assert!(metrics.starts_with("HTTP/1.1 200"), "{metrics}");
    for line in ["guichet_ready 1", "guichet_connections 0", "process_open_fds ", "# EOF"] {
        assert!(metrics.lines().any(|found| found.starts_with(line)), "{line} in {metrics}");
    }
    assert!(ask(&address, "/healthz", "localhost").starts_with("HTTP/1.1 200"));
    assert!(ask(&address, "/readyz", "localhost").starts_with("HTTP/1.1 200"));
    for path in ["/compute", "/identity/v3", "/guichet/v1/stats", "/console/", "/"] {
        assert!(ask(&address, path, "localhost").starts_with("HTTP/1.1 404"), "{path}");
    }
    // A page whose name was made to lead here learns nothing.
    assert!(ask(&address, "/metrics", "page.example").starts_with("HTTP/1.1 403"));
    let own = ask(&service.address, "/metrics", "localhost");
    assert!(own.starts_with("HTTP/1.1 401"), "{own}");
    service.tell(Signal::SIGTERM);
    assert_eq!(service.end(), Some(0));
}

#[test]
fn metrics_are_shown_to_other_machines_only_if_that_is_said() {
    let refused = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
        command.args(["serve", "--dev", "--listen", "127.0.0.1:0"]).args(more);
        let output = command.output().expect("it starts");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        said
    };
    let said = refused(&["--metrics-listen", "0.0.0.0:0"]);
    assert!(said.contains("--metrics-listen: 0.0.0.0:0 can be reached"), "{said}");
    assert!(said.contains("--metrics-plain-http"), "{said}");
    let said = refused(&["--metrics-plain-http"]);
    assert!(said.contains("--metrics-listen, which is not there"), "{said}");
    let mut service = Service::start(&["--metrics-listen", "0.0.0.0:0", "--metrics-plain-http"]);
    let address = metrics_address(&mut service).replace("0.0.0.0", "127.0.0.1");
    // Whoever scrapes from elsewhere calls it by its name there.
    assert!(ask(&address, "/metrics", "cloud.example").starts_with("HTTP/1.1 200"));
}
