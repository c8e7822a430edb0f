//! Parts of a path.

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// The parts of a path that a route left open: a `String`, or a tuple of them. What cannot be
/// decoded names nothing there could be: 404, as for every unknown id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<T = String>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(named)) => Ok(Self(named)),
            Err(_) => Err(Problem::not_found("The resource could not be found.")),
        }
    }
}
