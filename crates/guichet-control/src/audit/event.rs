//! An event, and its line. (DMTF DSP0262, "Cloud Auditing Data Federation"; pyCADF.)

use std::fmt::Display;
use std::net::IpAddr;
use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::accounts::Session;
use guichet_cloud::itself::Act;
use guichet_core::event::EventKind;
use guichet_core::ids::RequestId;
use guichet_core::server::Failure;
use guichet_core::time::Timestamp;
use guichet_http::dates;
use guichet_openstack::http::report::Report;
use http::{HeaderValue, Method, Uri};
use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::named::{Named, masked};
use crate::asker;
use crate::clipped::clipped;
use crate::lines::Line;

/// The type of every event.
const EVENT: &str = "http://schemas.dmtf.org/cloud/audit/1.0/event";
/// The type of whoever has an account.
const USER: &str = "service/security/account/user";

/// Something that is to be audited.
#[derive(Debug)]
pub struct Event {
    /// What makes its id.
    pub(super) id: (u64, u64),
    /// When it was over, by the process's time.
    pub(super) at: Timestamp,
    pub(super) what: What,
}

#[derive(Debug)]
pub(super) enum What {
    /// Somebody asked for something.
    Answered(Box<Answered>),
    /// The service did something to a server that nobody asked for.
    Itself { cloud: Arc<Cloud>, act: Act },
    /// The service began, ended or read its configuration.
    Service { action: &'static str, is_done: bool },
    /// So many requests of strangers had no line.
    NotShown(u64),
    /// So many lines had no place.
    Lost(u64),
}

/// Who may steer clouds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Steerer {
    /// Nobody who showed a token.
    Unknown,
    /// Somebody with a token, right or wrong.
    Token,
}

/// A request that was answered.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) agent: Option<HeaderValue>,
    pub(super) address: Option<IpAddr>,
    /// The id of its world; none of the first.
    pub(super) world: Option<String>,
    /// The cloud that it was for; none: it was to steer them.
    pub(super) cloud: Option<Arc<Cloud>>,
    pub(super) session: Option<Arc<Session>>,
    /// The id of that session's project, if it is another cell's.
    pub(super) project_elsewhere: Option<Arc<str>>,
    pub(super) steerer: Steerer,
    pub(super) request: Option<RequestId>,
    /// The status of its answer; 0: nobody waited for it, or the connection was closed.
    pub(super) status: u16,
    pub(super) report: Report,
    /// The id of what it made.
    pub(super) made: Option<Box<str>>,
}

/// An event as it is written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    #[serde(rename = "typeURI")]
    type_uri: &'static str,
    event_type: &'static str,
    id: Uuid,
    event_time: Shown<dates::Date>,
    action: &'a str,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason<'a>>,
    initiator: Resource<'a>,
    target: Resource<'a>,
    observer: Resource<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    world: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reason<'a> {
    reason_type: &'static str,
    reason_code: Shown<&'a dyn Display>,
    /// Why a login failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_text: Option<&'a str>,
}

#[derive(Serialize, Default)]
struct Resource<'a> {
    #[serde(rename = "typeURI")]
    type_uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    project_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<Shown<RequestId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<Host<'a>>,
}

#[derive(Serialize)]
struct Host<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<&'a str>,
}

/// A text in JSON, as it is shown.
struct Shown<T>(T);

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl Line for Event {
    fn text(self) -> String {
        match &self.what {
            What::Answered(answered) => self.answered(answered),
            What::Itself { cloud, act } => self.itself(act, cloud),
            What::Service { action, is_done } => {
                let outcome = if *is_done { "success" } else { "failure" };
                self.line(&Written { outcome, ..self.written(action, SERVICE) })
            }
            What::NotShown(count) => self.counted("authenticate/not_shown", *count),
            What::Lost(count) => self.counted("lost", *count),
        }
    }
}

/// The service as whoever acts, is acted upon or looks.
const SERVICE: &str = "service";

impl Event {
    /// That so many lines had no place.
    pub fn lost(count: u64, at: Timestamp) -> Self {
        Self { id: (0, at.micros()), at, what: What::Lost(count) }
    }

    fn counted(&self, action: &str, count: u64) -> String {
        let written = self.written(action, SERVICE);
        self.line(&Written {
            event_type: "monitor",
            outcome: "unknown",
            count: Some(count),
            ..written
        })
    }

