//! What stands between a node and PostgreSQL, and loses a connection at the worst moment.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use tempfile::TempDir;

/// What is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// The batch arrives and is committed, and nobody hears so.
    Answer,
    /// The batch does not arrive.
    Question,
}

/// The name of PostgreSQL's socket in its folder.
pub(super) const SOCKET: &str = ".s.PGSQL.5432";

/// It runs until the process ends.
pub(super) struct Proxy {
    dir: TempDir,
    next: Arc<Mutex<Option<Loss>>>,
    lost: Arc<AtomicU64>,
}

impl Proxy {
    /// One in front of the server whose socket is in this folder.
    pub(super) fn before(server: &Path) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let listener = UnixListener::bind(dir.path().join(SOCKET)).expect("a socket");
        let proxy = Self { dir, next: Arc::default(), lost: Arc::default() };
        let (next, lost) = (Arc::clone(&proxy.next), Arc::clone(&proxy.lost));
        let server: PathBuf = server.join(SOCKET);
        thread::spawn(move || {
            for client in listener.incoming() {
                let (Ok(client), Ok(server)) = (client, UnixStream::connect(&server)) else {
                    return;
                };
                carry(client, server, &next, &lost);
            }
        });
        proxy
    }

    /// The connection string of a database behind it.
    pub(super) fn url(&self, database: &str) -> String {
        let dir = self.dir.path().display().to_string().replace('/', "%2F");
        format!("postgres://guichet@{dir}/{database}")
    }

    /// The next batch loses its connection.
    pub(super) fn lose_next(&self, loss: Loss) {
        *self.next.lock().expect("unharmed") = Some(loss);
    }

    /// How many connections were lost.
    pub(super) fn lost(&self) -> u64 {
        self.lost.load(Ordering::SeqCst)
    }
}

/// Carries one connection, each way in a thread. A write that has a commit in it is a batch: they are
/// sent at once.
fn carry(
    client: UnixStream,
    server: UnixStream,
    next: &Arc<Mutex<Option<Loss>>>,
    lost: &Arc<AtomicU64>,
) {
    let (mut from_client, mut to_client) = (client.try_clone().expect("a clone"), client);
    let (mut from_server, mut to_server) = (server.try_clone().expect("a clone"), server);
    let losing = Arc::new(Mutex::new(None::<Loss>));
    let (losing_there, next, lost) = (Arc::clone(&losing), Arc::clone(next), Arc::clone(lost));
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 20];
        while let Ok(read @ 1..) = from_client.read(&mut buffer) {
            let sent = &buffer[..read];
            let is_commit = sent.windows(6).any(|window| window == b"COMMIT");
            let loss = if is_commit { next.lock().expect("unharmed").take() } else { None };
            if loss.is_some() {
                // From here on: what is asked behind it is not answered either.
                *losing_there.lock().expect("unharmed") = loss;
                lost.fetch_add(1, Ordering::SeqCst);
            }
            if loss == Some(Loss::Question) {
                break;
            }
            if to_server.write_all(sent).is_err() {
                break;
            }
        }
        let _ = to_server.shutdown(std::net::Shutdown::Both);
        let _ = from_client.shutdown(std::net::Shutdown::Both);
    });
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 20];
        while let Ok(read @ 1..) = from_server.read(&mut buffer) {
            let said = &buffer[..read];
            if losing.lock().expect("unharmed").is_some() {
                // What is answered to the commit ends what is answered at all: it is done by then.
                if said.windows(6).any(|window| window == b"COMMIT") {
                    break;
                }
                continue;
            }
            if to_client.write_all(said).is_err() {
                break;
            }
        }
        let _ = to_client.shutdown(std::net::Shutdown::Both);
        let _ = from_server.shutdown(std::net::Shutdown::Both);
    });
}
