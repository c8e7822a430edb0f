//! Clients: so many connections, each with one request under way, and nothing else.

use std::net::SocketAddr;

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request as it goes over the wire, and the status its answer must have.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    bytes: Vec<u8>,
    status: &'static str,
}

impl Ask {
    /// A request; `token` is left out if it is empty.
    pub(crate) fn new(
        method: &str,
        path: &str,
        token: &str,
        body: &str,
        status: &'static str,
    ) -> Self {
        Self { bytes: written(method, path, token, "", body), status }
    }
}

/// A request's bytes. `more` is lines of headers, each with its end.
pub(crate) fn written(method: &str, path: &str, token: &str, more: &str, body: &str) -> Vec<u8> {
    let text = format!(
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-auth-token: {token}\r\n\
         openstack-api-version: compute 2.96\r\ncontent-type: application/json\r\n\
         accept: application/json\r\n{more}content-length: {}\r\n\r\n{body}",
        body.len()
    );
    text.into_bytes()
}

/// Open connections, on a runtime of their own.
pub(crate) struct Connections {
    runtime: tokio::runtime::Runtime,
    streams: std::cell::RefCell<Vec<TcpStream>>,
}

impl Connections {
    pub(crate) fn open(address: SocketAddr, count: usize) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let streams = runtime.block_on(async {
            let mut streams = Vec::new();
            for _ in 0..count {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                streams.push(stream);
            }
            anyhow::Ok(streams)
        })?;
        Ok(Self { runtime, streams: streams.into() })
    }

    /// Sends so many at least, as many over each connection, and reads each answer. How many it
    /// were.
    pub(crate) fn send(&self, ask: &Ask, requests: u64) -> anyhow::Result<u64> {
        let mut streams = self.streams.borrow_mut();
        let each = requests.div_ceil(streams.len() as u64);
        self.runtime.block_on(async {
            let clients = tokio::task::LocalSet::new();
            let mut ends = Vec::new();
            for mut stream in streams.drain(..) {
                let ask = ask.clone();
                ends.push(clients.spawn_local(async move {
                    let mut buffer = Vec::with_capacity(1 << 18);
                    for _ in 0..each {
                        answer(&mut stream, &ask, &mut buffer).await?;
                    }
                    anyhow::Ok(stream)
                }));
            }
            clients
                .run_until(async {
                    for end in ends {
                        streams.push(end.await??);
                    }
                    anyhow::Ok(each * streams.len() as u64)
                })
                .await
        })
    }
}

/// One request and its answer's body.
pub(crate) fn once(address: SocketAddr, ask: &Ask) -> anyhow::Result<Vec<u8>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut stream = TcpStream::connect(address).await?;
        let mut buffer = Vec::new();
        let body = answer(&mut stream, ask, &mut buffer).await?;
        Ok(buffer[body..].to_vec())
    })
}

/// Where the body of the answer begins in the buffer.
async fn answer(stream: &mut TcpStream, ask: &Ask, buffer: &mut Vec<u8>) -> anyhow::Result<usize> {
    let head = exchange(stream, &ask.bytes, buffer).await?;
    if head.status.to_string() != ask.status {
        let shown = String::from_utf8_lossy(&buffer[..buffer.len().min(1_000)]);
        bail!("expected {}, found {shown}", ask.status);
    }
    Ok(head.body)
}

/// What stands before an answer's body.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) status: u16,
    text: String,
    /// Where the body begins in the buffer, which ends with it.
    pub(crate) body: usize,
}

impl Head {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.text.lines().filter_map(|line| line.split_once(':'));
        let mut found = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.trim())
    }
}

/// Sends a request and reads its whole answer into the buffer.
pub(crate) async fn exchange(
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
