//! A host of PostgreSQL that takes a connection and says nothing: it is stopped, or not PostgreSQL.

use std::os::unix::net::UnixListener;

use guichet_scratch::Server;
use guichet_store::journal::sqlite::Names;

use super::open;
use super::proxy::SOCKET;

#[test]
fn the_next_host_is_tried_after_one_that_says_nothing() {
    let Some(server) = Server::start("the_next_host_is_tried_after_one_that_says_nothing") else {
        return;
    };
    let url = server.database().expect("a database");
    let dir = tempfile::tempdir().expect("a directory");
    // The system takes connections for it, and nobody answers.
    let silent = UnixListener::bind(dir.path().join(SOCKET)).expect("a socket");
    let folder = dir.path().display().to_string().replace('/', "%2F");
    let both = url.replacen("guichet@", &format!("guichet@{folder},"), 1);
    let opened = open(&format!("{both}?connect_timeout=1"), &Names::default());
    drop(opened.expect("the second one is led"));
    silent.set_nonblocking(true).expect("set");
    silent.accept().expect("the first one was asked first");
}
