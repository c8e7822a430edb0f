//! What a node does with what it is asked.

use std::net::Ipv4Addr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use guichet_core::limits;
use guichet_http::origin::PassedOn;
use guichet_http::serve::HangUp;
use http::{Method, StatusCode, Version, header};
use http_body::{Frame, SizeHint};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{DEADLINE, Echo, Node, app, request};

/// A leader, and a node that follows it.
async fn two(echo: &Echo) -> (Node, Node) {
    let (leader, follower) = (Node::start().await, Node::start().await);
    leader.lead(echo.app());
    follower.front.cell(0).follow(leader.as_leader(1));
    (leader, follower)
}

/// Over whatever the client speaks: between nodes it is HTTP/1.1.
#[tokio::test]
async fn a_request_is_passed_on_as_it_came() {
    for version in [Version::HTTP_11, Version::HTTP_2] {
        let echo = Echo::default();
        let (leader, follower) = two(&echo).await;
        let client = Ipv4Addr::new(192, 0, 2, 7).into();
        let mut sent = request(Method::POST, "/compute/v2.1/servers?a=%20b", "{\"server\":1}");
        *sent.version_mut() = version;
        sent.headers_mut().insert("x-auth-token", "t".parse().unwrap());
        sent.headers_mut().insert(header::CONNECTION, "close".parse().unwrap());
        // As a connection from that address has it.
        sent.extensions_mut().insert(PassedOn(client));
        let answer = follower.ask(sent).await;
        assert_eq!((answer.status, answer.text()), (StatusCode::ACCEPTED, "{\"server\":1}"));
        assert_eq!(answer.headers["x-of-the-app"], "1");
        let [seen] = &*echo.seen() else { panic!("asked once") };
        assert_eq!((&seen.method, &*seen.path), (&Method::POST, "/compute/v2.1/servers?a=%20b"));
        assert_eq!(seen.body, "{\"server\":1}");
        assert_eq!(seen.headers[header::HOST], "cloud:8774");
        assert_eq!(seen.headers["x-auth-token"], "t");
        assert_eq!(seen.source.0, Some(client));
        for of_the_way in ["connection", "guichet-node", "guichet-client"] {
            assert!(!seen.headers.contains_key(of_the_way), "{of_the_way}");
        }
        follower.end().await;
        leader.end().await;
    }
}

/// Whoever is no node has the address that it comes from.
#[tokio::test]
async fn a_stranger_speaks_for_nobody() {
    let echo = Echo::default();
    let (leader, follower) = two(&echo).await;
    let sent = |with_guess: bool| {
        let mut sent = request(Method::GET, "/x", "");
        if with_guess {
            sent.headers_mut().insert("guichet-node", "a guess".parse().unwrap());
        }
        sent.headers_mut().insert("guichet-client", "192.0.2.7".parse().unwrap());
        sent
    };
    assert_eq!(leader.ask(sent(true)).await.status, StatusCode::ACCEPTED);
    assert_eq!(follower.ask(sent(false)).await.status, StatusCode::ACCEPTED);
    // What may have come from a node is passed on no further: two that each know another one's credential
    // would pass it to and fro, or one to itself.
    assert_eq!(follower.ask(sent(true)).await.status, StatusCode::SERVICE_UNAVAILABLE);
    let [own, passed_on] = &*echo.seen() else { panic!("asked twice") };
    // Made by hand, so it came from nowhere; and from the other node's address, which had no more to say.
    assert_eq!(own.source.0, None);
    assert_eq!(passed_on.source.0, Some(Ipv4Addr::LOCALHOST.into()));
}

/// Longer than is read before it is passed on, and of unknown length.
#[tokio::test]
async fn a_long_body_is_passed_on_as_it_comes() {
    let echo = Echo::default();
    let (_leader, follower) = two(&echo).await;
    let long = Bytes::from(vec![b'x'; limits::FORWARD_BODY_MAX + 1]);
    let frames = (0..3).map(|n| Ok::<_, std::io::Error>(Bytes::from(vec![b'0' + n; 10_000])));
    let streamed = Body::from_stream(futures_util::stream::iter(frames));
    for body in [Body::from(long.clone()), streamed] {
        assert_eq!(follower.ask(request(Method::PUT, "/x", body)).await.status, 202);
    }
    let [whole, streamed] = &*echo.seen() else { panic!("asked twice") };
    assert!(whole.body == long);
    assert_eq!(streamed.body.len(), 30_000);
}

/// Nobody listens there any more: what was not sent is answered by whoever leads next, itself here.
#[tokio::test]
async fn who_cannot_be_passed_on_waits_for_the_next_leader() {
    let echo = Echo::default();
    let (gone, follower) = two(&echo).await;
    gone.end().await;
    let asked = async {
        let short = follower.ask(request(Method::POST, "/short", "abc"));
        let long = Bytes::from(vec![b'x'; limits::FORWARD_BODY_MAX + 1]);
        let long = follower.ask(request(Method::POST, "/long", long));
        tokio::join!(short, long)
    };
    let leads = async {
        // As long as they try.
        tokio::time::sleep(limits::FORWARD_PAUSE * 3).await;
        follower.front.cell(0).wait("This node leads, and reads what there is.");
        follower.lead(echo.app());
    };
    let ((short, long), ()) = tokio::join!(asked, leads);
    assert_eq!((short.status, short.text()), (StatusCode::ACCEPTED, "abc"));
    assert_eq!(
        (long.status, long.body.len()),
        (StatusCode::ACCEPTED, limits::FORWARD_BODY_MAX + 1)
    );
}

