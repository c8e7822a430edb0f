//! What clients, signals and the log's reader do to the process, and what it does all the same.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use guichet_clock::Stopwatch;
use nix::sys::signal::Signal;

use super::{DISCOVERY, Service};

fn serve() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command.args(["serve", "--dev", "--listen", "127.0.0.1:0"]);
    command
}

/// Asks so often over one connection, one after the other; each must be answered.
fn ask_often(service: &Service, times: usize) {
    let mut stream = service.connect();
    let request = DISCOVERY.replace("connection: close\r\n", "");
    for number in 0..times {
        stream.write_all(request.as_bytes()).expect("it reads");
        let answer = answer(&mut stream);
        assert!(answer.starts_with("HTTP/1.1 200"), "{number}: {answer}");
    }
}

/// One answer, of which the connection goes on.
fn answer(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut bytes = [0; 4_096];
    loop {
        let read = stream.read(&mut bytes).expect("it answers");
        assert_ne!(read, 0, "the connection ends: {text}");
        text.push_str(std::str::from_utf8(&bytes[..read]).expect("text"));
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if length.map_or(0, |length| length.parse().expect("a number")) == body.len() {
            return text;
        }
    }
}

#[test]
fn nobody_waits_for_a_log_that_nobody_reads() {
    let service = Service::of(serve().env("GUICHET_LOG", "debug").stderr(Stdio::piped()));
    // Each is a line, and the pipe holds some hundred of them.
    ask_often(&service, 2_000);
    service.tell(Signal::SIGTERM);
    assert_eq!(service.end(), Some(0));
}

#[test]
fn a_log_whose_reader_is_gone_costs_no_request() {
    let mut command = serve();
    let mut service = Service::of(command.env("GUICHET_LOG", "debug").stderr(Stdio::piped()));
    drop(service.child.stderr.take());
    ask_often(&service, 20);
    service.tell(Signal::SIGTERM);
    assert_eq!(service.end(), Some(0));
}

/// All that a service wrote to its log, once it has ended well.
fn log(mut service: Service) -> String {
    service.tell(Signal::SIGTERM);
    let mut text = String::new();
    service.child.stderr.take().expect("a pipe").read_to_string(&mut text).expect("text");
    assert_eq!(service.end(), Some(0), "{text}");
    text
}

#[test]
fn a_flood_of_refusals_is_a_line_a_second() {
    let service = Service::of(serve().stderr(Stdio::piped()));
    let begun = Stopwatch::start();
    let mut stream = service.connect();
    for _ in 0..500 {
        let request = "POST /compute/v2.1/servers HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(request.as_bytes()).expect("it reads");
        assert!(answer(&mut stream).starts_with("HTTP/1.1 401"));
    }
    let seconds = begun.elapsed().as_secs() as usize + 1;
    let log = log(service);
    let lines = log.lines().filter(|line| line.contains("answered") && line.contains("401"));
    let lines = lines.count();
    assert!((1..=2 * seconds).contains(&lines), "{lines} lines in {seconds} s: {log}");
}

#[test]
fn a_stop_ends_though_no_client_ends_anything() {
    let service = Service::start(&[]);
    let said = [
        "GET /compute HTTP/1.1\r\nhost: a\r\n",
        "POST /identity/v3/auth/tokens HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{\"au",
        "",
    ];
    let mut clients = Vec::new();
    for said in said {
        let mut stream = service.connect();
        stream.write_all(said.as_bytes()).expect("it reads");
        clients.push(stream);
    }
    // Whoever asks without end and never reads.
    let mut unread = service.connect();
    unread.set_nonblocking(true).expect("it can be told");
    let request = DISCOVERY.replace("connection: close\r\n", "");
    while unread.write_all(request.repeat(100).as_bytes()).is_ok() {}
    service.tell(Signal::SIGTERM);
    assert_eq!(in_time(service), Some(0));
    drop((clients, unread));
}

/// The exit code, which comes long before any client's own time is over.
fn in_time(mut service: Service) -> Option<i32> {
    let watch = Stopwatch::start();
    while watch.elapsed() < Duration::from_secs(19) {
        if let Some(status) = ended(&mut service.child) {
            return status;
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
    None
}

fn ended(child: &mut Child) -> Option<Option<i32>> {
    child.try_wait().expect("it is a child").map(|status| status.code())
}

#[test]
fn signals_that_mean_something_else_elsewhere_do_not_end_it() {
    let service = Service::start(&[]);
    for signal in [Signal::SIGUSR1, Signal::SIGUSR2] {
        service.tell(signal);
        assert!(service.ask(DISCOVERY).starts_with("HTTP/1.1 200"), "{signal}");
    }
    service.tell(Signal::SIGTERM);
    assert_eq!(service.end(), Some(0));
}

#[test]
fn what_was_to_outlive_its_terminal_does() {
    let mut command = Command::new("sh");
    let program = env!("CARGO_BIN_EXE_guichet");
    command.args(["-c", "trap '' HUP; exec \"$0\" serve --dev --listen 127.0.0.1:0", program]);
    let service = Service::of(command.stderr(Stdio::null()));
    service.tell(Signal::SIGHUP);
    assert!(service.ask(DISCOVERY).starts_with("HTTP/1.1 200"));
    service.tell(Signal::SIGTERM);
    assert_eq!(service.end(), Some(0));
}
