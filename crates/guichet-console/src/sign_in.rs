//! Signing in and out, the project one works in, and the language one reads.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_cloud::accounts::{AccountError, Login, Method, Scope, Session, Which};
use guichet_core::limits;
use guichet_http::body;
use guichet_http::origin::Source;
use guichet_http::query::Params;
use guichet_http::retry_after;
use guichet_locale::{Locale, text};
use http::{HeaderMap, StatusCode, header};
use subtle::ConstantTimeEq as _;

use crate::form::{CSRF, Form, foreign, given, unread};
use crate::frame::{Frame, Here, outside, see, shown};
use crate::notice::Notice;
use crate::refusal::of_account;
use crate::sessions::{Held, secret};
use crate::state::{By, Shared};
use crate::{cookie, language, origin};

#[derive(Template)]
#[template(path = "sign-in.html")]
struct Page {
    frame: Frame,
    csrf: String,
    /// Where one goes next.
    back: String,
    user: String,
}

/// An address to go to, if it is one of the console's pages: nobody is sent elsewhere.
fn own(address: Option<&str>) -> String {
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
    let own = address.filter(|address| {
        (*address == "/console" || address.starts_with("/console/"))
            && !address.contains("//")
            && address.bytes().all(plain)
    });
    own.unwrap_or("/console/").to_owned()
}

/// The form, with a cookie that it must fit: nobody has a session yet.
fn page(
    state: &Shared,
    headers: &HeaderMap,
    (back, user): (String, String),
    notice: Option<Notice>,
) -> Response {
    let locale = language::of(headers);
    let Ok(csrf) = secret() else {
        return outside(locale, of_account(locale, &AccountError::NoRandomBytes));
    };
    let frame = Frame {
        locale,
        title: text!(locale, "console-sign-in-title"),
        here: Here::Elsewhere,
        who: None,
        address: "/console/sign-in".to_owned(),
        notice,
    };
    let set = cookie::set(&cookie::form(headers), &csrf, None, state.is_secure());
    let page = Page { frame, csrf, back, user };
    let mut answer = shown(&page, page.frame.notice.as_ref());
    answer.headers_mut().append(header::SET_COOKIE, set);
    answer
}

/// `GET /console/sign-in`.
pub(crate) async fn show(
    State(state): State<Shared>,
    headers: HeaderMap,
    query: Params,
) -> Response {
    page(&state, &headers, (own(query.get("back")), String::new()), None)
}

/// `POST /console/sign-in`.
pub(crate) async fn enter(State(state): State<Shared>, request: Request) -> Response {
    let (headers, source) = (request.headers().clone(), Source::of(request.extensions()));
    let locale = language::of(&headers);
    let read = body::form(request, limits::CONSOLE_FORM_MAX).await;
    let fields = match read {
        Ok(fields) => fields,
        Err(error) => return outside(locale, unread(locale, &error)),
    };
    let (back, name) = (own(fields.get("back")), given(&fields, "user").unwrap_or_default());
    let again = |notice| page(&state, &headers, (back.clone(), name.to_owned()), Some(notice));
    let sent = cookie::read(&headers, &cookie::form(&headers)).unwrap_or_default();
    let is_same = fields.get(CSRF).unwrap_or_default().as_bytes().ct_eq(sent.as_bytes());
    let cloud = state.cloud();
    let is_own = origin::is_own(&headers, cloud.public_url());
    if sent.is_empty() || !is_own || !bool::from(is_same) {
        return again(foreign(locale));
    }
    if let Err(wait) = state.attempts.count(source.0, state.now()) {
        let notice = too_often(locale, wait);
        return after(again(notice), wait);
    }
    let password = fields.get("password").unwrap_or_default().to_owned();
    let user = Which::Name(name.to_owned());
    let method = Method::Password { user, password };
    let login = Login { methods: vec![method], scope: Scope::Default, source: source.0 };
    match open(&state, &cloud, &headers, login).await {
        Ok(mut answer) => {
            let back = back.parse().unwrap_or(http::HeaderValue::from_static("/console/"));
            answer.headers_mut().insert(header::LOCATION, back);
            answer
        }
        Err(error) => again(of_account(locale, &error)),
    }
}