/// The node that it came to has stepped down, and says so.
#[tokio::test]
async fn what_was_not_taken_is_passed_on_to_the_next_leader() {
    let echo = Echo::default();
    let (first, follower) = two(&echo).await;
    let second = Node::start().await;
    second.lead(echo.app());
    first.front.cell(0).follow(second.as_leader(2));
    let known = async {
        tokio::time::sleep(limits::FORWARD_PAUSE * 3).await;
        follower.front.cell(0).follow(second.as_leader(2));
    };
    let (answer, ()) = tokio::join!(follower.ask(request(Method::POST, "/x", "abc")), known);
    assert_eq!((answer.status, answer.text()), (StatusCode::ACCEPTED, "abc"));
    assert_eq!(echo.seen().len(), 1);
    // Its own clients are passed on too, once.
    assert_eq!(first.ask(request(Method::GET, "/y", "")).await.status, 202);
}

/// The leader closes the connection: nobody knows what was done.
#[tokio::test]
async fn a_write_whose_answer_is_lost_is_said_nothing_of_and_a_read_is_asked_again() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let (leader, follower) = (Node::start().await, Node::start().await);
    leader.lead(app(move |_| {
        let is_third = counted.fetch_add(1, Ordering::Relaxed) == 2;
        std::future::ready(if is_third { StatusCode::OK.into_response() } else { hang_up() })
    }));
    follower.front.cell(0).follow(leader.as_leader(1));
    let write = follower.ask(request(Method::POST, "/x", "abc")).await;
    assert!(write.hangs_up, "{write:?}");
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    // Lost once, and then answered.
    let read = follower.ask(request(Method::GET, "/x", "")).await;
    assert_eq!(read.status, StatusCode::OK);
    assert_eq!(calls.load(Ordering::Relaxed), 3);
}

fn hang_up() -> Response {
    let mut answer = StatusCode::NO_CONTENT.into_response();
    answer.extensions_mut().insert(HangUp);
    answer
}

/// Another node leads while an answer is waited for: the one that is asked may never give it.
#[tokio::test]
async fn nobody_waits_for_a_leader_that_was_replaced() {
    let (stuck, follower) = (Node::start().await, Node::start().await);
    stuck.lead(app(|_| std::future::pending()));
    follower.front.cell(0).follow(stuck.as_leader(1));
    let next = Node::start().await;
    next.lead(Echo::default().app());
    let replaced = async {
        tokio::time::sleep(limits::FORWARD_PAUSE).await;
        follower.front.cell(0).follow(next.as_leader(2));
    };
    let all = async {
        tokio::join!(
            follower.ask(request(Method::GET, "/x", "")),
            follower.ask(request(Method::DELETE, "/x", "")),
            replaced
        )
    };
    let (read, write, ()) = all.await;
    assert_eq!(read.status, StatusCode::ACCEPTED);
    assert!(write.hangs_up);
}

#[tokio::test]
async fn a_node_says_how_it_is_itself() {
    let (leader, follower) = two(&Echo::default()).await;
    let ready = follower.ask(request(Method::GET, "/readyz", "")).await;
    let said: Value = serde_json::from_slice(&ready.body).unwrap();
    assert_eq!((ready.status, &said["ready"]), (StatusCode::OK, &true.into()));
    assert_eq!(said["leader"]["address"], format!("http://{}", leader.address));
    assert!(!said.to_string().contains("credential"));
    assert_eq!(follower.ask(request(Method::GET, "/healthz", "")).await.status, 200);
    // A node's figures are not another one's.
    assert_eq!(follower.ask(request(Method::GET, "/metrics", "")).await.status, 503);
    follower.front.cell(0).wait("Another node is about to lead.");
    let ready = follower.ask(request(Method::GET, "/readyz", "")).await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(ready.text().contains("Another node is about to lead."));
    assert!(ready.headers.contains_key(header::RETRY_AFTER));
    // The one that led last, and nobody since.
    follower.front.cell(0).follow(follower.as_leader(3));
    let ready = follower.ask(request(Method::GET, "/readyz", "")).await;
    assert_eq!(ready.status, 503);
    assert!(ready.text().contains("No node leads at present."), "{}", ready.text());
    // Another one at the same address: nothing could be passed on.
    let mut twin = leader.as_leader(4);
    twin.leads.address = format!("http://{}", follower.address);
    follower.front.cell(0).follow(twin);
    let ready = follower.ask(request(Method::GET, "/readyz", "")).await;
    assert_eq!(ready.status, 503);
    assert!(ready.text().contains("--node-url"), "{}", ready.text());
}

