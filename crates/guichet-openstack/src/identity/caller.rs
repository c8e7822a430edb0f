//! What every handler behind a token takes: who asks, and the query.

use std::convert::Infallible;
use std::fmt::Display;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use guichet_cloud::accounts::Session;
use guichet_http::links::Base;
use guichet_http::query::Params;
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::problem::{forbidden, missing, of_login};
use crate::http::gate::Context;
use crate::http::id::is_id;
use crate::http::problem::Problem;
use crate::http::service::Services;

/// Who asks. The request is counted in the user's rate.
pub(super) struct Known {
    pub(super) session: Arc<Session>,
    pub(super) base: Base,
    /// What the catalog lists.
    pub(super) services: Services,
    query: Params,
}

impl<S: Sync> FromRequestParts<S> for Known {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Ok::<_, Infallible>(context) = Context::from_request_parts(parts, state).await;
        let session = context.session.ok_or_else(Problem::unauthorized)?;
        context.cloud.accounts().count(Ok(session.user)).map_err(of_login)?;
        let query = Params::parse(parts.uri.query().unwrap_or_default())?;
        Ok(Self { session, base: context.base, services: context.services, query })
    }
}

impl Known {
    /// A parameter of the query.
    pub(super) fn asked(&self, name: &str) -> Option<&str> {
        self.query.get(name)
    }

    /// A parameter that says yes by being there, unless it says no.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.asked(name).is_some_and(|value| !matches!(value, "0" | "false" | "False"))
    }

    /// Whether a parameter is left out or names this.
    pub(super) fn wants(&self, name: &str, what: &str) -> bool {
        self.asked(name).is_none_or(|asked| asked == what)
    }

    /// Lets on administrators.
    ///
    /// # Errors
    /// 403 that names the rule.
    pub(super) fn must_be_admin(&self, rule: &str) -> Result<(), Problem> {
        if self.session.is_admin() { Ok(()) } else { Err(forbidden(rule)) }
    }

    /// Lets on the user itself and administrators. Others learn nothing: what looks like an id is
    /// forbidden, whether it is one or not; a name, which clients try first, is not found.
    ///
    /// # Errors
    /// 403 or 404.
    pub(super) fn must_own(&self, owns: bool, rule: &str, id: &str) -> Result<(), Problem> {
        if owns || self.session.is_admin() {
            return Ok(());
        }
        if is_id(id) { Err(forbidden(rule)) } else { Err(missing(id)) }
    }

    /// A link into Identity.
    pub(super) fn link(&self, path: impl Display) -> String {
        self.base.link(&format!("/identity/v3/{path}"))
    }

    /// A list as Keystone wraps it: all of it, so there is no page before or after.
    pub(super) fn list(&self, name: &str, path: impl Display, list: Vec<Value>) -> Value {
        let links = json!({ "self": self.link(path), "previous": null, "next": null });
        let mut body = json!({ "links": links });
        body[name] = Value::Array(list);
        body
    }
}

/// Parts of a path; one that is no text names nothing.
pub(super) struct Named<T>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(named)| Self(named)).map_err(|_| missing("what the path names"))
    }
}
