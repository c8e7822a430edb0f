//! A form that was sent by whoever is signed in, from a page of ours. A handler takes it as an argument.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::Response;
use guichet_core::limits;
use guichet_http::body;
use guichet_http::error::ReadError;
use guichet_http::query::Params;
use guichet_locale::{Locale, text};
use http::StatusCode;
use subtle::ConstantTimeEq as _;

use crate::notice::Notice;
use crate::origin;
use crate::signed::{Admin, Signed};
use crate::state::Shared;

/// The field that shows that a form is from a page of ours.
pub(crate) const CSRF: &str = "csrf";

/// A form that was sent.
pub(crate) struct Form {
    pub(crate) signed: Signed,
    pub(crate) fields: Params,
}

/// A form that an administrator sent.
pub(crate) struct AdminForm {
    pub(crate) signed: Signed,
    pub(crate) fields: Params,
}

impl FromRequest<Shared> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let signed = Signed::from_request_parts(&mut parts, state).await?;
        if !origin::is_own(&parts.headers, signed.cloud.public_url()) {
            return Err(signed.problem(foreign(signed.locale)));
        }
        let read = body::form(Request::from_parts(parts, body), limits::CONSOLE_FORM_MAX).await;
        let fields = read.map_err(|error| signed.problem(unread(signed.locale, &error)))?;
        let sent = fields.get(CSRF).unwrap_or_default();
        if !bool::from(sent.as_bytes().ct_eq(signed.held.csrf.as_bytes())) {
            return Err(signed.problem(foreign(signed.locale)));
        }
        Ok(Self { signed, fields })
    }
}

impl FromRequest<Shared> for AdminForm {
    type Rejection = Response;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, Response> {
        let Form { signed, fields } = Form::from_request(request, state).await?;
        let Admin(signed) = signed.into_admin().map_err(|answer| *answer)?;
        Ok(Self { signed, fields })
    }
}

/// What is said of a form that is from no page of ours, or from one of an earlier session.
pub(crate) fn foreign(locale: Locale) -> Notice {
    let what = text!(locale, "console-refused-form");
    Notice::refused(StatusCode::FORBIDDEN, what, text!(locale, "console-do-form"))
}

/// What is said of one that cannot be read.
pub(crate) fn unread(locale: Locale, error: &ReadError) -> Notice {
    let what = text!(locale, "console-refused-unread", error = error.to_string());
    Notice::refused(error.status(), what, text!(locale, "console-do-form"))
}

/// A field without what is around it; none if nothing is in it.
pub(crate) fn given<'a>(fields: &'a Params, name: &str) -> Option<&'a str> {
    fields.get(name).map(str::trim).filter(|value| !value.is_empty())
}
