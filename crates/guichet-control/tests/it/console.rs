//! What whoever is signed in to the console may read and steer.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use guichet_cloud::worlds::{ControlToken, Worlds};
use guichet_console::Console;
use guichet_control::access::Access;
use guichet_control::{Beside, app_with};
use guichet_http::access_log::AccessLog;
use guichet_http::query::Params;
use guichet_observe::Watch;
use http::{Method, header};
use http_body_util::BodyExt;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::support::{Answer, Service, blueprint};

const HOST: &str = "localhost:8774";
/// Longer than anything here takes.
const DEADLINE: std::time::Duration = std::time::Duration::from_secs(30);

/// A service with a console.
struct WithConsole {
    service: Service,
    watch: Arc<Watch>,
    console: Arc<Console>,
}

/// A browser that is signed in.
struct Browser {
    cookie: String,
    csrf: String,
}

/// What a part of a page is between.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).unwrap().0
}

impl WithConsole {
    fn open(access: Access) -> Self {
        let worlds = Arc::new(Worlds::open(blueprint("instant"), 3).unwrap());
        let console = Arc::new(Console::new(Arc::clone(&worlds)));
        let beside = Beside { console: Some(Arc::clone(&console)), ..Beside::default() };
        let watch = Arc::new(Watch::new(Arc::clone(&worlds)));
        let app = app_with(Arc::clone(&watch), access, beside);
        Self { service: Service { worlds, app }, watch, console }
    }

