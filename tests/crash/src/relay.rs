//! What stands between a node and whom it speaks to, so that it can be cut off: while it is, nothing comes through
//! in either direction, and nobody is told so. What was on its way arrives afterwards.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The name of PostgreSQL's socket in its folder.
const SOCKET: &str = ".s.PGSQL.5432";
/// Bytes that are on their way at once in one direction.
const ON_ITS_WAY: usize = 64 << 10;
/// Connections that one relay carries at once: each node has two for each cell, and those of its clients that
/// are passed on.
const CONNECTIONS_MAX: usize = 1_024;

/// A relay, as long as it is there.
#[derive(Debug)]
pub(crate) struct Relay {
    is_cut: watch::Sender<bool>,
    _carrying: JoinSet<()>,
}

impl Relay {
    /// In front of PostgreSQL, whose socket is in a folder; this one's is in another.
    pub(crate) fn before_database(server: &Path, own: &Path) -> anyhow::Result<Self> {
        let listener = UnixListener::bind(own.join(SOCKET)).context("a relay")?;
        let server = server.join(SOCKET);
        Ok(Self::begin(async move |is_cut| {
            let mut all = JoinSet::new();
            while let Ok((near, _)) = listener.accept().await {
                room(&mut all).await;
                all.spawn(to_database(near, server.clone(), is_cut.clone()));
            }
        }))
    }

    /// In front of a node: where others reach it.
    pub(crate) async fn before_node(node: SocketAddr) -> anyhow::Result<(Self, SocketAddr)> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("a relay")?;
        let address = listener.local_addr()?;
        let relay = Self::begin(async move |is_cut| {
            let mut all = JoinSet::new();
            while let Ok((near, _)) = listener.accept().await {
                room(&mut all).await;
                all.spawn(to_node(near, node, is_cut.clone()));
            }
        });
        Ok((relay, address))
    }

    fn begin<F: Future<Output = ()> + Send + 'static>(
        carry: impl FnOnce(watch::Receiver<bool>) -> F,
    ) -> Self {
        let (is_cut, seen) = watch::channel(false);
        let mut carrying = JoinSet::new();
        carrying.spawn(carry(seen));
        Self { is_cut, _carrying: carrying }
    }

    /// Whether nothing comes through from now on.
    pub(crate) fn cut(&self, is_cut: bool) {
        self.is_cut.send_replace(is_cut);
    }
}

/// Waits until another connection may be carried.
async fn room(all: &mut JoinSet<()>) {
    while all.try_join_next().is_some() {}
    if all.len() >= CONNECTIONS_MAX {
        all.join_next().await;
    }
}

async fn to_database(mut near: UnixStream, server: PathBuf, is_cut: watch::Receiver<bool>) {
    let Some(mut far) = opened(UnixStream::connect(server), &is_cut).await else { return };
    let ((from_near, to_near), (from_far, to_far)) = (near.split(), far.split());
    both((from_near, to_near), (from_far, to_far), &is_cut).await;
}

async fn to_node(mut near: TcpStream, node: SocketAddr, is_cut: watch::Receiver<bool>) {
    let Some(mut far) = opened(TcpStream::connect(node), &is_cut).await else { return };
    // Whoever could not set it would be slow and not wrong.
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let ((from_near, to_near), (from_far, to_far)) = (near.split(), far.split());
    both((from_near, to_near), (from_far, to_far), &is_cut).await;
}

/// Connects once something comes through.
async fn opened<S>(
    connecting: impl Future<Output = io::Result<S>>,
    is_cut: &watch::Receiver<bool>,
) -> Option<S> {
    let mut is_cut = is_cut.clone();
    is_cut.wait_for(|is_cut| !is_cut).await.ok()?;
    connecting.await.ok()
}

/// Carries both directions until one side ends.
async fn both<A, B, C, D>(near: (A, B), far: (C, D), is_cut: &watch::Receiver<bool>)
where
    A: AsyncRead + Unpin,
    B: AsyncWrite + Unpin,
    C: AsyncRead + Unpin,
    D: AsyncWrite + Unpin,
{
    tokio::select! {
        _ = one_way(near.0, far.1, is_cut.clone()) => {}
        _ = one_way(far.0, near.1, is_cut.clone()) => {}
    }
}

async fn one_way(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut is_cut: watch::Receiver<bool>,
) -> io::Result<()> {
    let mut buffer = vec![0; ON_ITS_WAY];
    loop {
        let count = from.read(&mut buffer).await?;
        // That one side has ended is not known to the other either while nothing comes through.
        if is_cut.wait_for(|is_cut| !is_cut).await.is_err() || count == 0 {
            return Ok(());
        }
        to.write_all(buffer.get(..count).unwrap_or_default()).await?;
    }
}
