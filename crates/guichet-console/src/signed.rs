//! Whoever is signed in. A handler takes it as an argument; whoever is not is sent to sign in.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_cloud::accounts::Caller;
use guichet_core::ids::RequestId;
use guichet_http::query::Params;
use guichet_http::retry_after;
use guichet_locale::{Locale, text};
use http::StatusCode;
use http::request::Parts;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::frame::{self, Frame, Here, Who};
use crate::notice::Notice;
use crate::sessions::Held;
use crate::state::Shared;
use crate::{cookie, language};

/// Whoever is signed in, and what is asked.
pub(crate) struct Signed {
    pub(crate) state: Shared,
    pub(crate) cloud: Arc<Cloud>,
    pub(crate) caller: Caller,
    pub(crate) held: Held,
    /// What the cookie says.
    pub(crate) cookie: String,
    pub(crate) locale: Locale,
    /// Path and query of the request.
    address: String,
    pub(crate) query: Params,
}

impl FromRequestParts<Shared> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Response> {
        let locale = language::of(&parts.headers);
        let address = parts.uri.path_and_query().map_or("/console/", |address| address.as_str());
        let cloud = state.cloud();
        let cookie = cookie::read(&parts.headers, &cookie::session(&parts.headers));
        let found = cookie.and_then(|cookie| {
            let held = state.sessions.find(cookie, state.now())?;
            let session = cloud.accounts().session(&held.token)?;
            let id = parts.extensions.get::<RequestId>().copied();
            let caller = Caller::of(&session, id.unwrap_or_else(|| cloud.new_request()))?;
            Some((cookie.to_owned(), held, caller))
        });
        let Some((cookie, held, caller)) = found else {
            let back = utf8_percent_encode(address, NON_ALPHANUMERIC);
            return Err(frame::see(&format!("/console/sign-in?back={back}")));
        };
        if let Err(wait) = cloud.count(caller.project) {
            let wait_s = retry_after::seconds(wait);
            let what = text!(locale, "console-refused-rate");
            let advice = text!(locale, "console-do-again", seconds = wait_s);
            let notice = Notice::refused(StatusCode::TOO_MANY_REQUESTS, what, advice);
            let mut answer = frame::outside(locale, notice);
            retry_after::insert(answer.headers_mut(), wait_s);
            return Err(answer);
        }
        let query = Params::parse(parts.uri.query().unwrap_or_default()).unwrap_or_default();
        let (state, address) = (Arc::clone(state), address.to_owned());
        Ok(Self { state, cloud, caller, held, cookie, locale, address, query })
    }
}

impl Signed {
    /// What is around a page of this title. It says what the address says was done.
    pub(crate) fn frame(&self, title: String, here: Here, notice: Option<Notice>) -> Frame {
        let done = self.query.get("said").and_then(|word| Notice::done(self.locale, word));
        Frame {
            locale: self.locale,
            title,
            here,
            who: Some(Who::of(&self.cloud, &self.caller, &self.held.csrf)),
            address: self.address.clone(),
            notice: notice.or(done),
        }
    }

    /// A page that says what stands in the way.
    pub(crate) fn problem(&self, notice: Notice) -> Response {
        frame::problem(self.frame(String::new(), Here::Elsewhere, None), notice)
    }

    /// A page that says that there is no such thing.
    pub(crate) fn missing(&self) -> Response {
        let what = text!(self.locale, "console-refused-not-found");
        let advice = text!(self.locale, "console-do-look");
        self.problem(Notice::refused(StatusCode::NOT_FOUND, what, advice))
    }
}

/// An administrator that is signed in.
pub(crate) struct Admin(pub(crate) Signed);

impl FromRequestParts<Shared> for Admin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Response> {
        let signed = Signed::from_request_parts(parts, state).await?;
        signed.into_admin().map_err(|answer| *answer)
    }
}

impl Signed {
    /// The same, if it is an administrator.
    pub(crate) fn into_admin(self) -> Result<Admin, Box<Response>> {
        if self.caller.is_admin() {
            return Ok(Admin(self));
        }
        let what = text!(self.locale, "console-refused-admin");
        let advice = text!(self.locale, "console-do-admin");
        Err(Box::new(self.problem(Notice::refused(StatusCode::FORBIDDEN, what, advice))))
    }
}