    /// A page of the console, its cookie set.
    async fn page(&self, request: http::request::Builder, body: String) -> (String, String) {
        let request = request.header(header::HOST, HOST).body(Body::from(body)).unwrap();
        let answer = self.console.answer(&AccessLog::default(), request).await;
        let set = answer.headers().get(header::SET_COOKIE);
        let set = set.map_or("", |set| set.to_str().unwrap()).split(';').next().unwrap().to_owned();
        let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (set, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn sign_in(&self, user: &str) -> Browser {
        let get = |path: &str| Request::builder().uri(path.to_owned());
        let (cookie, form) = self.page(get("/console/sign-in"), String::new()).await;
        let csrf = between(&form, "name=\"csrf\" value=\"", "\"");
        let fields = Params::default().with("csrf", csrf).with("user", user);
        let fields = fields.with("password", "secret").to_string();
        let post = Request::builder().method(Method::POST).uri("/console/sign-in");
        let post = post.header(header::COOKIE, cookie);
        let post = post.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (cookie, _) = self.page(post, fields).await;
        let page = get("/console/servers/new").header(header::COOKIE, &cookie);
        let (_, page) = self.page(page, String::new()).await;
        let csrf = between(&page, "name=\"csrf\" value=\"", "\"").to_owned();
        Browser { cookie, csrf }
    }

    /// What a script of the console's pages is answered.
    async fn ask(
        &self,
        browser: &Browser,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/guichet/v1/{path}"));
        request = request.header(header::HOST, HOST).header(header::COOKIE, &browser.cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.service.answer(request, None).await
    }
}

fn with_token() -> Access {
    Access::by(&ControlToken::new("the-service-has-this-one"))
}

#[tokio::test]
async fn a_user_reads_the_figures_of_its_own_project_and_steers_nothing() {
    let console = WithConsole::open(with_token());
    let demo = console.sign_in("demo").await;
    let stats = console.ask(&demo, Method::GET, "stats", &[]).await;
    assert_eq!(stats.code(), 200, "{stats:?}");
    for none in ["operations", "hosts", "servers", "totals"] {
        assert_eq!(stats.body[none], json!(null), "{none}");
    }
    for (method, path) in [
        (Method::GET, "worlds"),
        (Method::GET, "worlds/root"),
        (Method::GET, "worlds/root/operations"),
        (Method::POST, "worlds/root/reset"),
        (Method::POST, "worlds"),
    ] {
        let csrf = [("x-guichet-csrf", &*demo.csrf)];
        let refused = console.ask(&demo, method.clone(), path, &csrf).await;
        assert_eq!(refused.code(), 401, "{method} {path}");
    }
}

/// Reads a stream until it says something; what it said.
async fn read_until(body: &mut Body, text: &str) -> String {
    let mut read = String::new();
    let reading = async {
        while !read.contains(text) {
            let frame = body.frame().await.expect("the stream ended").unwrap();
            read.push_str(std::str::from_utf8(&frame.into_data().unwrap()).unwrap());
        }
    };
    tokio::time::timeout(DEADLINE, reading).await.unwrap_or_else(|_| panic!("no {text}"));
    read
}

#[tokio::test]
async fn a_user_is_sent_what_its_own_project_does_and_nothing_of_another() {
    let console = WithConsole::open(Access::Open);
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let (watch, stopped) = (Arc::clone(&console.watch), stop.clone());
    tasks.spawn(async move { watch.run(&stopped).await });
    let demo = console.sign_in("demo").await;
    let request = Request::builder().uri("/guichet/v1/events").header(header::HOST, HOST);
    let request = request.header(header::COOKIE, &demo.cookie).body(Body::empty()).unwrap();
    let mut body = console.service.app.clone().oneshot(request).await.unwrap().into_body();
    read_until(&mut body, "event: stats").await;
    let [alt, own] = ["alt", "demo"];
    let token = console.service.log_in_as("", alt).await;
    let others = console.service.create("", &token, "of-alt").await;
    let token = console.service.log_in_as("", own).await;
    let server = console.service.create("", &token, "of-demo").await;
    let read = read_until(&mut body, &format!("\"server\":\"{server}\"")).await;
    assert!(!read.contains(&others), "{read}");
    // Of the queue it sees no more.
    let sample = read_until(&mut body, "event: stats").await;
    assert!(!sample.contains("\"name\":\"alt\""), "{sample}");
    drop(body);
    stop.cancel();
    tasks.close();
    tokio::time::timeout(DEADLINE, tasks.wait()).await.unwrap();
}

#[tokio::test]
async fn an_administrator_reads_and_steers_all_from_the_consoles_own_pages() {
    let console = WithConsole::open(with_token());
    let admin = console.sign_in("admin").await;
    let stats = console.ask(&admin, Method::GET, "stats", &[]).await;
    assert!(stats.body["hosts"]["count"].as_u64().unwrap() > 0, "{stats:?}");
    assert_eq!(console.ask(&admin, Method::GET, "worlds", &[]).await.code(), 200);
    let csrf = ("x-guichet-csrf", &*admin.csrf);
    assert_eq!(console.ask(&admin, Method::POST, "worlds", &[csrf]).await.code(), 201);
    let origin = ("origin", "http://localhost:8774");
    let reset = "worlds/root/reset";
    for (headers, code) in [
        (&[][..], 403),
        (&[("x-guichet-csrf", "guessed")], 403),
        (&[csrf, ("origin", "http://localhost:3000")], 403),
        (&[csrf, ("sec-fetch-site", "same-site")], 403),
        (&[csrf, origin], 204),
    ] {
        let answer = console.ask(&admin, Method::POST, reset, headers).await;
        assert_eq!(answer.code(), code, "{headers:?}: {answer:?}");
    }
    // All tokens of the cloud ended with the reset, and with it the session.
    assert_eq!(console.ask(&admin, Method::GET, "stats", &[]).await.code(), 401);
}

#[tokio::test]
async fn an_administrator_sees_and_sets_hosts_with_a_session_and_a_user_does_not() {
    let console = WithConsole::open(with_token());
    let admin = console.sign_in("admin").await;
    let list = console.ask(&admin, Method::GET, "hosts", &[]).await;
    assert_eq!(list.code(), 200, "{list:?}");
    let name = list.body["hosts"][0]["name"].as_str().unwrap();
    let (path, csrf) = (format!("hosts/{name}/drain"), ("x-guichet-csrf", &*admin.csrf));
    assert_eq!(console.ask(&admin, Method::DELETE, &path, &[]).await.code(), 403);
    assert_eq!(console.ask(&admin, Method::DELETE, &path, &[csrf]).await.code(), 204);
    assert_eq!(console.ask(&admin, Method::GET, "hosts?world=none", &[]).await.code(), 404);
    let demo = console.sign_in("demo").await;
    assert_eq!(console.ask(&demo, Method::GET, "hosts", &[]).await.code(), 401);
}

#[tokio::test]
async fn a_token_counts_before_a_session_and_an_open_service_is_none_to_another_sites_page() {
    let console = WithConsole::open(with_token());
    let admin = console.sign_in("admin").await;
    let wrong = [("authorization", "Bearer another")];
    assert_eq!(console.ask(&admin, Method::GET, "worlds", &wrong).await.code(), 403);
    // Where nobody needs a token whoever is signed in sees its own project all the same.
    let open = WithConsole::open(Access::Open);
    let demo = open.sign_in("demo").await;
    let stats = open.ask(&demo, Method::GET, "stats", &[]).await;
    assert_eq!((stats.code(), &stats.body["hosts"]), (200, &json!(null)));
    let foreign = [("sec-fetch-site", "cross-site")];
    assert_eq!(open.ask(&demo, Method::GET, "stats", &foreign).await.code(), 403);
}
