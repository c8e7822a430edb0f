//! A console, and browsers that keep their cookies.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use guichet_cloud::Cloud;
use guichet_cloud::config::Declared;
use guichet_cloud::worlds::{Blueprint, Worlds};
use guichet_console::Console;
use guichet_driver::profile::Profile;
use guichet_http::access_log::AccessLog;
use http::{HeaderMap, Method, StatusCode, header};
use http_body_util::BodyExt;

/// Where the tests' browsers think they are.
pub(crate) const HOST: &str = "localhost:8774";

/// A console whose cloud is as `--dev` declares it.
#[derive(Clone)]
pub(crate) struct Service {
    pub(crate) worlds: Arc<Worlds>,
    pub(crate) console: Arc<Console>,
}

impl Service {
    pub(crate) fn open(profile: &str) -> Self {
        Self::of(Declared::dev(), profile)
    }

    pub(crate) fn of(declared: Declared, profile: &str) -> Self {
        Self::around(Worlds::open(blueprint(declared, profile), 3).unwrap())
    }

    /// One that clients reach over TLS.
    pub(crate) fn over_tls() -> Self {
        let opened = Cloud::builder(Declared::dev()).encrypted(true).open().unwrap();
        Self::around(Worlds::new(opened.cloud, blueprint(Declared::dev(), "instant"), 3))
    }

    fn around(worlds: Worlds) -> Self {
        let worlds = Arc::new(worlds);
        Self { console: Arc::new(Console::new(Arc::clone(&worlds))), worlds }
    }

    /// A browser that nobody has signed in with.
    pub(crate) fn browser(&self) -> Browser {
        Browser { service: self.clone(), cookies: BTreeMap::new() }
    }

    /// A browser in which a user of `--dev` is signed in.
    pub(crate) async fn signed_in(&self, user: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser.sign_in(user, "secret").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
        browser
    }
}

fn blueprint(declared: Declared, profile: &str) -> Blueprint {
    let profile = Profile::builtin(profile).unwrap();
    Blueprint { declared, profile, seed: Some(1), is_stored: false, snapshots: None }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn code(&self) -> u16 {
        self.status.as_u16()
    }

    /// Where it sends one.
    pub(crate) fn location(&self) -> &str {
        self.headers[header::LOCATION].to_str().unwrap()
    }

    /// What the first form has in a hidden field.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let field = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.body.split_once(&field).unwrap_or_else(|| panic!("{}", self.body));
        rest.split('"').next().unwrap().to_owned()
    }

    /// What is sent for the first choice of a list.
    pub(crate) fn choice(&self, name: &str) -> String {
        let (_, rest) = self.body.split_once(&format!("name=\"{name}\"><option value=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    }
}

/// A browser.
#[derive(Clone)]
pub(crate) struct Browser {
    service: Service,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    /// Sends a form as a page of ours does.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = format!("http://{HOST}");
        self.send(Method::POST, path, &[("origin", &origin)], Some(fields)).await
    }

    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        fields: Option<&[(&str, &str)]>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, HOST);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request = request.header(header::COOKIE, cookies.join("; "));
        let mut body = Body::empty();
        if let Some(fields) = fields {
            let form = fields.iter().fold(guichet_http::query::Params::default(), |form, field| {
                form.with(field.0, field.1)
            });
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            body = Body::from(form.to_string());
        }
        let request = request.body(body).unwrap();
        let answer = self.service.console.answer(&AccessLog::default(), request).await;
        let (parts, body) = answer.into_parts();
        for set in parts.headers.get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let body = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn sign_in(&mut self, user: &str, password: &str) -> Answer {
        let csrf = self.get("/console/sign-in").await.hidden("csrf");
        let fields = [("csrf", &*csrf), ("user", user), ("password", password)];
        self.post("/console/sign-in", &fields).await
    }

    /// What forms of this session have in them.
    pub(crate) async fn csrf(&mut self) -> String {
        self.get("/console/servers/new").await.hidden("csrf")
    }

    /// Sends the form for new servers, with the first of each choice.
    pub(crate) async fn create(&mut self, name: &str, count: &str) -> Answer {
        let page = self.get("/console/servers/new").await;
        let [csrf, key] = ["csrf", "key"].map(|name| page.hidden(name));
        let [flavor, image, network] = ["flavor", "image", "network"].map(|it| page.choice(it));
        let fields = [
            ("csrf", &*csrf),
            ("key", &*key),
            ("name", name),
            ("flavor", &*flavor),
            ("image", &*image),
            ("network", &*network),
            ("count", count),
        ];
        self.post("/console/servers/new", &fields).await
    }

    /// Makes a server and gives its page's address.
    pub(crate) async fn made(&mut self, name: &str) -> String {
        let answer = self.create(name, "1").await;
        assert_eq!(answer.code(), 303, "{}", answer.body);
        answer.location().split('?').next().unwrap().to_owned()
    }

    /// Presses a button of a server's page.
    pub(crate) async fn act(&mut self, server: &str, deed: &str) -> Answer {
        let csrf = self.csrf().await;
        self.post(&format!("{server}/act"), &[("csrf", &csrf), ("do", deed)]).await
    }

    /// Looks at a page until it says something.
    pub(crate) async fn wait_for(&mut self, path: &str, text: &str) -> Answer {
        let look = async {
            loop {
                let page = self.get(path).await;
                if page.body.contains(text) {
                    return page;
                }
                tokio::task::yield_now().await;
            }
        };
        let patience = std::time::Duration::from_secs(30);
        tokio::time::timeout(patience, look).await.unwrap_or_else(|_| panic!("{path}: no {text}"))
    }
}
