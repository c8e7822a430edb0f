//! Paths: their parts, and another one in a request's address.

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use http::{StatusCode, Uri};
use serde::de::DeserializeOwned;

/// The parts of a path that a route left open: a `String`, or a tuple of them. What cannot be
/// decoded names nothing there could be: 404, as for every unknown id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<T = String>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, StatusCode> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(named)) => Ok(Self(named)),
            Err(_) => Err(StatusCode::NOT_FOUND),
        }
    }
}

/// An address with another path and the same query; none if that is no path.
pub fn replaced(uri: &Uri, mut path: String) -> Option<Uri> {
    if let Some(query) = uri.query() {
        path.push('?');
        path.push_str(query);
    }
    path.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_path_has_the_same_query() {
        let replaced = |uri: &'static str, path: &str| {
            replaced(&Uri::from_static(uri), path.to_owned()).map(|uri| uri.to_string())
        };
        assert_eq!(replaced("/a/b/?c=/&d", "/a").as_deref(), Some("/a?c=/&d"));
        assert_eq!(replaced("/a/", "/").as_deref(), Some("/"));
        assert_eq!(replaced("/a", "no path at all"), None);
    }
}
