//! A cloud whose driver stops where a test wants it to, and clients of it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use guichet_cloud::accounts::Role;
use guichet_cloud::config::Declared;
use guichet_core::action::Action;
use guichet_core::rows::Outcome;
use guichet_core::server::Failure;
use guichet_driver::{Call, Driver, Machine};
use http::Request;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::support::{Answer, TestCloud};

/// Which actions wait, and which fail.
#[derive(Debug, Default)]
struct Orders {
    held: Vec<Action>,
    failing: Vec<Action>,
}

/// A driver that does at once what it is not told to hold.
pub(crate) struct Held(watch::Sender<Orders>);

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").finish_non_exhaustive()
    }
}

fn failed(transient: bool) -> Outcome {
    Outcome::Failed { kind: Failure::Driver, transient, message: Arc::from("as asked") }
}

#[async_trait]
impl Driver for Held {
    async fn run(&self, call: Call) -> Outcome {
        let mut orders = self.0.subscribe();
        tokio::select! {
            biased;
            () = call.cancel.cancelled() => return failed(true),
            _ = orders.wait_for(|orders| !orders.held.contains(&call.action)) => {}
        }
        if orders.borrow().failing.contains(&call.action) {
            return failed(false);
        }
        Outcome::Succeeded
    }

    async fn list(&self) -> Vec<Machine> {
        Vec::new()
    }

    fn expected_service(&self) -> Duration {
        Duration::from_millis(10)
    }
}

/// A cloud as `--dev` has it, and its driver.
pub(crate) struct Bench {
    pub(crate) test: TestCloud,
    driver: Arc<Held>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// With something declared otherwise.
    pub(crate) fn with(change: impl FnOnce(&mut Declared)) -> Self {
        let mut declared = Declared::dev();
        change(&mut declared);
        let driver = Arc::new(Held(watch::Sender::new(Orders::default())));
        Self { test: TestCloud::over(declared, Arc::clone(&driver)), driver }
    }

    /// Without a quota.
    pub(crate) fn unlimited() -> Self {
        Self::with(|declared| {
            for project in &mut declared.projects {
                project.quota = guichet_core::project::Quota::default();
            }
        })
    }

    /// From here on these wait.
    pub(crate) fn hold(&self, actions: &[Action]) {
        self.driver.0.send_modify(|orders| orders.held = actions.to_vec());
    }

    /// From here on these fail.
    pub(crate) fn fail(&self, actions: &[Action]) {
        self.driver.0.send_modify(|orders| orders.failing = actions.to_vec());
    }

    /// A client at the newest version.
    pub(crate) fn client(&self, user: &str) -> Client<'_> {
        Client { test: &self.test, token: self.test.token_of(user), minor: 96 }
    }

    /// A client of project `demo` with this role.
    pub(crate) fn with_role(&self, role: Role) -> Client<'_> {
        let user = self.test.user("demo");
        let token = self.test.cloud.accounts().token_for(user, Some((0, role))).unwrap();
        Client { test: &self.test, token, minor: 96 }
    }

    /// The id of the image `cirros`.
    pub(crate) fn image(&self) -> String {
        self.test.cloud.catalogue().images(guichet_cloud::catalogue::Viewer::Admin)[0]
            .id
            .to_string()
    }

    /// The id of the network `private`.
    pub(crate) fn network(&self) -> String {
        self.test.cloud.catalogue().networks()[0].id.to_string()
    }
}

/// Somebody with a token, at a microversion.
#[derive(Clone)]
pub(crate) struct Client<'a> {
    pub(crate) test: &'a TestCloud,
    pub(crate) token: String,
    pub(crate) minor: u16,
}

