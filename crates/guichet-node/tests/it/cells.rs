//! Two cells at two nodes: who is asked what.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::extract::Request;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use futures_util::stream::pending;
use guichet_core::limits;
use guichet_http::cells::{Ask, GoesOn, Pages, SAYS, Said, SeesAll, Way};
use guichet_http::origin::PassedOn;
use guichet_http::serve::App;
use guichet_node::{Leading, Routes};
use http::request::Parts;
use http::{Method, StatusCode, Uri};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::support::{DEADLINE, Node, app, request};

/// A header of the tests says where a request goes.
#[derive(Debug)]
struct ByHeader;

fn way_of(text: &str) -> Way {
    let ask = || Ask("who is it?".into());
    match text {
        "0" => Way::At(0),
        "1" => Way::At(1),
        "0 or elsewhere" => Way::OrElsewhere(0, ask()),
        "body" => Way::Body,
        "1 by 0" => Way::Introduced { at: 1, by: 0, ask: ask() },
        "0 by 1" => Way::Introduced { at: 0, by: 1, ask: ask() },
        "found" => Way::Found(Ask("whose is it?".into())),
        "pages" => Way::Pages { by: 0, ask: ask(), list: Box::new(List(Vec::new())) },
        _ => Way::Any,
    }
}

impl Routes for ByHeader {
    fn way(&self, parts: &Parts) -> Way {
        way_of(parts.headers.get("x-way").map_or("", |way| way.to_str().unwrap()))
    }

    fn by_body(&self, body: &[u8]) -> Way {
        way_of(std::str::from_utf8(body).unwrap())
    }
}

/// A list of texts, of which three are a page.
#[derive(Debug)]
struct List(Vec<String>);

impl Pages for List {
    fn next(&self) -> Uri {
        format!("/list?from={}", self.0.len()).parse().unwrap()
    }

    fn begins_elsewhere(&self, status: StatusCode) -> bool {
        status == StatusCode::BAD_REQUEST
    }

    fn take(&mut self, body: &[u8]) -> bool {
        self.0.push(String::from_utf8(body.to_vec()).unwrap());
        self.0.len() < 3
    }

    fn body(&self) -> Vec<u8> {
        self.0.join("|").into_bytes()
    }
}

/// What a cell answers: its name, what it was asked, and who is said to ask.
fn cell(name: &'static str) -> App {
    app(move |request: Request| async move {
        let said = request.extensions().get::<Said>().map_or("nobody", |said| &*said.0).to_owned();
        let path = request.uri().to_string();
        let goes_on = request.extensions().get::<GoesOn>().map_or("last", |_| "first");
        let answer = format!("{name} {path} {said}");
        match (path.as_str(), name) {
            ("/goes-on", "b") => format!("b {goes_on}").into_response(),
            ("/goes-on" | "/goes-nowhere", _) => {
                let answer = format!("{name} {goes_on}");
                let mut answer = (StatusCode::NOT_FOUND, answer).into_response();
                answer.extensions_mut().insert(SeesAll);
                answer
            }
            ("/of-b", "a") | ("/of-none", _) => {
                let mut answer = (StatusCode::NOT_FOUND, answer).into_response();
                answer.extensions_mut().insert(SeesAll);
                answer
            }
            ("/hidden", "a") => (StatusCode::NOT_FOUND, answer).into_response(),
            ("/readyz", _) => "{\"ready\":true}".into_response(),
            _ => answer.into_response(),
        }
    })
}

/// What a cell answers to others.
fn asked(name: &'static str) -> App {
    app(move |request: Request| async move {
        let ask = request.extensions().get::<Ask>().expect("a question").0.to_string();
        match (&*ask, name) {
            ("whose is it?", "a") => StatusCode::NO_CONTENT.into_response(),
            _ => {
                (StatusCode::NO_CONTENT, [(&SAYS, format!("{ask} {name} says é"))]).into_response()
            }
        }
    })
}

fn lead(node: &Node, number: usize, name: &'static str) -> Leading {
    let leading = Leading::new(cell(name), None, guichet_cloud::data::Term::new());
    let leading = leading.asked_by_others(asked(name));
    node.front.cell(number).lead(leading.clone());
    leading
}

