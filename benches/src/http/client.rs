//! Clients: so many connections, each with one request under way, and nothing else.

use std::net::SocketAddr;

use anyhow::bail;
use guichet_wire::{exchange, written};
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
