//! The gate: what every request passes before a handler sees it. It has an id from here on, a
//! caller if its service wants one, and a microversion if it is for Compute; and its answer
//! leaves through here, with the id, in the shape of its service, into the log.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use guichet_cloud::Cloud;
use guichet_cloud::accounts::{self, Project, Session};
use guichet_core::ids::RequestId;
use guichet_core::limits;
use guichet_http::access_log::{AccessLog, Entry};
use guichet_http::answered::say_request;
use guichet_http::cells::{Said, SeesAll};
use guichet_http::links::Base;
use guichet_http::routes;
use http::header::InvalidHeaderValue;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::path_form::ProjectInPath;
use super::problem::Problem;
use super::report::{Asker, Audited};
use super::service::{Service, Services};
use super::shape::shaped;
use super::version::{self, Version};

/// The header that names a request in its answer.
pub static REQUEST_ID: HeaderName = HeaderName::from_static("x-openstack-request-id");
/// What Compute called that before 2.46, and still sends.
static COMPUTE_REQUEST_ID: HeaderName = HeaderName::from_static("x-compute-request-id");
/// The header under which a repeat of a create is known (the IETF's draft "The Idempotency-Key
/// HTTP Header Field").
pub static IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The header that a token comes in.
pub static TOKEN: HeaderName = HeaderName::from_static("x-auth-token");

/// What the gate knows of a request. A handler takes it as an argument.
#[derive(Debug, Clone)]
pub struct Context {
    /// The cloud that it is for.
    pub cloud: Arc<Cloud>,
    /// The request's id.
    pub request: RequestId,
    /// All services there are, which the catalog lists.
    pub services: Services,
    /// Where links begin.
    pub base: Base,
    /// The microversion; of other services than Compute the oldest.
    pub version: Version,
    /// The caller, if a good token came along.
    pub session: Option<Arc<Session>>,
    /// Whether whoever answers is to tell what it was asked: [`Report`](super::report::Report).
    pub is_audited: bool,
}

/// The cloud that a request is for. A handler takes it as an argument.
#[derive(Debug, Clone)]
pub struct In(pub Arc<Cloud>);

/// A caller with a project: what Compute, Image and Network work for.
#[derive(Debug, Clone)]
pub struct Caller {
    /// All that is known of the request.
    pub context: Context,
    /// Who asks, for which project, with which role.
    pub who: accounts::Caller,
}

impl Caller {
    /// Whether it may look at and change what is not its project's.
    pub fn is_admin(&self) -> bool {
        self.who.is_admin()
    }

    /// Lets on whoever may change things; a reader may not.
    ///
    /// # Errors
    /// 403 that names the rule.
    pub fn must_write(&self, rule: &str) -> Result<(), Problem> {
        if self.who.may_write() { Ok(()) } else { Err(Problem::policy(rule)) }
    }

    /// Lets on administrators.
    ///
    /// # Errors
    /// 403 that names the rule.
    pub fn must_be_admin(&self, rule: &str) -> Result<(), Problem> {
        if self.is_admin() { Ok(()) } else { Err(Problem::policy(rule)) }
    }

    /// The microversion asked for.
    pub fn version(&self) -> Version {
        self.context.version
    }
}

impl<S: Sync> FromRequestParts<S> for Context {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().expect("every route lies behind the gate").clone())
    }
}

impl<S: Sync> FromRequestParts<S> for In {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let context = parts.extensions.get::<Context>();
        Ok(Self(Arc::clone(&context.expect("every route lies behind the gate").cloud)))
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Ok(context) = Context::from_request_parts(parts, state).await;
        let session = context.session.as_deref().ok_or_else(Problem::unauthorized)?;
        let who = accounts::Caller::of(session, context.request);
        let who = who.ok_or_else(Problem::unauthorized)?;
        if let Some(Obstacle(problem)) = parts.extensions.get::<Obstacle>() {
            return Err(problem.clone());
        }
        Ok(Self { context, who })
    }
}

/// The gate of a service, before its routes. Paths of discovery are open (each service says which);
/// all others want a token, before anything else is looked at.
pub async fn gate(
    cloud: &Arc<Cloud>,
    log: &AccessLog,
    services: Services,
    service: &Service,
    routes: Router,
    mut request: Request,
) -> Response {
    let id = cloud.new_request();
    say_request(id);
    let entry = Entry::begin(id, &request);
    let open = (service.is_open)(request.method(), request.uri().path().trim_end_matches('/'));
    let headers = request.headers();
    let token = headers.get(&TOKEN).and_then(|token| token.to_str().ok());
    let elsewhere = request.extensions().get::<Said>();
    let introduced = elsewhere.and_then(|said| cloud.accounts().introduced(&said.0));
    let session = match &introduced {
        Some(introduced) => Some(Arc::clone(&introduced.session)),
        None => token.and_then(|token| cloud.accounts().session(token)),
    };
    let sees_all = session.as_ref().is_some_and(|session| session.is_admin());
    let base = Base::of(cloud.public_url(), cloud.is_encrypted(), headers).under(cloud.path());
    let asked = if service.is_compute { version::asked(headers) } else { Ok(Version::MIN) };
    let user = session.as_ref().map(|session| session.user);
    let version = *asked.as_ref().unwrap_or(&Version::MIN);
    let limited = limited(cloud, service, session.as_deref());
    let is_audited = request.extensions().get::<Audited>().is_some();
    let asker = is_audited.then(|| Asker {
        request: id,
        session: session.clone(),
        project_elsewhere: introduced.as_ref().and_then(|it| it.project.clone()),
    });
    let answer = if !open && session.is_none() {
        Problem::unauthorized().into_response()
    } else if let Some(problem) = limited {
        problem.into_response()
    } else {
        let in_path = request.extensions().get::<ProjectInPath>();
        let project = session.as_deref().and_then(Session::scope).map(|(project, _)| project);
        let directory = cloud.accounts().directory();
        let obstacle = asked.err().or_else(|| foreign(in_path?, directory.owner(project?)?));
        if let Some(introduced) = introduced {
            request.extensions_mut().insert(introduced);
        }
        if let Some(problem) = obstacle {
            request.extensions_mut().insert(Obstacle(problem));
        }
        request.extensions_mut().insert(Context {
            cloud: Arc::clone(cloud),
            request: id,
            services,
            base: base.clone(),
            version,
            session,
            is_audited,
        });
        match routes::answer(routes, request).await {
            Ok(answer) => answer,
            Err(routes::Late) => late().into_response(),
        }
    };
    let mut answer = shaped(answer, service);
    if sees_all && answer.status() == StatusCode::NOT_FOUND {
        answer.extensions_mut().insert(SeesAll);
    }
    add_headers(&mut answer, service, id, version, &base);
    if let Some(asker) = asker {
        answer.extensions_mut().insert(asker);
    }
    if let Some(entry) = entry {
        let user = user.map(|user| cloud.accounts().user_name(user));
        log.write(entry, user.as_deref().unwrap_or("-"), answer.status());
    }
    answer
}

