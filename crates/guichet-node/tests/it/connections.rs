//! Connections to the node that leads: how many there are.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use guichet_control::nodes::Leads;
use guichet_node::{Leader, draw};
use http::{Method, StatusCode};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::support::{Node, request};

/// A leader that counts its connections, and answers each request with these bytes.
struct Counted {
    leader: Leader,
    address: std::net::SocketAddr,
    connections: Arc<AtomicUsize>,
    _task: JoinSet<()>,
}

impl Counted {
    /// `closes`: it ends a connection after each answer, and does not say so.
    async fn start(answer: Vec<u8>, closes: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::<AtomicUsize>::default();
        let (counted, answer) = (Arc::clone(&connections), Arc::<[u8]>::from(answer));
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut all = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                counted.fetch_add(1, Ordering::Relaxed);
                all.spawn(answer_each(stream, Arc::clone(&answer), closes));
            }
        });
        let leads = Leads { node: "a".to_owned(), address: format!("http://{address}"), epoch: 1 };
        let leader = Leader::new(leads, draw().unwrap());
        Self { leader, address, connections, _task: task }
    }

    fn count(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

/// Requests with bodies of known length.
async fn answer_each(stream: TcpStream, answer: Arc<[u8]>, closes: bool) {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut line, mut length) = (String::new(), 0);
        while line != "\r\n" {
            line.clear();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            if let Some(told) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = told.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.unwrap();
        stream.write_all(&answer).await.unwrap();
        if closes {
            return;
        }
    }
}

async fn follower_of(counted: &Counted) -> Node {
    let follower = Node::start().await;
    follower.front.cell(0).follow(counted.leader.clone());
    follower
}

#[tokio::test]
async fn a_connection_is_used_for_one_request_after_another() {
    let long = "x".repeat(3 << 20);
    for (answer, body) in [
        ("HTTP/1.1 204 No Content\r\n\r\n".to_owned(), ""),
        ("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\none".to_owned(), "one"),
        (format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{long}", long.len()), &*long),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n".to_owned(),
            "one",
        ),
    ] {
        let leader = Counted::start(answer.clone().into_bytes(), false).await;
        let follower = follower_of(&leader).await;
        for n in 0..5 {
            let sent = if n % 2 == 0 { Body::empty() } else { Body::from("{}") };
            let got = follower.ask(request(Method::POST, "/", sent)).await;
            assert_eq!(got.text(), body);
        }
        assert_eq!(leader.count(), 1, "{:.40}", answer);
        follower.end().await;
    }
}

/// And its request is sent over another one: nobody says that a write is lost.
#[tokio::test]
async fn a_connection_that_was_closed_is_not_used_again() {
    for (closes, answer) in [
        (true, "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\none"),
        (false, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 3\r\n\r\none"),
    ] {
        let leader = Counted::start(answer.into(), closes).await;
        let follower = follower_of(&leader).await;
        for before in 0..3 {
            let got = follower.ask(request(Method::POST, "/", "{}")).await;
            assert_eq!((got.status, got.text()), (StatusCode::OK, "one"));
            assert!(!got.hangs_up);
            // What the leader did before it takes this one is known here, too.
            let mut another = TcpStream::connect(leader.address).await.unwrap();
            another.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
            another.read_u8().await.unwrap();
            assert_eq!(leader.count(), 2 * (before + 1));
        }
        follower.end().await;
    }
}

/// A client that goes away takes the connection of its request with it: what comes over it is nobody else's.
#[tokio::test]
async fn an_answer_that_nobody_reads_is_not_given_to_another() {
    let long = "x".repeat(1 << 20);
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{long}", long.len());
    let leader = Counted::start(answer.into_bytes(), false).await;
    let follower = follower_of(&leader).await;
    let app = follower.front.app();
    let sent = request(Method::GET, "/", Body::empty());
    let answer = tower::ServiceExt::oneshot(app, sent).await.unwrap();
    drop(answer);
    let got = follower.ask(request(Method::GET, "/", Body::empty())).await;
    assert_eq!(got.body.len(), 1 << 20);
    assert_eq!(leader.count(), 2);
    follower.end().await;
}
