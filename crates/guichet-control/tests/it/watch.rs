//! Figures and the log as it happens, over a real socket.

use std::sync::Arc;
use std::time::Duration;

use guichet_cloud::worlds::{ControlToken, Worlds};
use guichet_control::access::Access;
use guichet_control::{Beside, app_with};
use guichet_core::limits;
use guichet_http::serve::serve;
use guichet_observe::Watch;
use http::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::support::{Service, blueprint};

/// Longer than anything here takes.
const DEADLINE: Duration = Duration::from_secs(30);
const TOKEN: &str = "a-token-for-the-tests";

/// A service that listens and is watched.
struct Listened {
    service: Service,
    address: std::net::SocketAddr,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Listened {
    async fn begin(worlds: usize) -> Self {
        let worlds = Arc::new(Worlds::open(blueprint("instant"), worlds).unwrap());
        let watch = Arc::new(Watch::new(Arc::clone(&worlds)));
        let access = Access::by(&ControlToken::new(TOKEN));
        let app = app_with(Arc::clone(&watch), access, Beside::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn(serve(listener, app.clone(), stop.clone()));
        let watched = stop.clone();
        tasks.spawn(async move { watch.run(&watched).await });
        Self { service: Service { worlds, app }, address, stop, tasks }
    }

    /// The status and the headers of the answer to a GET, and the connection behind them.
    async fn get(&self, path: &str, token: &str) -> (u16, String, BufReader<TcpStream>) {
        let mut tcp = TcpStream::connect(self.address).await.unwrap();
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        tcp.write_all(head.as_bytes()).await.unwrap();
        let mut reader = BufReader::new(tcp);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(reader.read_line(&mut head).await.unwrap() > 0, "{head}");
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_lowercase(), reader)
    }

    async fn json(&self, path: &str, token: &str) -> (u16, Value) {
        let (status, head, mut reader) = self.get(path, token).await;
        let length = head.split("content-length: ").nth(1).unwrap();
        let mut body = vec![0; length.split("\r\n").next().unwrap().parse().unwrap()];
        reader.read_exact(&mut body).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    async fn events(&self, path: &str) -> Events {
        let (status, head, reader) = self.get(path, TOKEN).await;
        assert_eq!(status, 200, "{head}");
        assert!(head.contains("content-type: text/event-stream"), "{head}");
        Events { reader }
    }

    async fn end(self) {
        self.stop.cancel();
        self.tasks.close();
        let ended = tokio::time::timeout(DEADLINE, self.tasks.wait()).await;
        ended.expect("nothing holds it up, streams neither");
    }
}

/// One server more than the project may have: refused, and an entry of the log.
async fn be_refused(service: &Service, world: &str, token: &str) {
    let refused = service.create_answer(world, token, "over").await;
    assert_eq!(refused.code(), 403, "{refused:?}");
}

/// The events of a stream.
struct Events {
    reader: BufReader<TcpStream>,
}

impl Events {
    /// The next one of a name.
    async fn next(&mut self, name: &str) -> Value {
        loop {
            let (found, data) = self.any().await;
            if found == name {
                return data;
            }
        }
    }

    /// The next one: its name, and its data.
    async fn any(&mut self) -> (String, Value) {
        let read = async {
            let mut event = String::new();
            loop {
                let mut line = String::new();
                assert!(self.reader.read_line(&mut line).await.unwrap() > 0, "the stream ended");
                if let Some(found) = line.strip_prefix("event: ") {
                    found.trim().clone_into(&mut event);
                }
                if let Some(data) = line.strip_prefix("data: ") {
                    return (event, serde_json::from_str(data).unwrap());
                }
            }
        };
        tokio::time::timeout(DEADLINE, read).await.expect("an event in time")
    }

    /// All events but samples, up to the one that says that nothing more comes.
    async fn until_the_end(mut self) -> Vec<(String, Value)> {
        let mut all = Vec::new();
        loop {
            let one = self.any().await;
            if one.0 == "end" {
                return all;
            }
            if one.0 != "stats" {
                all.push(one);
            }
        }
    }
}

#[tokio::test]
async fn figures_and_the_log_say_what_happened() {
    let listened = Listened::begin(0).await;
    let service = &listened.service;
    // The first sample is there: whatever follows is counted.
    let mut all = listened.events("/guichet/v1/events").await;
    all.next("stats").await;
    let mut ends = listened.events("/guichet/v1/events?kind=succeeded&project=demo").await;
    let token = service.log_in("").await;
    let server = service.create("", &token, "one").await;
    let accepted = all.next("log").await;
    assert_eq!(
        (&accepted["kind"], &accepted["action"], &accepted["server"], &accepted["project_name"]),
        (&json!("accepted"), &json!("create"), &json!(server), &json!("demo"))
    );
    let end = ends.next("log").await;
    assert_eq!((&end["kind"], &end["server"]), (&json!("succeeded"), &json!(server)));
    assert!(end["service_ms"].is_number() && end["number"].is_number(), "{end}");
    // Refused: the name of a flavor that is none changes nothing, and a missing server is counted.
    let missing = "/compute/v2.1/servers/00000000-0000-4000-8000-000000000000/action";
    let body = json!({ "reboot": { "type": "SOFT" } });
    service.ask(Method::POST, missing, &token, Some(body)).await;
    let (status, stats) = listened.json("/guichet/v1/stats?since=0", TOKEN).await;
    assert_eq!(status, 200, "{stats}");
    assert_eq!(stats["totals"]["succeeded"], 1);
    assert_eq!(stats["servers"], json!([{ "status": "ACTIVE", "count": 1 }]));
    assert_eq!(stats["queue"]["waiting"], 0);
    assert!(stats["queue"]["bound"].as_u64().unwrap() > 0);
    assert_eq!((&stats["missed"], &stats["journal"]), (&json!(0), &Value::Null));
    let hosts = &stats["hosts"];
    assert_eq!(hosts["fullest"][0]["vcpus_used"], hosts["vcpus_used"]);
    assert!(stats["samples"][0]["seconds"].as_f64().unwrap() >= 1.0, "{stats}");
    // What was read has been counted, in a sample too.
    loop {
        let sample = all.next("stats").await;
        let done = json!({ "action": "create", "outcome": "succeeded", "count": 1 });
        if sample["operations"].as_array().unwrap().contains(&done) {
            assert_eq!(
                (&sample["wait"]["count"], &sample["service"]["count"]),
                (&json!(1), &json!(1))
            );
            break;
        }
    }
    let (_, stats) = listened.json("/guichet/v1/stats", TOKEN).await;
    assert_eq!((&stats["service"]["count"], &stats["samples"]), (&json!(1), &json!([])));
    listened.end().await;
}

#[tokio::test]
async fn who_may_not_look_sees_nothing() {
    let listened = Listened::begin(1).await;
    for path in ["stats", "events", "worlds/root/stats", "worlds/none/events"] {
        let (status, body) = listened.json(&format!("/guichet/v1/{path}"), "another-token").await;
        assert_eq!(status, 403, "{path}: {body}");
    }
    let made = listened.service.steer(Method::POST, "worlds", Some(TOKEN), Some(json!({}))).await;
    let (id, own) = (made.body["world"]["id"].as_str(), made.body["control_token"].as_str());
    let (path, own) = (format!("/guichet/v1/worlds/{}/stats", id.unwrap()), own.unwrap());
    assert_eq!(listened.json(&path, own).await.0, 200);
    assert_eq!(listened.json("/guichet/v1/stats", own).await.0, 403);
    for query in [
        "stats?since=x",
        "stats?colour=1",
        "events?kind=x",
        "events?server=x",
        "events?request=x",
        "events?project=x",
        "events?colour=x",
        "events?since=yesterday",
        "events?since_s=-1",
        "events?since_s=1e300",
        "events?since=2026-12-01T00:00:00Z&since_s=1",
        "events?since_s=10&until_s=20",
        "events?until_s=1&follow=true",
        "events?follow=maybe",
    ] {
        let (status, body) = listened.json(&format!("/guichet/v1/{query}"), TOKEN).await;
        assert_eq!(status, 400, "{query}: {body}");
    }
    listened.end().await;
}

#[tokio::test]
async fn a_world_is_watched_from_when_somebody_asks_and_anew_after_a_reset() {
    let listened = Listened::begin(1).await;
    let service = &listened.service;
    let made = service.steer(Method::POST, "worlds", Some(TOKEN), Some(json!({}))).await.body;
    let id = made["world"]["id"].as_str().unwrap();
    let mut events = listened.events(&format!("/guichet/v1/worlds/{id}/events")).await;
    for round in 0..2 {
        let token = service.log_in(&format!("/w/{id}")).await;
        let server = service.create(&format!("/w/{id}"), &token, "one").await;
        assert_eq!(events.next("log").await["server"], server, "round {round}");
        let reset = format!("worlds/{id}/reset");
        assert_eq!(service.steer(Method::POST, &reset, Some(TOKEN), None).await.code(), 204);
        // By then the cloud in its place is read.
        events.next("stats").await;
        events.next("stats").await;
    }
    let end = format!("worlds/{id}");
    assert_eq!(service.steer(Method::DELETE, &end, Some(TOKEN), None).await.code(), 204);
    let ended = async {
        let mut line = String::new();
        // The last chunk is an empty one.
        while line != "0\r\n" {
            line.clear();
            assert!(events.reader.read_line(&mut line).await.unwrap() > 0, "cut off");
        }
    };
    tokio::time::timeout(DEADLINE, ended).await.expect("the stream of a world ends with it");
    listened.end().await;
}

#[tokio::test]
async fn more_than_may_listen_are_told_to_come_back_and_a_place_is_given_back() {
    let listened = Listened::begin(0).await;
    let mut all = Vec::new();
    for _ in 0..limits::LISTENERS_MAX {
        all.push(listened.events("/guichet/v1/events").await);
    }
    let (status, head, _) = listened.get("/guichet/v1/events", TOKEN).await;
    assert_eq!(status, 429);
    assert!(head.contains("retry-after: 1"), "{head}");
    all.pop();
    let again = async {
        while listened.get("/guichet/v1/events", TOKEN).await.0 != 200 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, again).await.expect("the place is free again");
    listened.end().await;
}

#[tokio::test]
async fn metrics_and_health_say_how_the_service_is() {
    let listened = Listened::begin(0).await;
    let service = &listened.service;
    let mut events = listened.events("/guichet/v1/events").await;
    events.next("stats").await;
    let token = service.log_in("").await;
    service.create("", &token, "one").await;
    while events.next("log").await["kind"] != "succeeded" {}
    assert_eq!(listened.json("/healthz", "").await, (200, json!({ "alive": true })));
    let ready = json!({ "ready": true, "reason": null });
    assert_eq!(listened.json("/readyz", "").await, (200, ready));
    // Ids and names that strangers make up are in no label.
    service.ask(Method::GET, "/compute/v2.1/nothing/0815", &token, None).await;
    service.ask(Method::from_bytes(b"BREW").unwrap(), "/pot-0815", &token, None).await;
    assert_eq!(service.log_in_with("", "wrong").await.code(), 401);
    let (status, head, mut reader) = listened.get("/metrics", TOKEN).await;
    assert_eq!(status, 200);
    assert!(head.contains("content-type: application/openmetrics-text; version=1.0.0"), "{head}");
    let mut text = String::new();
    while !text.ends_with("# EOF\n") {
        assert!(reader.read_line(&mut text).await.unwrap() > 0, "{text}");
    }
    for line in [
        "guichet_operations_total{action=\"create\",outcome=\"succeeded\"} 1",
        "guichet_servers{status=\"ACTIVE\"} 1",
        "guichet_operation_wait_seconds_count{action=\"create\"} 1",
        "guichet_operation_service_seconds_count{action=\"create\"} 1",
        "guichet_driver_call_seconds_count{action=\"create\"} 1",
        "guichet_http_requests_total{service=\"compute\",route=\"/compute/v2.1/servers\",method=\"POST\",status=\"2xx\"} 1",
        "guichet_http_requests_total{service=\"control\",route=\"/guichet/v1/events\",method=\"GET\",status=\"2xx\"} 1",
        "guichet_http_requests_total{service=\"other\",route=\"/readyz\",method=\"GET\",status=\"2xx\"} 1",
        "guichet_http_requests_total{service=\"compute\",route=\"other\",method=\"GET\",status=\"4xx\"} 1",
        "guichet_http_requests_total{service=\"other\",route=\"other\",method=\"other\",status=\"4xx\"} 1",
        "guichet_logins_total{outcome=\"granted\"} 1",
        "guichet_logins_total{outcome=\"refused\"} 1",
        "guichet_tokens 1",
        "guichet_connections_opened_total ",
        "guichet_connections_not_served_total{reason=\"share\"} 0",
        "guichet_build_info{version=",
        "guichet_queue_waiting 0",
        "guichet_ready 1",
    ] {
        assert!(text.lines().any(|found| found.starts_with(line)), "no {line} in\n{text}");
    }
    assert!(!text.contains("0815") && !text.contains("BREW"), "{text}");
    let begin = "guichet_http_request_duration_seconds_bucket{";
    let created = |line: &&str| {
        line.starts_with(begin) && line.contains("/compute/v2.1/servers\"") && line.contains(" # {")
    };
    let exemplar = text.lines().find(created).expect("an exemplar");
    assert!(exemplar.contains("# {request_id=\"req-"), "{exemplar}");
    let (status, _) = listened.json("/metrics", "another-token").await;
    assert_eq!(status, 403, "they name projects");
    service.worlds.begin_closing();
    let (status, body) = listened.json("/readyz", "").await;
    assert_eq!((status, &body["ready"]), (503, &json!(false)));
    assert!(body["reason"].as_str().unwrap().contains("stops"), "{body}");
    listened.end().await;
}

#[tokio::test]
async fn what_was_is_followed_by_what_happens_with_nothing_between_and_nothing_twice() {
    let listened = Listened::begin(0).await;
    let service = &listened.service;
    let token = service.log_in("").await;
    // Below what a listener is sent in a second: nothing may be left out.
    const REBOOTS: u64 = 10;
    let server = service.create("", &token, "one").await;
    let path = format!("/compute/v2.1/servers/{server}/action");
    let reboot = async || {
        let body = json!({ "reboot": { "type": "HARD" } });
        service.ask(Method::POST, &path, &token, Some(body)).await.code()
    };
    let reboots = async || {
        let mut done = 0;
        while done < REBOOTS {
            done += u64::from(reboot().await == 202);
            tokio::task::yield_now().await;
        }
    };
    reboots().await;
    let mut events = listened.events("/guichet/v1/events?since_s=3600&follow=true").await;
    let past = events.next("past").await;
    assert_eq!((&past["gone"], &past["is_whole"]), (&json!(0), &json!(false)), "it began since");
    let read = async {
        let (mut numbers, mut ends) = (Vec::new(), 0);
        // The create, and each reboot: a hard one gives up none that is over.
        while ends < 1 + 2 * REBOOTS {
            let (name, entry) = events.any().await;
            assert_ne!(name, "dropped");
            // A reboot that is refused has none.
            if let Some(number) = entry["number"].as_u64().filter(|_| name == "log") {
                numbers.push(number);
                ends += u64::from(entry["kind"] == "succeeded" || entry["kind"] == "cancelled");
            }
        }
        numbers
    };
    let ((), numbers) = tokio::join!(reboots(), read);
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    listened.end().await;
}

#[tokio::test]
async fn of_what_was_one_is_sent_the_part_that_is_asked_for() {
    let listened = Listened::begin(0).await;
    let service = &listened.service;
    let token = service.log_in("").await;
    let server = service.create("", &token, "one").await;
    let quota = Some(json!({ "instances": 0, "force": true }));
    let set = service.steer(Method::PUT, "quotas/demo", Some(TOKEN), quota).await;
    assert_eq!(set.code(), 200, "{set:?}");
    be_refused(service, "", &token).await;
    let read = async |query: &str| {
        let events = listened.events(&format!("/guichet/v1/events?{query}")).await;
        let mut all = events.until_the_end().await;
        assert_eq!(all.remove(0).0, "past", "{query}");
        all.into_iter().map(|(_, entry)| entry).collect::<Vec<_>>()
    };
    let kinds = |entries: &[Value]| -> Vec<String> {
        entries.iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect()
    };
    let succeeded = async {
        while !kinds(&read("follow=false").await).contains(&"succeeded".to_owned()) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, succeeded).await.expect("it is created");
    let all = read("since_s=3600&follow=false").await;
    let mut sorted = kinds(&all);
    sorted.sort();
    assert_eq!(sorted, ["accepted", "refused", "started", "succeeded"]);
    let of_server = read(&format!("follow=false&server={server}")).await;
    assert_eq!(kinds(&of_server), ["accepted", "started", "succeeded"]);
    assert_eq!(kinds(&read("follow=false&kind=refused").await), ["refused"]);
    assert_eq!(read("follow=false&project=alt").await, [] as [Value; 0]);
    // From an entry's own instant on, which is the first one's too, and up to it.
    let at = all[0]["at"].as_str().unwrap();
    assert_eq!(read(&format!("since={at}&follow=false")).await, all);
    assert_eq!(read(&format!("until={at}")).await, [] as [Value; 0]);
    assert_eq!(read("since_s=0&follow=false").await, [] as [Value; 0]);
    listened.end().await;
}

#[tokio::test]
async fn whoever_asks_for_more_than_there_is_learns_how_much_is_gone() {
    let listened = Listened::begin(1).await;
    let service = &listened.service;
    let made = service.steer(Method::POST, "worlds", Some(TOKEN), Some(json!({}))).await.body;
    let id = made["world"]["id"].as_str().unwrap();
    let (world, path) = (format!("/w/{id}"), format!("/guichet/v1/worlds/{id}/events"));
    listened.events(&path).await.next("stats").await;
    let token = service.log_in(&world).await;
    // As many as the project may have, with three entries each.
    const SERVERS: usize = 10;
    for _ in 0..SERVERS {
        service.create(&world, &token, "one").await;
    }
    for _ in 0..limits::LOG_ENTRIES_OF_WORLD_MAX {
        be_refused(service, &world, &token).await;
    }
    let read = async {
        loop {
            let path = format!("{path}?follow=false");
            let mut all = listened.events(&path).await.until_the_end().await;
            let past = all.remove(0).1;
            // The last may be under way.
            if past["gone"] == 3 * SERVERS {
                return (past, all);
            }
        }
    };
    let (past, all) = tokio::time::timeout(DEADLINE, read).await.expect("as many are gone");
    assert_eq!(past["is_whole"], false);
    assert_eq!(all.len(), limits::LOG_ENTRIES_OF_WORLD_MAX);
    assert_eq!(all[0].1["at"], past["whole_from"]);
    let since = past["whole_from"].as_str().unwrap();
    let enough = listened.events(&format!("{path}?since={since}&follow=false")).await;
    let enough = enough.until_the_end().await;
    assert_eq!(enough[0].1["is_whole"], true);
    assert_eq!(enough.len(), 1 + limits::LOG_ENTRIES_OF_WORLD_MAX);
    listened.end().await;
}