/// An answer that no handler gave, in the shape of its service, with an id of its own.
pub fn named(cloud: &Cloud, service: &Service, headers: &HeaderMap, answer: Response) -> Response {
    let base = Base::of(cloud.public_url(), cloud.is_encrypted(), headers).under(cloud.path());
    let version = version::asked(headers).unwrap_or(Version::MIN);
    let mut answer = shaped(answer, service);
    add_headers(&mut answer, service, cloud.new_request(), version, &base);
    answer
}

/// What every answer says of itself: the request's id; Compute's version; where to get a token.
fn add_headers(
    answer: &mut Response,
    service: &Service,
    id: RequestId,
    version: Version,
    base: &Base,
) {
    let status = answer.status();
    name(answer, service, id);
    let headers = answer.headers_mut();
    if service.is_compute {
        version::write_headers(headers, version);
    }
    if status == StatusCode::UNAUTHORIZED
        && let Ok(value) =
            HeaderValue::from_str(&format!("Keystone uri='{}'", base.link("/identity")))
    {
        headers.insert(header::WWW_AUTHENTICATE, value);
    }
}

/// Writes the id of a request into its answer.
pub fn name(answer: &mut Response, service: &Service, id: RequestId) {
    let headers = answer.headers_mut();
    if let Ok(value) = as_header(id) {
        if service.is_compute {
            headers.insert(&COMPUTE_REQUEST_ID, value.clone());
        }
        headers.insert(&REQUEST_ID, value);
    }
}

/// 429 if the caller's project sends more than it may to Compute.
fn limited(cloud: &Cloud, service: &Service, session: Option<&Session>) -> Option<Problem> {
    let (project, _) = session?.scope().filter(|_| service.is_compute)?;
    let wait = cloud.count(project).err()?;
    let problem = Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "This request was rate-limited: too many requests a second of this project.",
    );
    Some(problem.with_retry_after(wait))
}

/// 503: nothing here waits that long, so something is wrong, and asking again may help.
fn late() -> Problem {
    let seconds = limits::ANSWER_TIME.as_secs();
    let problem = Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        format!(
            "The answer took longer than {seconds} s. Ask again, a create under the same Idempotency-Key."
        ),
    );
    problem.with_retry_after(Duration::from_secs(1))
}

/// What stands in the way of a request whatever it asks for. The router has the first word: in
/// Nova 404 and 405 of a path come before 400 and 406 of a version, and those before 400 of a
/// project in the path; so it is for [`Caller`], which a handler takes, to raise it.
#[derive(Debug, Clone)]
pub struct Obstacle(pub Problem);

/// A project in the path must be the token's, an administrator's too.
fn foreign(in_path: &ProjectInPath, own: &Project) -> Option<Problem> {
    let own = &own.id;
    let is_own = in_path.0.eq_ignore_ascii_case(own);
    (!is_own).then(|| {
        Problem::bad_request(format!(
            "Malformed request URL: URL's project_id '{}' doesn't match Context's project_id '{own}'",
            in_path.0
        ))
    })
}

/// A request's id as it stands in a header.
fn as_header(id: RequestId) -> Result<HeaderValue, InvalidHeaderValue> {
    let mut text = *b"req-00000000-0000-0000-0000-000000000000";
    id.0.hyphenated().encode_lower(&mut text[4..]);
    HeaderValue::from_bytes(&text)
}

#[cfg(test)]
mod tests {
    use guichet_core::project::Quota;

    use super::*;

    #[test]
    fn a_requests_id_is_the_same_in_a_header_and_in_the_log() {
        let id = RequestId::from_bits(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
        assert_eq!(as_header(id).unwrap().to_str().unwrap(), id.to_string());
    }

    #[test]
    fn only_the_tokens_own_project_may_be_in_the_path() {
        let own = Project {
            id: Arc::from("0123456789abcdef0123456789abcdef"),
            name: Arc::from("demo"),
            description: String::new(),
            quota: Quota::default(),
            weight: 1,
        };
        let in_path = |id: &str| foreign(&ProjectInPath(Arc::from(id)), &own);
        assert_eq!(in_path(&own.id), None);
        let problem = in_path("ffffffffffffffffffffffffffffffff").expect("it is another's");
        assert_eq!(problem.status, 400);
        assert_eq!(
            problem.message,
            "Malformed request URL: URL's project_id 'ffffffffffffffffffffffffffffffff' doesn't match Context's project_id '0123456789abcdef0123456789abcdef'"
        );
    }
}
