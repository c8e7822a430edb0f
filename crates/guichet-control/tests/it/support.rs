//! A service with worlds to ask.

use std::sync::Arc;

use axum::body::Body;
use guichet_cloud::config::Declared;
use guichet_cloud::worlds::{Blueprint, Worlds};
use guichet_control::access::Access;
use guichet_control::audit::{Event, OnFull, auditor};
use guichet_control::lines::Lines;
use guichet_control::record::recorder;
use guichet_control::{Watched, app, recorded_app, watched_app};
use guichet_driver::profile::Profile;
use guichet_http::serve::App;
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

/// A service whose worlds are as `--dev` declares them.
pub(crate) struct Service {
    pub(crate) worlds: Arc<Worlds>,
    pub(crate) app: App,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn code(&self) -> u16 {
        self.status.as_u16()
    }

    /// The sentence of a refusal.
    pub(crate) fn message(&self) -> &str {
        self.body["error"]["message"].as_str().unwrap()
    }
}

impl Service {
    /// One that makes as many worlds for whoever reaches it.
    pub(crate) fn open(most: usize) -> Self {
        Self::of(blueprint("instant"), most, Access::Open)
    }

    pub(crate) fn of(blueprint: Blueprint, most: usize, access: Access) -> Self {
        let worlds = Arc::new(Worlds::open(blueprint, most).unwrap());
        Self { app: app(Arc::clone(&worlds), access), worlds }
    }

    /// One that makes as many worlds, and writes a line of each request.
    pub(crate) fn recorded(most: usize) -> (Self, Lines<String>) {
        let worlds = Arc::new(Worlds::open(blueprint("instant"), most).unwrap());
        let (recorder, lines) = recorder();
        let app = recorded_app(Arc::clone(&worlds), Access::Open, Some(recorder));
        (Self { app, worlds }, lines)
    }

    /// One that makes as many worlds, and hands on an event for each thing that is audited.
    pub(crate) fn audited(most: usize, on_full: OnFull, access: Access) -> (Self, Lines<Event>) {
        let worlds = Arc::new(Worlds::open(blueprint("instant"), most).unwrap());
        let (auditor, lines) = auditor(on_full, 7);
        let watched = Watched { auditor: Some(auditor), ..Watched::default() };
        let app = watched_app(Arc::clone(&worlds), access, watched);
        (Self { app, worlds }, lines)
    }

    /// The answer to a request; `token` is a control token.
    pub(crate) async fn steer(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/guichet/v1/{path}"));
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.answer(request, body).await
    }

    /// The answer of a cloud to a request with a token of its own.
    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: Option<Value>,
    ) -> Answer {
        let request = Request::builder().method(method).uri(path).header("x-auth-token", token);
        self.answer(request, body).await
    }

    pub(crate) async fn answer(
        &self,
        mut request: http::request::Builder,
        body: Option<Value>,
    ) -> Answer {
        if let Some(body) = &body {
            request = request
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::CONTENT_LENGTH, body.to_string().len());
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let response = self.app.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Makes a world; what its maker is told.
    pub(crate) async fn make(&self, asked: Value) -> Value {
        let made = self.steer(Method::POST, "worlds", None, Some(asked)).await;
        assert_eq!(made.code(), 201, "{made:?}");
        made.body
    }

    /// A token of the user demo in the cloud under a path.
    pub(crate) async fn log_in(&self, path: &str) -> String {
        let answer = self.log_in_with(path, "secret").await;
        assert_eq!(answer.code(), 201, "{answer:?}");
        answer.headers["x-subject-token"].to_str().unwrap().to_owned()
    }

    /// A token of a user of that name, for the project of that name.
    pub(crate) async fn log_in_as(&self, path: &str, name: &str) -> String {
        let answer = self.log_in_by(path, name, "secret").await;
        assert_eq!(answer.code(), 201, "{answer:?}");
        answer.headers["x-subject-token"].to_str().unwrap().to_owned()
    }

    pub(crate) async fn log_in_with(&self, path: &str, password: &str) -> Answer {
        self.log_in_by(path, "demo", password).await
    }

    async fn log_in_by(&self, path: &str, name: &str, password: &str) -> Answer {
        let domain = json!({ "id": "default" });
        let user = json!({ "name": name, "domain": domain, "password": password });
        let body = json!({ "auth": {
            "identity": { "methods": ["password"], "password": { "user": user } },
            "scope": { "project": { "name": name, "domain": domain } },
        } });
        let path = format!("{path}/identity/v3/auth/tokens");
        self.ask(Method::POST, &path, "", Some(body)).await
    }

    /// Asks for a server, and gives its id.
    pub(crate) async fn create(&self, path: &str, token: &str, name: &str) -> String {
        let made = self.create_answer(path, token, name).await;
        assert_eq!(made.code(), 202, "{made:?}");
        made.body["server"]["id"].as_str().unwrap().to_owned()
    }

    /// The answer to whoever asks for a server in the cloud under a path.
    pub(crate) async fn create_answer(&self, path: &str, token: &str, name: &str) -> Answer {
        let images = self.ask(Method::GET, &format!("{path}/image/v2/images"), token, None).await;
        let server = json!({
            "name": name, "flavorRef": "1", "imageRef": images.body["images"][0]["id"],
        });
        let path = format!("{path}/compute/v2.1/servers");
        self.ask(Method::POST, &path, token, Some(json!({ "server": server }))).await
    }

    /// The names of the servers that a list has.
    pub(crate) async fn names(&self, path: &str, token: &str) -> Vec<String> {
        let path = format!("{path}/compute/v2.1/servers");
        let list = self.ask(Method::GET, &path, token, None).await;
        assert_eq!(list.code(), 200, "{list:?}");
        let rows = list.body["servers"].as_array().unwrap();
        rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    }
}

/// What `--dev` declares, with machines that behave so.
pub(crate) fn blueprint(profile: &str) -> Blueprint {
    Blueprint {
        declared: Declared::dev(),
        profile: Profile::builtin(profile).unwrap(),
        seed: Some(1),
        is_stored: false,
        snapshots: None,
    }
}

/// The path of a world that was made.
pub(crate) fn path(made: &Value) -> String {
    format!("/w/{}", made["world"]["id"].as_str().unwrap())
}