/// Logs in, and opens a session for the token.
async fn open(
    state: &Shared,
    cloud: &Cloud,
    headers: &HeaderMap,
    login: Login,
) -> Result<Response, AccountError> {
    let (root, session) = cloud.accounts().log_in(&login).await?;
    let token = match scoped(cloud, &root, &session, login.source).await {
        Ok(token) => token,
        Err(error) => {
            cloud.accounts().revoke(&root).await?;
            return Err(error);
        }
    };
    let csrf = secret().map_err(|_| AccountError::NoRandomBytes)?;
    let (root, token) = (Arc::from(root), Arc::from(token));
    let held = Held { user: session.user, root, token, csrf: Arc::from(csrf) };
    // Whoever signs in anew leaves what the browser had.
    let name = cookie::session(headers);
    if let Some(before) = cookie::read(headers, &name).and_then(|it| state.sessions.end(it)) {
        let _ = cloud.accounts().revoke(&before.root).await;
    }
    let opened = state.sessions.open(held, state.now());
    let (value, ended) = opened.map_err(|_| AccountError::NoRandomBytes)?;
    for root in ended {
        // One that cannot be recorded as ended ends with its time.
        let _ = cloud.accounts().revoke(&root).await;
    }
    let mut answer = see("/console/");
    let set = cookie::set(&name, &value, None, state.is_secure());
    answer.headers_mut().append(header::SET_COOKIE, set);
    let gone = cookie::set(&cookie::form(headers), "", Some(0), state.is_secure());
    answer.headers_mut().append(header::SET_COOKIE, gone);
    answer.extensions_mut().insert(By(session.user));
    Ok(answer)
}

/// A token for a project: the first of the user's, if it has no default one.
async fn scoped(
    cloud: &Cloud,
    root: &str,
    session: &Session,
    source: Option<std::net::IpAddr>,
) -> Result<String, AccountError> {
    if session.project.is_some() {
        return Ok(root.to_owned());
    }
    let directory = cloud.accounts().directory();
    let first = directory.projects_of(session.user).next();
    let project = first.and_then(|at| directory.project(at)).ok_or(AccountError::Forbidden)?;
    let scope = Scope::Project(Which::Id(project.id.to_string()));
    let login = Login { methods: vec![Method::Token(root.to_owned())], scope, source };
    Ok(cloud.accounts().log_in(&login).await?.0)
}

/// `POST /console/sign-out`.
pub(crate) async fn leave(headers: HeaderMap, Form { signed, .. }: Form) -> Response {
    if let Err(error) = signed.cloud.accounts().revoke(&signed.held.root).await {
        // The token would be good: it says so, and the session stays to try again.
        return signed.problem(of_account(signed.locale, &error));
    }
    signed.state.sessions.end(&signed.cookie);
    let mut answer = see("/console/sign-in");
    let gone = cookie::set(&cookie::session(&headers), "", Some(0), signed.state.is_secure());
    answer.headers_mut().append(header::SET_COOKIE, gone);
    answer
}

/// `POST /console/project`: another project of the user's, by a token for it.
pub(crate) async fn choose_project(source: Source, Form { signed, fields }: Form) -> Response {
    let project = given(&fields, "project").unwrap_or_default().to_owned();
    let scope = Scope::Project(Which::Id(project));
    let methods = vec![Method::Token(signed.held.root.to_string())];
    let login = Login { methods, scope, source: source.0 };
    match signed.cloud.accounts().log_in(&login).await {
        Ok((token, _)) => {
            if signed.held.token != signed.held.root {
                let _ = signed.cloud.accounts().revoke(&signed.held.token).await;
            }
            signed.state.sessions.use_token(&signed.cookie, Arc::from(token));
            see("/console/")
        }
        Err(error) => signed.problem(of_account(signed.locale, &error)),
    }
}

/// `GET /console/language`: it changes nothing but what this browser reads.
pub(crate) async fn choose_language(State(state): State<Shared>, query: Params) -> Response {
    let mut answer = see(&own(query.get("back")));
    if let Some(locale) = query.get("to").and_then(Locale::named) {
        let set = cookie::set(cookie::LANGUAGE, locale.code(), Some(YEAR_S), state.is_secure());
        answer.headers_mut().append(header::SET_COOKIE, set);
    }
    answer
}

/// How long a browser keeps the language.
const YEAR_S: u64 = 365 * 86_400;

fn too_often(locale: Locale, wait: std::time::Duration) -> Notice {
    let what = text!(locale, "console-refused-attempts");
    let advice = text!(locale, "console-do-again", seconds = retry_after::seconds(wait));
    Notice::refused(StatusCode::TOO_MANY_REQUESTS, what, advice)
}

fn after(mut answer: Response, wait: std::time::Duration) -> Response {
    retry_after::insert(answer.headers_mut(), retry_after::seconds(wait));
    answer
}

#[cfg(test)]
mod tests {
    use super::own;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for (address, expected) in [
            ("/console/servers?name=a", "/console/servers?name=a"),
            ("/console", "/console"),
            ("/consoles", "/console/"),
            ("//example.org/console/", "/console/"),
            ("/console//example.org", "/console/"),
            ("https://example.org/console/", "/console/"),
            ("/console/\\example.org", "/console/"),
            ("/console/\r\nset-cookie: a", "/console/"),
            ("", "/console/"),
        ] {
            assert_eq!(own(Some(address)), expected, "{address}");
        }
        assert_eq!(own(None), "/console/");
    }
}
