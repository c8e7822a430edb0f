//! HTTP/1.1 by hand, over a socket that stays open: what the benches and the crash harness send
//! with. It does so little that a measured server is the slower end, and it keeps apart an answer
//! and a connection that ended without one.

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The bytes of a request with a token and a body of JSON. `more` is further header lines, each
/// with its line end.
pub fn written(method: &str, path: &str, token: &str, more: &str, body: &str) -> Vec<u8> {
    let text = format!(
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-auth-token: {token}\r\n\
         openstack-api-version: compute 2.96\r\ncontent-type: application/json\r\n\
         accept: application/json\r\n{more}content-length: {}\r\n\r\n{body}",
        body.len()
    );
    text.into_bytes()
}

/// What stands before the body of an answer.
#[derive(Debug)]
pub struct Head {
    /// The code of the status line.
    pub status: u16,
    text: String,
    /// Where the body begins in the buffer, which ends with it.
    pub body: usize,
}

impl Head {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.text.lines().filter_map(|line| line.split_once(':'));
        let mut found = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.trim())
    }
}

/// Sends a request and reads its whole answer into the buffer.
pub async fn exchange(
    stream: &mut TcpStream,
    request: &[u8],
    buffer: &mut Vec<u8>,
) -> anyhow::Result<Head> {
    stream.write_all(request).await?;
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let text = std::str::from_utf8(&buffer[..end])?.to_owned();
        let status = text.get(9..12).context("no status line")?.parse()?;
        let head = Head { status, text, body: end + 4 };
        // 204 has neither a body nor its length.
        let length: usize = head.header("content-length").unwrap_or("0").parse()?;
        while buffer.len() < head.body + length {
            if stream.read_buf(buffer).await? == 0 {
                bail!("the server closed the connection");
            }
        }
        return Ok(head);
    }
}