    /// What every line has, by and for the service itself.
    fn written<'a>(&self, action: &'a str, target: &'a str) -> Written<'a> {
        let of = |type_uri| Resource { type_uri, ..Resource::default() };
        let itself = || Resource { id: Some("guichet"), name: Some("guichet"), ..of(SERVICE) };
        Written {
            type_uri: EVENT,
            event_type: "activity",
            id: Uuid::from_u64_pair(self.id.0, self.id.1),
            event_time: Shown(dates::micros(self.at)),
            action,
            outcome: "success",
            reason: None,
            initiator: itself(),
            target: if target == SERVICE { itself() } else { of(target) },
            observer: itself(),
            request_path: None,
            world: None,
            count: None,
        }
    }

    fn line(&self, written: &Written<'_>) -> String {
        serde_json::to_string(written).unwrap_or_default()
    }

    fn answered(&self, of: &Answered) -> String {
        let method = clipped(of.method.as_str());
        let named = Named::of(&method, of.uri.path(), of.report.action.as_deref());
        let (path, agent) = (clipped(&masked(of.uri.path())), of.agent.as_ref());
        let agent = agent.map(|agent| clipped(&String::from_utf8_lossy(agent.as_bytes())));
        let (action, made) = (clipped(&named.action), of.made.as_deref().map(clipped));
        let (kind, id) = (clipped(&named.kind), named.id.as_deref().map(clipped));
        let session = of.session.as_deref().zip(of.cloud.as_deref());
        let directory = session.map(|(_, cloud)| cloud.accounts().directory());
        let user = session.zip(directory.as_ref());
        let user = user.and_then(|((session, _), directory)| directory.user(session.user));
        let project = of.project_elsewhere.clone();
        let project = project
            .or_else(|| session.and_then(|(session, cloud)| asker::project_id(cloud, session)));
        let given = of.report.user.as_deref();
        let steerer = of.cloud.is_none().then_some(match of.steerer {
            Steerer::Token => "control token",
            Steerer::Unknown => "unknown",
        });
        let mut written = self.written(&action, &kind);
        written.outcome = match of.status {
            0 => "unknown",
            202 => "pending",
            200..400 => "success",
            _ => "failure",
        };
        written.reason = (of.status > 0).then_some(Reason {
            reason_type: "HTTP",
            reason_code: Shown(&of.status),
            reason_text: of.report.reason,
        });
        written.initiator = Resource {
            type_uri: USER,
            id: user.map(|user| &*user.id),
            name: user.map(|user| &*user.name).or(given).or(steerer),
            project_id: project.as_deref(),
            request_id: of.request.map(Shown),
            host: Some(Host { address: of.address, agent: agent.as_deref() }),
        };
        written.target.id = made.as_deref().or(id.as_deref());
        written.target.name = of.report.name.as_deref();
        written.request_path = Some(&path);
        written.world = of.world.as_deref();
        self.line(&written)
    }
}

impl Event {
    /// The line of what the service did by itself.
    fn itself(&self, act: &Act, cloud: &Cloud) -> String {
        let (action, server, project, outcome) = match act {
            Act::Drained(event) => {
                let outcome = match event.kind {
                    EventKind::Accepted => "pending",
                    EventKind::Succeeded => "success",
                    _ => "failure",
                };
                let action = format!("{}/server", event.action.as_str());
                (action, event.operation.server, event.project, outcome)
            }
            Act::Found(change) => {
                let action = format!("found_{}/server", change.cause);
                (action, change.server, change.project, "success")
            }
        };
        let id = server.to_string();
        let known = cloud.manager().remembered(server);
        let name = known.as_ref().map(|server| clipped(&server.name));
        let directory = cloud.accounts().directory();
        let owner = directory.owner(project);
        let mut written = self.written(&action, "service/compute/servers");
        written.outcome = outcome;
        if let Act::Drained(event) = act {
            written.initiator.request_id = Some(Shown(event.request));
            written.reason = event.failure.map(|failure| Reason {
                reason_type: "guichet",
                reason_code: Shown(&"failed"),
                reason_text: Some(Failure::as_str(failure)),
            });
        }
        written.target.id = Some(&id);
        written.target.name = name.as_deref();
        written.target.project_id = owner.map(|project| &*project.id);
        self.line(&written)
    }
}
