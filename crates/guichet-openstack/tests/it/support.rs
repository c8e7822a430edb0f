//! A cloud to send requests to, and what came back.

use std::sync::Arc;

use axum::body::Body;
use guichet_clock::WorldClock;
use guichet_cloud::Cloud;
use guichet_cloud::config::Declared;
use guichet_core::chance::Chance;
use guichet_driver::Driver;
use guichet_driver::profile::Profile;
use guichet_driver::simulated::{Names, Simulated};
use guichet_http::serve::App;
use guichet_openstack::app;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    pub(crate) fn code(&self) -> u16 {
        self.status.as_u16()
    }

    /// The token it brought.
    pub(crate) fn token(&self) -> String {
        assert_eq!(self.code(), 201, "{}", String::from_utf8_lossy(&self.bytes));
        self.headers["x-subject-token"].to_str().unwrap().to_owned()
    }

    /// The text of a problem of Identity.
    pub(crate) fn message(&self) -> String {
        self.json()["error"]["message"].as_str().unwrap().to_owned()
    }
}

/// A cloud over a driver that does everything at once.
pub(crate) struct TestCloud {
    pub(crate) cloud: Arc<Cloud>,
    app: App,
}

impl TestCloud {
    pub(crate) fn dev() -> Self {
        Self::of(Declared::dev())
    }

    pub(crate) fn of(declared: Declared) -> Self {
        let profile = Profile::builtin("instant").unwrap();
        let names = Names { projects: Vec::new(), hosts: Vec::new() };
        let clock = WorldClock::real();
        Self::over(declared, Arc::new(Simulated::new(profile, names, clock, Chance::new(1))))
    }

    /// A cloud over this driver.
    pub(crate) fn over<D: Driver + 'static>(declared: Declared, driver: Arc<D>) -> Self {
        let builder = Cloud::builder(declared).driver(driver).seed(0);
        Self::of_cloud(builder.open().unwrap().cloud)
    }

    /// One that there is already.
    pub(crate) fn of_cloud(cloud: Arc<Cloud>) -> Self {
        Self { app: app(&cloud), cloud }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        self.call("GET", path, token, None, None).await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.call("POST", path, token, None, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str, token: &str) -> Answer {
        self.call("DELETE", path, token, None, None).await
    }

    /// A request about another token.
    pub(crate) async fn about(&self, method: &str, token: &str, subject: &str) -> Answer {
        self.call(method, "/identity/v3/auth/tokens", token, Some(subject), None).await
    }

    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        token: &str,
        subject: Option<&str>,
        body: Option<&Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", "cloud:1");
        if !token.is_empty() {
            request = request.header("x-auth-token", token);
        }
        if let Some(subject) = subject {
            request = request.header("x-subject-token", subject);
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    /// Asks for a token.
    pub(crate) async fn ask(&self, auth: &Value) -> Answer {
        self.post("/identity/v3/auth/tokens", "", &json!({ "auth": auth })).await
    }

    /// A user's place.
    pub(crate) fn user(&self, name: &str) -> usize {
        self.cloud
            .accounts()
            .directory()
            .users()
            .iter()
            .position(|user| &*user.name == name)
            .unwrap()
    }

    pub(crate) fn user_id(&self, name: &str) -> String {
        self.cloud.accounts().directory().users()[self.user(name)].id.to_string()
    }

    pub(crate) fn project_id(&self, name: &str) -> String {
        let directory = self.cloud.accounts().directory();
        let mut projects = directory.projects().iter();
        projects.find(|project| &*project.name == name).unwrap().id.to_string()
    }

    /// A token for a user's default project, without a password.
    pub(crate) fn token_of(&self, name: &str) -> String {
        let user = self.user(name);
        let directory = self.cloud.accounts().directory();
        let grants = &directory.users()[user].grants;
        self.cloud.accounts().token_for(user, grants.first().copied()).unwrap()
    }
}

/// `identity` by password.
pub(crate) fn by_password(name: &str, password: &str) -> Value {
    json!({ "methods": ["password"], "password": {
        "user": { "name": name, "domain": { "id": "default" }, "password": password },
    } })
}

/// `scope` of a project by name.
pub(crate) fn project(name: &str) -> Value {
    json!({ "project": { "name": name, "domain": { "name": "Default" } } })
}