/// What every create names, and more over it; `null` takes a field away.
pub(crate) fn new(image: &str, more: &Value) -> Value {
    let mut server = json!({
        "name": "web", "imageRef": image, "flavorRef": "1", "networks": "auto",
    });
    for (name, value) in more.as_object().unwrap() {
        match value {
            Value::Null => server.as_object_mut().unwrap().remove(name),
            value => server.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    json!({ "server": server })
}

impl Client<'_> {
    /// The same at 2.`minor`.
    pub(crate) fn at(&self, minor: u16) -> Self {
        Self { minor, ..self.clone() }
    }

    /// A request below `/compute/v2.1`.
    pub(crate) fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Request<Body> {
        let request = Request::builder()
            .method(method)
            .uri(format!("/compute/v2.1{path}"))
            .header("host", "cloud:1")
            .header("x-auth-token", &self.token)
            .header("openstack-api-version", format!("compute 2.{}", self.minor));
        match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(Body::from(body.to_string()))
                .unwrap(),
            None => request.body(Body::empty()).unwrap(),
        }
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.test.send(self.request(method, path, body)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None).await
    }

    /// What a `GET` brings, which must be there.
    pub(crate) async fn body(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.code(), 200, "{path}: {}", String::from_utf8_lossy(&answer.bytes));
        answer.json()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.call("PUT", path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path, None).await
    }

    pub(crate) async fn server(&self, id: &str) -> Value {
        self.body(&format!("/servers/{id}")).await["server"].take()
    }

    /// Asks for a server; `networks` is left out where a version does not want it.
    pub(crate) async fn ask(&self, more: &Value) -> Answer {
        let image = self.test.cloud.catalogue().images(guichet_cloud::catalogue::Viewer::Admin)[0]
            .id
            .to_string();
        let mut body = new(&image, more);
        if self.minor < 37 && body["server"]["networks"] == "auto" {
            body["server"].as_object_mut().unwrap().remove("networks");
        }
        self.post("/servers", &body).await
    }

    /// Asks for a server, which must be accepted: its id.
    pub(crate) async fn create(&self, more: &Value) -> String {
        let answer = self.ask(more).await;
        assert_eq!(answer.code(), 202, "{more}: {}", String::from_utf8_lossy(&answer.bytes));
        answer.json()["server"]["id"].as_str().unwrap().to_owned()
    }

    /// A server that is ACTIVE.
    pub(crate) async fn active(&self, more: &Value) -> String {
        let id = self.create(more).await;
        self.until(&id, "ACTIVE").await;
        id
    }

    /// Waits until a server has this status and nothing is done to it.
    pub(crate) async fn until(&self, id: &str, status: &str) {
        self.until_it(id, |server| {
            server["status"] == status && server["OS-EXT-STS:task_state"].is_null()
        })
        .await;
    }

    /// Waits until a server is as wanted.
    pub(crate) async fn until_it(&self, id: &str, wanted: impl Fn(&Value) -> bool) {
        soon(async {
            while !wanted(&self.server(id).await) {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    /// Waits until a server is not there any more.
    pub(crate) async fn until_gone(&self, id: &str) {
        soon(async {
            while self.get(&format!("/servers/{id}")).await.code() != 404 {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    pub(crate) async fn act(&self, id: &str, body: &Value) -> Answer {
        self.post(&format!("/servers/{id}/action"), body).await
    }

    /// The names of a list, in its order.
    pub(crate) async fn names(&self, query: &str) -> Vec<String> {
        let body = self.body(&format!("/servers{query}")).await;
        column(&body["servers"], "name")
    }

    /// The status of a list, and the text of its problem.
    pub(crate) async fn refused(&self, query: &str) -> (u16, String) {
        let answer = self.get(&format!("/servers/detail{query}")).await;
        (answer.code(), fault(&answer))
    }
}

/// Waits for something that is to come about, with a deadline.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), future).await.expect("it comes about soon")
}

/// A field of each row.
pub(crate) fn column(rows: &Value, field: &str) -> Vec<String> {
    rows.as_array().unwrap().iter().map(|row| row[field].as_str().unwrap().to_owned()).collect()
}

/// The text of a problem of Compute, which must have its shape.
pub(crate) fn fault(answer: &Answer) -> String {
    assert_eq!(answer.headers["content-type"], "application/json");
    let body = answer.json();
    let (name, fault) = body.as_object().unwrap().iter().next().unwrap();
    assert_eq!(fault["code"], answer.code(), "{name}");
    fault["message"].as_str().unwrap().to_owned()
}