/// Nobody leads for long: nothing was done, and that is said.
#[tokio::test(start_paused = true)]
async fn patience_ends() {
    let node = Node::start().await;
    let answer = node.ask(request(Method::POST, "/x", "abc")).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text().contains("It has just begun."), "{}", answer.text());
    assert!(!answer.hangs_up && answer.headers.contains_key(header::RETRY_AFTER));
}

/// What a node is asked while it leads is answered, whatever takes its place; and that can be waited for.
#[tokio::test]
async fn who_steps_down_waits_for_what_it_was_asked() {
    let node = Node::start().await;
    let go = Arc::new(tokio::sync::Notify::new());
    let asked = Arc::new(tokio::sync::Notify::new());
    let (gone, told) = (Arc::clone(&go), Arc::clone(&asked));
    let leading = node.lead(app(move |_| {
        let (gone, told) = (Arc::clone(&gone), Arc::clone(&told));
        async move {
            told.notify_one();
            gone.notified().await;
            StatusCode::OK.into_response()
        }
    }));
    let stepped = async {
        asked.notified().await;
        node.front.cell(0).wait("This node does not lead any more.");
        go.notify_one();
        leading.answered().await;
    };
    let (answer, ()) = tokio::join!(node.ask(request(Method::POST, "/x", "")), stepped);
    assert_eq!(answer.status, StatusCode::OK);
}

/// This node stops: who waits is told at once, and did not wait in vain for the end of the connection.
#[tokio::test(start_paused = true)]
async fn nobody_waits_at_a_node_that_stops() {
    let node = Node::start().await;
    let ends = async {
        tokio::time::sleep(limits::FORWARD_PAUSE).await;
        node.front.end();
    };
    let (answer, ()) = tokio::join!(node.ask(request(Method::POST, "/x", "abc")), ends);
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text().contains("stops"), "{}", answer.text());
}

/// A node that cannot ask who leads believes what it knew, until that is seen to be so no more.
#[tokio::test]
async fn who_cannot_ask_who_leads_believes_it_until_it_is_not_so() {
    let echo = Echo::default();
    let (leader, follower) = two(&echo).await;
    follower.front.cell(0).lose_sight("PostgreSQL cannot be reached.");
    assert_eq!(follower.ask(request(Method::GET, "/x", "")).await.status, 202);
    assert_eq!(follower.ask(request(Method::GET, "/readyz", "")).await.status, 200);
    leader.end().await;
    let asked = follower.ask(request(Method::GET, "/x", ""));
    let told = async {
        // Seen as soon as the first attempt has failed.
        while follower.ask(request(Method::GET, "/readyz", "")).await.status != 503 {
            tokio::task::yield_now().await;
        }
        follower.lead(echo.app());
    };
    let (answer, ()) = tokio::join!(asked, told);
    assert_eq!(answer.status, StatusCode::ACCEPTED);
}

/// The leader refuses a long body before it has read it: the client gets the answer, and its connection does
/// not stay with what nobody reads.
#[tokio::test]
async fn a_body_that_nobody_wants_does_not_hold_up_its_connection() {
    let (leader, follower) = (Node::start().await, Node::start().await);
    leader.lead(app(|_| std::future::ready(StatusCode::PAYLOAD_TOO_LARGE.into_response())));
    follower.front.cell(0).follow(leader.as_leader(1));
    for _ in 0..8 {
        let length = 4 << 20;
        let (mut read, mut write) =
            TcpStream::connect(follower.address).await.unwrap().into_split();
        let sent = async {
            let head =
                format!("POST /x HTTP/1.1\r\nhost: cloud\r\ncontent-length: {length}\r\n\r\n");
            write.write_all(head.as_bytes()).await.unwrap();
            for _ in 0..length / 65_536 {
                // Whoever has answered may close it.
                if write.write_all(&[b'x'; 65_536]).await.is_err() {
                    break;
                }
            }
        };
        let answered = async {
            let mut answer = Vec::new();
            // The end of a connection that is closed while it is written to may be an error.
            let _ = read.read_to_end(&mut answer).await;
            answer
        };
        let both = async { tokio::join!(sent, answered).1 };
        let answer = tokio::time::timeout(DEADLINE, both).await.expect("its end");
        assert!(answer.starts_with(b"HTTP/1.1 413 "), "{}", String::from_utf8_lossy(&answer));
    }
}

/// A body that breaks off is the client's affair: the answer says so, and not that it may help to come back.
#[tokio::test]
async fn a_body_that_cannot_be_read_is_answered_by_what_is_wrong_with_it() {
    let (_leader, follower) = two(&Echo::default()).await;
    let answer = follower.ask(request(Method::POST, "/x", Body::new(BrokenOff))).await;
    let said: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((answer.status, &said["error"]["code"]), (StatusCode::BAD_REQUEST, &400.into()));
    assert!(!answer.headers.contains_key(header::RETRY_AFTER));
}

/// A body of which nothing comes.
struct BrokenOff;

impl HttpBody for BrokenOff {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(Some(Err(std::io::ErrorKind::BrokenPipe.into())))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(3)
    }
}
