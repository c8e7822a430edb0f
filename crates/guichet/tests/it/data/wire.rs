//! Requests over real sockets, one connection each.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    head: String,
    /// `Null` if there is none.
    pub(super) body: Value,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// 503 with a time to come back in, and what it says.
    pub(super) fn come_back(&self) -> String {
        assert_eq!(self.status, 503, "{self:?}");
        let seconds = self.header("retry-after").expect("a time to come back in");
        assert!((1..=60).contains(&seconds.parse().expect("seconds")), "{seconds}");
        self.body.to_string()
    }
}

/// One request and its answer; `None` if the connection ended without one.
pub(super) fn ask(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(100))).expect("a time-out");
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: cloud.test\r\nconnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    let body = body.map(Value::to_string).unwrap_or_default();
    if !body.is_empty() {
        head += &format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len());
    }
    // Whoever has gone meanwhile does not read it, and does not answer.
    let _ = stream.write_all(format!("{head}\r\n{body}").as_bytes());
    let mut bytes = Vec::new();
    if let Err(error) = stream.read_to_end(&mut bytes) {
        assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "{method} {path}: no answer");
        return None;
    }
    if bytes.is_empty() {
        return None;
    }
    let text = String::from_utf8(bytes).expect("UTF-8");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Some(Answer {
        status: status.expect("a status"),
        head: head.to_owned(),
        body: serde_json::from_str(body).unwrap_or_default(),
    })
}
