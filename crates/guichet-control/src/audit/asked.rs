//! A request that is being answered, and what is written down of it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_cloud::worlds::World;
use guichet_core::limits;
use guichet_http::cells::{GoesOn, SeesAll};
use guichet_http::origin::Source;
use guichet_http::serve::HangUp;
use guichet_openstack::http::gate::TOKEN;
use guichet_openstack::http::report::{Asker, Audited, Issued, Report};
use http::{HeaderValue, Method, StatusCode, Uri, header};
use http_body::Body as _;
use serde_json::Value;

use super::event::{Answered, Steerer, What};
use super::{Auditor, Full, OnFull};

/// A request that is being answered. Its line is made when it is, or when nobody waits for the answer any
/// more. What is kept of a read until then are pointers to what was sent.
pub(crate) struct Asked {
    auditor: Auditor,
    /// Whether a place is kept for its line.
    has_place: bool,
    /// Nothing once its line is made, or it needs none.
    parts: Option<Parts>,
}

struct Parts {
    method: Method,
    uri: Uri,
    agent: Option<HeaderValue>,
    token: Option<HeaderValue>,
    address: Option<IpAddr>,
    world: Option<String>,
    cloud: Option<Arc<Cloud>>,
    has_bearer: bool,
    /// Whether another cell is asked if it is not here, which has its own line then.
    goes_on: bool,
}

impl Auditor {
    /// Of a request to a cloud that is about to be answered; its path has its one form.
    ///
    /// # Errors
    /// There is no place for its line.
    pub(crate) fn begin(
        &self,
        world: &World,
        cloud: &Arc<Cloud>,
        request: &mut Request,
    ) -> Result<Asked, Full> {
        let world = (!world.is_first()).then(|| world.id().to_string());
        self.begin_of(request, world, Some(cloud))
    }

    /// Of a request to what steers them, or to a world that is not there.
    ///
    /// # Errors
    /// There is no place for its line.
    pub(crate) fn begin_steering(&self, request: &mut Request) -> Result<Asked, Full> {
        self.begin_of(request, None, None)
    }

    fn begin_of(
        &self,
        request: &mut Request,
        world: Option<String>,
        cloud: Option<&Arc<Cloud>>,
    ) -> Result<Asked, Full> {
        let has_place = !is_read(request.method()) && self.on_full == OnFull::Refuse;
        if has_place && !self.lines.keep_place() {
            return Err(Full);
        }
        let headers = request.headers();
        let parts = Parts {
            method: request.method().clone(),
            uri: request.uri().clone(),
            agent: headers.get(header::USER_AGENT).cloned(),
            token: headers.get(&TOKEN).cloned(),
            address: Source::of(request.extensions()).0,
            world,
            cloud: cloud.cloned(),
            has_bearer: headers.contains_key(header::AUTHORIZATION),
            goes_on: request.extensions().get::<GoesOn>().is_some(),
        };
        if cloud.is_some() {
            request.extensions_mut().insert(Audited);
        }
        Ok(Asked { auditor: self.clone(), has_place, parts: Some(parts) })
    }
}

impl Asked {
    /// It was answered so; the answer as it was.
    pub(crate) async fn answered(mut self, mut answer: Response) -> Response {
        let status = answer.status();
        let is_refused = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        let Some(parts) = self.parts.take() else { return answer };
        let is_elsewhere = parts.goes_on
            && status == StatusCode::NOT_FOUND
            && answer.extensions().get::<SeesAll>().is_some();
        if is_read(&parts.method) && !is_refused || is_elsewhere {
            return answer;
        }
        let is_closed = answer.extensions().get::<HangUp>().is_some();
        let asker = answer.extensions_mut().remove::<Asker>();
        let issued = answer.extensions_mut().remove::<Issued>();
        let mut event = parts.event();
        event.status = if is_closed { 0 } else { status.as_u16() };
        event.report = answer.extensions_mut().remove::<Report>().unwrap_or_default();
        if let Some(asker) = asker {
            (event.request, event.session) = (Some(asker.request), asker.session);
            event.project_elsewhere = asker.project_elsewhere;
        } else {
            // What was answered in front of the gate, as a fault has it.
            event.session = parts.session();
        }
        if let Some(Issued(session)) = issued {
            event.session = Some(session);
        }
        if event.method == Method::POST && status.is_success() {
            let (made, with_body) = made(event.report.name.is_none(), answer).await;
            answer = with_body;
            if let Some((id, name)) = made {
                event.made = id;
                event.report.name = event.report.name.or(name);
            }
        }
        self.hand_on(event);
        answer
    }

    fn hand_on(&mut self, event: Answered) {
        let is_stranger = match event.cloud {
            Some(_) => event.session.is_none(),
            None => event.status == StatusCode::UNAUTHORIZED.as_u16(),
        };
        if is_stranger && !self.auditor.admits_stranger() {
            return;
        }
        let event = self.auditor.event(What::Answered(Box::new(event)));
        if std::mem::take(&mut self.has_place) {
            self.auditor.lines.hand_on_record(event);
        } else {
            self.auditor.lines.hand_on(event);
        }
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        // Whoever asked has gone: nobody knows how it went.
        if let Some(parts) = self.parts.take().filter(|parts| !is_read(&parts.method)) {
            let mut event = parts.event();
            event.session = parts.session();
            self.hand_on(event);
        }
        if self.has_place {
            self.auditor.lines.give_back();
        }
    }
}

impl Parts {
    /// With nothing known of its answer.
    fn event(&self) -> Answered {
        Answered {
            method: self.method.clone(),
            uri: self.uri.clone(),
            agent: self.agent.clone(),
            address: self.address,
            world: self.world.clone(),
            cloud: self.cloud.clone(),
            session: None,
            project_elsewhere: None,
            steerer: if self.has_bearer { Steerer::Token } else { Steerer::Unknown },
            request: None,
            status: 0,
            report: Report::default(),
            made: None,
        }
    }

    fn session(&self) -> Option<Arc<guichet_cloud::accounts::Session>> {
        let token = self.token.as_ref()?.to_str().ok()?;
        self.cloud.as_ref()?.accounts().session(token)
    }
}

/// Id and name of what was made: from the answer's `Location`, or from the one object that it has.
type Made = (Option<Box<str>>, Option<Box<str>>);

async fn made(wants_name: bool, answer: Response) -> (Option<Made>, Response) {
    let location = answer.headers().get(header::LOCATION).and_then(|at| at.to_str().ok());
    if let Some(id) = location.and_then(|at| at.rsplit('/').next()) {
        let made = (Some(crate::clipped::clipped(id)), None);
        return (Some(made), answer);
    }
    let is_short = answer.body().size_hint().upper();
    let is_short = is_short.is_some_and(|bytes| bytes <= limits::AUDIT_BODY_MAX as u64);
    if !wants_name || !is_short || answer.body().is_end_stream() {
        return (None, answer);
    }
    let (parts, body) = answer.into_parts();
    // It is in memory as a whole, and short.
    let bytes = to_bytes(body, limits::AUDIT_BODY_MAX).await.unwrap_or_default();
    let said: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let one = said.as_object().filter(|fields| fields.len() == 1);
    let one = one.and_then(|fields| fields.values().next());
    let text = |name: &str| one.and_then(|one| one[name].as_str()).map(crate::clipped::clipped);
    let made = (text("id"), text("name"));
    (Some(made), Response::from_parts(parts, Body::from(bytes)))
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}
