//! `/v3/auth/tokens` and `/v3/auth/catalog`.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, RawQuery};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use guichet_cloud::Cloud;
use guichet_cloud::accounts::{AccountError, Introduced, Login, Session};
use guichet_core::limits;
use guichet_http::body;
use guichet_http::origin::Source;
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::caller::Known;
use super::problem::{forbidden, of_login};
use super::{document, login};
use crate::http::gate::{Context, In};
use crate::http::problem::Problem;
use crate::http::report::{Issued, Report, clipped};

pub(crate) static SUBJECT: HeaderName = HeaderName::from_static("x-subject-token");

/// The token that a request is about, and what it stands for. Its user's own, or an administrator
/// asks.
pub(super) struct Subject {
    token: String,
    session: Arc<Session>,
    known: Known,
}

impl<S: Sync> FromRequestParts<S> for Subject {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let known = Known::from_request_parts(parts, state).await?;
        let Ok::<_, Infallible>(In(cloud)) = In::from_request_parts(parts, state).await;
        let Some(token) = parts.headers.get(&SUBJECT) else {
            return Err(Problem::bad_request("The header X-Subject-Token is missing."));
        };
        let token = token.to_str().unwrap_or_default();
        let unknown = || Problem::not_found("Could not find the token in X-Subject-Token.");
        let session = cloud.accounts().session(token).ok_or_else(unknown)?;
        if session.user != known.session.user && !known.session.is_admin() {
            return Err(forbidden("identity:validate_token"));
        }
        Ok(Self { token: token.to_owned(), session, known })
    }
}

/// `POST /v3/auth/tokens`: who one is, and what for.
pub(super) async fn create(
    In(cloud): In,
    context: Context,
    RawQuery(query): RawQuery,
    source: Source,
    introduced: Option<Extension<Introduced>>,
    body::Json(body): body::Json<{ limits::BODY_LOGIN_MAX }>,
) -> Response {
    let login = login::read(&body).map(|login| Login { source: source.0, ..login });
    // Many logins wait for their turn: not with what else their bodies hold.
    drop(body);
    let login = match login {
        Ok(login) => login,
        Err(problem) => return problem.into_response(),
    };
    let with_catalog = !query.is_some_and(|query| says_nocatalog(&query));
    let tried = cloud.accounts().log_in_from(&login, introduced.as_deref()).await;
    let report = context.is_audited.then(|| Report {
        user: login.user().map(clipped),
        reason: tried.as_ref().err().map(AccountError::word),
        ..Report::default()
    });
    let mut answer = match tried {
        Ok((token, session)) => issued(&cloud, &context, &token, session, with_catalog),
        Err(error) => of_login(error).into_response(),
    };
    if let Some(report) = report {
        report.put(&mut answer);
    }
    answer
}

/// The answer to a login that is right.
fn issued(
    cloud: &Cloud,
    context: &Context,
    token: &str,
    session: Arc<Session>,
    with_catalog: bool,
) -> Response {
    let user = &*cloud.accounts().user_name(session.user);
    tracing::info!(request = %context.request, user, audit = %session.audit, "token issued");
    let body =
        document::token(cloud, &context.base, &session, with_catalog.then_some(context.services));
    let mut answer = answer(StatusCode::CREATED, token, body);
    if context.is_audited {
        answer.extensions_mut().insert(Issued(session));
    }
    answer
}

fn says_nocatalog(query: &str) -> bool {
    query.split('&').any(|part| part.split('=').next() == Some("nocatalog"))
}

fn answer(status: StatusCode, token: &str, body: Value) -> Response {
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    // What a client sent as a header, or base64url.
    if let Ok(mut value) = HeaderValue::from_str(token) {
        value.set_sensitive(true);
        headers.insert(SUBJECT.clone(), value);
    }
    headers.append(header::VARY, HeaderValue::from_static("X-Auth-Token"));
    response
}

/// `GET` and `HEAD /v3/auth/tokens`: what the token in `X-Subject-Token` stands for.
pub(super) async fn show(In(cloud): In, subject: Subject) -> Response {
    let Subject { token, session, known } = subject;
    let with_catalog = known.asked("nocatalog").is_none();
    let body =
        document::token(&cloud, &known.base, &session, with_catalog.then_some(known.services));
    answer(StatusCode::OK, &token, body)
}

/// `DELETE /v3/auth/tokens`: the token in `X-Subject-Token` is worth nothing any more.
pub(super) async fn revoke(In(cloud): In, subject: Subject) -> Result<StatusCode, Problem> {
    cloud.accounts().revoke(&subject.token).await.map_err(of_login)?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /v3/auth/catalog`: of a token without a project there is none.
pub(super) async fn catalog(In(cloud): In, known: Known) -> Result<Json<Value>, Problem> {
    if known.session.project.is_none() {
        return Err(forbidden("identity:get_auth_catalog of a token without a project"));
    }
    let links = json!({ "self": known.link("auth/catalog"), "previous": null, "next": null });
    Ok(Json(
        json!({ "catalog": document::catalog(&cloud, &known.base, known.services), "links": links }),
    ))
}