/// Two nodes: the first leads cell a, the second leads cell b.
async fn two() -> [Node; 2] {
    let start = || {
        let names: Vec<Arc<str>> = vec!["a".into(), "b".into()];
        Node::of_cells(names, Some(Arc::new(ByHeader)))
    };
    let nodes = [start().await, start().await];
    lead(&nodes[0], 0, "a");
    nodes[0].front.cell(1).follow(nodes[1].as_leader(1));
    lead(&nodes[1], 1, "b");
    nodes[1].front.cell(0).follow(nodes[0].as_leader(1));
    nodes
}

fn sent(way: &str, path: &str) -> Request {
    let mut sent = request(Method::GET, path, "");
    sent.headers_mut().insert("x-way", way.parse().unwrap());
    sent
}

async fn answer_of(node: &Node, way: &str, path: &str) -> (u16, String) {
    let answer = node.ask(sent(way, path)).await;
    assert!(!answer.headers.contains_key("guichet-sees-all"), "it is between nodes");
    (answer.status.as_u16(), answer.text().to_owned())
}

fn well(text: &str) -> (u16, String) {
    (200, text.to_owned())
}

/// Through either node: whoever leads the cell answers, and knows who asks if another cell was asked.
#[tokio::test]
async fn each_cell_is_answered_by_its_leader() {
    let nodes = two().await;
    for node in &nodes {
        assert_eq!(answer_of(node, "0", "/x?y").await, well("a /x?y nobody"));
        assert_eq!(answer_of(node, "1", "/x?y").await, well("b /x?y nobody"));
        assert_eq!(answer_of(node, "1 by 0", "/x").await, well("b /x who is it? a says é"));
        assert_eq!(answer_of(node, "0 by 1", "/x").await, well("a /x who is it? b says é"));
        assert_eq!(answer_of(node, "found", "/x").await, well("b /x nobody"));
    }
    // What all say is said by the nearest.
    assert_eq!(answer_of(&nodes[0], "", "/").await, well("a / nobody"));
    assert_eq!(answer_of(&nodes[1], "", "/").await, well("b / nobody"));
    let mut login = request(Method::POST, "/login", "1 by 0");
    login.headers_mut().insert("x-way", "body".parse().unwrap());
    assert_eq!(nodes[0].ask(login).await.text(), "b /login who is it? a says é");
    let long = "x".repeat(limits::BODY_LOGIN_MAX + 1);
    let mut login = request(Method::POST, "/login", long);
    login.headers_mut().insert("x-way", "body".parse().unwrap());
    assert_eq!(nodes[0].ask(login).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

/// What is not there is looked for elsewhere if whoever asks sees all, as the leader says.
#[tokio::test]
async fn what_is_not_there_is_elsewhere_for_who_sees_all() {
    let nodes = two().await;
    for node in &nodes {
        let way = "0 or elsewhere";
        assert_eq!(answer_of(node, way, "/x").await, well("a /x nobody"));
        assert_eq!(answer_of(node, way, "/of-b").await, well("b /of-b who is it? a says é"));
        assert_eq!(answer_of(node, way, "/of-none").await, (404, "a /of-none nobody".to_owned()));
        assert_eq!(answer_of(node, way, "/hidden").await, (404, "a /hidden nobody".to_owned()));
        assert_eq!(answer_of(node, "0", "/of-b").await, (404, "a /of-b nobody".to_owned()));
    }
}

/// Also with a body, whether its length is said or not; one that is longer than any is not taken.
#[tokio::test]
async fn a_body_goes_to_the_cell_that_has_it() {
    let nodes = two().await;
    let bytes = Bytes::from(vec![b'x'; limits::FORWARD_BODY_MAX + 1]);
    let streamed = |bytes: Bytes| {
        Body::from_stream(futures_util::stream::iter([Ok::<_, std::io::Error>(bytes)]))
    };
    let asked = |body: Body| {
        let mut asked = request(Method::POST, "/of-b", body);
        asked.headers_mut().insert("x-way", "0 or elsewhere".parse().unwrap());
        asked
    };
    for node in &nodes {
        for body in
            [streamed(Bytes::from_static(b"{}")), streamed(bytes.clone()), bytes.clone().into()]
        {
            let answer = node.ask(asked(body)).await;
            assert_eq!(answer.text(), "b /of-b who is it? a says é");
        }
        let long = streamed(Bytes::from(vec![b'x'; limits::BODY_METADATA_MAX + 1]));
        assert_eq!(node.ask(asked(long)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    }
}

/// The cell that is not the last one asked knows that others are, at either node.
#[tokio::test]
async fn a_cell_knows_whether_others_are_asked() {
    let nodes = two().await;
    for node in &nodes {
        let way = "0 or elsewhere";
        assert_eq!(answer_of(node, way, "/goes-on").await, well("b last"));
        assert_eq!(answer_of(node, way, "/goes-nowhere").await, (404, "a first".to_owned()));
        assert_eq!(answer_of(node, "0", "/goes-on").await, (404, "a last".to_owned()));
        // Whoever is no node does not say so.
        let mut guess = sent("0", "/goes-on");
        guess.headers_mut().insert("guichet-goes-on", "1".parse().unwrap());
        assert_eq!(node.ask(guess).await.text(), "a last");
    }
}

/// A node that knows of one cell alone, as before there were several, asks for none: it means the first.
#[tokio::test]
async fn who_names_no_cell_means_the_first() {
    let nodes = two().await;
    for (name, expected) in [(None, "a /x nobody"), (Some("a"), "a /x nobody")] {
        let mut sent = request(Method::GET, "/x", "");
        let node = nodes[0].credential().text().parse().unwrap();
        sent.headers_mut().insert("guichet-node", node);
        if let Some(name) = name {
            sent.headers_mut().insert("guichet-cell", name.parse().unwrap());
        }
        assert_eq!(nodes[0].ask(sent).await.text(), expected, "{name:?}");
    }
    let mut sent = request(Method::GET, "/x", "");
    for (name, value) in [("guichet-node", nodes[0].credential().text()), ("guichet-cell", "c")] {
        sent.headers_mut().insert(name, value.parse().unwrap());
    }
    assert_eq!(nodes[0].ask(sent).await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_list_goes_from_cell_to_cell() {
    let nodes = two().await;
    for node in &nodes {
        let a = "a /list?from=0 nobody";
        let (status, text) = answer_of(node, "pages", "/list").await;
        let said = if text.starts_with(a) { a } else { "a /list?from=0 who is it? a says é" };
        assert_eq!((status, said), (200, a), "it is its own cell that is asked first");
        assert_eq!(text, format!("{said}|b /list?from=1 who is it? a says é"));
    }
}

/// Whoever says what only nodes say is no node for it.
#[tokio::test]
async fn a_stranger_introduces_nobody() {
    let nodes = two().await;
    for node in &nodes {
        let mut guess = sent("1", "/x");
        for name in ["guichet-by", "guichet-ask", "guichet-cell"] {
            guess.headers_mut().insert(name, "a".parse().unwrap());
        }
        assert_eq!(node.ask(guess).await.text(), "b /x nobody");
        let mut guess = sent("1", "/x");
        guess.headers_mut().insert("guichet-node", "a guess".parse().unwrap());
        assert_eq!(node.ask(guess).await.status, StatusCode::SERVICE_UNAVAILABLE);
    }
    // Nor does a node: whoever is known as one has the other cell asked, and says nothing itself.
    let mut sent = request(Method::GET, "/x", "");
    for (name, value) in [
        ("guichet-node", nodes[1].credential().text()),
        ("guichet-cell", "b"),
        ("guichet-said", "root"),
        ("guichet-says", "root"),
        ("guichet-ask", "who is it?"),
        ("guichet-by", "a"),
    ] {
        sent.headers_mut().insert(name, value.parse().unwrap());
    }
    assert_eq!(nodes[1].ask(sent).await.text(), "b /x who is it? a says é");
}

/// A node is ready if each cell is led there or passed on, and says of each how it stands.
#[tokio::test]
async fn a_node_is_ready_for_all_cells_or_none() {
    let nodes = two().await;
    let ready = async |node: &Node| {
        let answer = node.ask(sent("", "/readyz")).await;
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        (answer.status.as_u16(), body)
    };
    let (status, body) = ready(&nodes[1]).await;
    assert_eq!((status, &body["ready"]), (200, &Value::Bool(true)));
    assert_eq!((&body["cells"][0]["cell"], &body["cells"][1]["cell"]), (&"a".into(), &"b".into()));
    assert_eq!(body["cells"][0]["leader"]["epoch"], 1);
    assert!(body["cells"][1]["leader"].is_null());
    nodes[1].front.cell(0).wait("Nobody leads.");
    let (status, body) = ready(&nodes[1]).await;
    assert_eq!((status, &body["cells"][0]["reason"]), (503, &"Nobody leads.".into()));
    assert_eq!(
        answer_of(&nodes[1], "1", "/x").await,
        well("b /x nobody"),
        "the other cell goes on"
    );
    // Metrics are of the cell that is led there.
    assert_eq!(answer_of(&nodes[1], "", "/metrics").await, well("b /metrics nobody"));
    assert_eq!(answer_of(&nodes[1], "", "/metrics?cell=b").await, well("b /metrics?cell=b nobody"));
    assert_eq!(answer_of(&nodes[1], "", "/metrics?cell=a").await.0, 503);
}

/// A cell that nobody leads for a while: what is asked across cells is 503, and not something else.
#[tokio::test(start_paused = true)]
async fn a_cell_that_cannot_be_asked_is_503() {
    let nodes = two().await;
    nodes[0].front.cell(1).wait("Nobody leads.");
    for way in ["found", "0 by 1", "pages"] {
        let (status, text) = answer_of(&nodes[0], way, "/x").await;
        assert_eq!(status, 503, "{way}");
        assert!(text.contains("Nobody leads."), "{text}");
    }
}

/// A request whose body does not come keeps nobody else from asking more than one cell.
#[tokio::test]
async fn a_body_that_does_not_come_takes_no_place() {
    let nodes = two().await;
    let reading = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&reading);
    let reads = app(move |request: Request| {
        let counted = Arc::clone(&counted);
        async move {
            counted.fetch_add(1, Ordering::Relaxed);
            let _ = request.into_body().collect().await;
            "read".into_response()
        }
    });
    let leading = Leading::new(reads, None, guichet_cloud::data::Term::new());
    nodes[0].front.cell(0).lead(leading.asked_by_others(asked("a")));
    let all_read = async |count: usize| {
        while reading.load(Ordering::Relaxed) < count {
            tokio::task::yield_now().await;
        }
    };
    let mut all = JoinSet::new();
    for n in 1..=limits::ACROSS_AT_ONCE + 1 {
        let mut slow = sent("0 by 1", "/reads");
        *slow.method_mut() = Method::POST;
        *slow.body_mut() = Body::from_stream(pending::<Result<Bytes, Infallible>>());
        all.spawn(nodes[1].front.app().oneshot(slow));
        // Who asks is found out of some at once, too.
        if n % 32 == 0 || n > limits::ACROSS_AT_ONCE {
            tokio::time::timeout(DEADLINE, all_read(n)).await.expect("all are being read");
        }
    }
    for (node, way) in [(1, "1 by 0"), (0, "1 by 0"), (1, "pages"), (0, "found")] {
        assert_eq!(answer_of(&nodes[node], way, "/x").await.0, 200, "{way}");
    }
}

/// One address has half of the places, and whoever finds none is told to come back.
#[tokio::test(start_paused = true)]
async fn an_address_keeps_nobody_out() {
    let nodes = two().await;
    nodes[0].front.cell(1).wait("Nobody leads.");
    let from = |last| PassedOn(Ipv4Addr::new(192, 0, 2, last).into());
    let found = |last| {
        let mut found = sent("found", "/x");
        found.extensions_mut().insert(from(last));
        found
    };
    let mut waiting = JoinSet::new();
    for _ in 0..limits::ACROSS_SHARE {
        waiting.spawn(nodes[0].front.app().oneshot(found(1)));
    }
    // Each gets as far as it can before this goes on.
    for _ in 0..limits::ACROSS_SHARE {
        tokio::task::yield_now().await;
    }
    let refused = nodes[0].ask(found(1)).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.text().contains("from cell to cell"), "{}", refused.text());
    nodes[0].front.cell(1).follow(nodes[1].as_leader(1));
    assert_eq!(nodes[0].ask(found(2)).await.status, StatusCode::OK);
}
