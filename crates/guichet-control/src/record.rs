//! A line for each request that ended, for whoever writes them down: what `guichet simulate --trace`
//! replays. There is no body, query, token or password in it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use guichet_clock::WorldClock;
use guichet_cloud::Cloud;
use guichet_cloud::accounts::Session;
use guichet_cloud::worlds::World;
use guichet_core::limits;
use guichet_core::time::{Clock, Timestamp};
use guichet_http::dates;
use guichet_http::origin::Source;
use guichet_http::serve::HangUp;
use guichet_openstack::http::gate::REQUEST_ID;
use guichet_openstack::http::made::MadeServers;
use http::Method;
use serde::Serialize;
use serde_json::Value;

use crate::asker;
use crate::clipped::clipped;
use crate::clouds::Clouds;
use crate::lines::{Lines, Sender, channel};
use crate::recorded::{Asked, is_create, is_in_body};
use crate::tee::Copied;

/// The version of what a line says.
const VERSION: u32 = 1;

/// Hands a line for each request to whoever writes them down. Clones are the same.
#[derive(Debug, Clone)]
pub struct Recorder {
    /// So many lines wait at most; a request never does.
    lines: Sender<String>,
    clouds: Clouds,
    clock: WorldClock,
    began: Timestamp,
}

/// One that begins now, and what it hands on.
pub fn recorder() -> (Recorder, Lines<String>) {
    let (sender, lines) = channel(limits::RECORDING_LINES_MAX);
    let clock = WorldClock::real();
    let clouds = Clouds::default();
    (Recorder { lines: sender, clouds, began: clock.now(), clock }, lines)
}

/// A request as it is recorded.
#[derive(Serialize)]
struct Line<'a> {
    /// The version of what a line says. Fields are added to it without another number: who does not know
    /// one reads past it.
    version: u32,
    /// When it came: seconds since the recording began.
    time_s: f64,
    /// The same as an instant.
    at: String,
    /// The id of its world.
    world: String,
    /// The number of the cloud that it was for, from 1: a world that begins anew is another cloud, where
    /// the same id may be of another server.
    cloud: u64,
    /// Its id, as its answer had it.
    request: Option<&'a str>,
    /// The name of the user who sent it, and of the project that its token is for.
    client: Option<&'a str>,
    project: Option<String>,
    /// The address that it came from.
    address: Option<IpAddr>,
    method: &'a str,
    path: &'a str,
    #[serde(flatten)]
    asked: Asked,
    /// The status of its answer; 0 if there was none.
    status: u16,
    /// `accepted`, `refused` or `unanswered`.
    outcome: &'static str,
    took_ms: f64,
}

/// A request that is being answered. Its line is made when it is, or when nobody waits for the answer any
/// more.
pub(crate) struct Recording {
    recorder: Recorder,
    world: Arc<World>,
    cloud: Arc<Cloud>,
    /// The cloud's number.
    number: u64,
    came: Timestamp,
    method: Method,
    path: String,
    session: Option<Arc<Session>>,
    address: Option<IpAddr>,
    body: Option<Copied>,
    status: u16,
    id: Option<String>,
    /// The server that a create made.
    made: Option<String>,
    /// All of them, where they are several.
    several: Option<MadeServers>,
}

impl Recorder {
    /// Hands a line on, if it has a place; it is counted otherwise.
    pub fn hand_on(&self, line: String) {
        self.lines.hand_on(line);
    }

    /// How many lines were handed on so far.
    pub fn handed(&self) -> u64 {
        self.lines.handed()
    }

    /// Of a request that is about to be answered; its path has its one form.
    pub(crate) fn begin(
        &self,
        world: &Arc<World>,
        cloud: &Arc<Cloud>,
        request: &mut Request,
    ) -> Recording {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let reads = is_in_body(&method, &path);
        let body = if reads { Copied::of(request, limits::RECORDING_BODY_MAX) } else { None };
        Recording {
            recorder: self.clone(),
            world: Arc::clone(world),
            cloud: Arc::clone(cloud),
            number: self.clouds.number(cloud),
            came: self.clock.now(),
            session: asker::session(cloud, request.headers()),
            address: Source::of(request.extensions()).0,
            body,
            method,
            path,
            status: 0,
            id: None,
            made: None,
            several: None,
        }
    }
}

impl Recording {
    /// It was answered so; the answer as it was.
    pub(crate) async fn answered(mut self, answer: Response) -> Response {
        let is_closed = answer.extensions().get::<HangUp>().is_some();
        self.status = if is_closed { 0 } else { answer.status().as_u16() };
        let id = answer.headers().get(&REQUEST_ID).and_then(|id| id.to_str().ok());
        self.id = id.map(str::to_owned);
        if !is_create(&self.method, &self.path) || self.status != 202 {
            return answer;
        }
        self.several = answer.extensions().get::<MadeServers>().cloned();
        if self.several.is_some() {
            return answer;
        }
        let (parts, body) = answer.into_parts();
        // It is in memory as a whole, and short.
        let bytes = to_bytes(body, limits::RECORDING_BODY_MAX).await.unwrap_or_default();
        let said: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        self.made = said["server"]["id"].as_str().map(str::to_owned);
        Response::from_parts(parts, Body::from(bytes))
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        let body = self.body.as_ref().and_then(|copied| copied.take().1);
        let body: Option<Value> = body.and_then(|body| serde_json::from_slice(&body).ok());
        let mut asked = Asked::of(&self.cloud, &self.method, &self.path, body.as_ref());
        if is_create(&self.method, &self.path) {
            // One that made none is another each time.
            asked.server = self.made.take().or_else(|| self.id.clone()).map(String::into_boxed_str);
        }
        if let Some(several) = &self.several {
            asked.made(several);
        }
        let session = self.session.as_deref();
        let accounts = self.cloud.accounts();
        let project = session.and_then(|session| asker::project(&self.cloud, session));
        let (world, recorder) = (self.world.id().to_string(), &self.recorder);
        let client = session.map(|session| accounts.user_name(session.user));
        let line = Line {
            version: VERSION,
            time_s: self.came.since(recorder.began).as_micros() as f64 / 1e6,
            at: dates::micros(self.came).to_string(),
            request: self.id.as_deref(),
            client: client.as_deref(),
            // Projects of two worlds are two.
            project: project.map(|project| {
                if self.world.is_first() {
                    project.to_string()
                } else {
                    format!("{world}:{project}")
                }
            }),
            world,
            cloud: self.number,
            address: self.address,
            method: &clipped(self.method.as_str()),
            path: &clipped(&self.path),
            asked,
            status: self.status,
            outcome: match self.status {
                0 => "unanswered",
                200..400 => "accepted",
                _ => "refused",
            },
            took_ms: recorder.clock.now().since(self.came).as_micros() as f64 / 1e3,
        };
        recorder.hand_on(serde_json::to_string(&line).unwrap_or_default());
    }
}
