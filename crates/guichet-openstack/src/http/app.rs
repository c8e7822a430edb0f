//! All services under one port, by their prefixes.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::Uri;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use tower::util::{BoxCloneSyncService, MapRequestLayer};
use tower::{Layer, ServiceExt};

use super::gate::gate;
use super::hex::is_id;
use super::problem::Service;
use crate::cloud::Cloud;
use crate::{compute, identity, image, network};

/// The whole surface of a cloud.
pub fn app(cloud: &Arc<Cloud>) -> BoxCloneSyncService<Request, Response, std::convert::Infallible> {
    let under = |prefix: &str, routes: Router<Arc<Cloud>>, service| {
        // Behind the gate also what no route fits, so that it has the service's shape; the gate
        // outside of the prefix, so that it sees whole paths.
        let routes = routes.fallback(|| async { http::StatusCode::NOT_FOUND });
        Router::new()
            .nest(prefix, routes)
            .layer(from_fn_with_state((Arc::clone(cloud), service), gate))
    };
    // The last one answers for what lies under none of them: this is above all a Compute service.
    let app = under("/identity", identity::routes(), Service::Identity)
        .merge(under("/image", image::routes(), Service::Image))
        .merge(under("/network", network::routes(), Service::Network))
        .merge(under("/compute", compute::routes(), Service::Compute))
        .with_state(Arc::clone(cloud));
    BoxCloneSyncService::new(MapRequestLayer::new(rewritten).layer(app).map_err(|never| never))
}

/// A project's id in a path, where it was before microversion 2.18 and still may be: 32
/// hexadecimal digits behind `/compute/v2.1/`. It is taken out, and handed on for the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectInPath(pub Arc<str>);

const COMPUTE: &str = "/compute/v2.1/";

/// The request with one form of its path: no project in it, no slash at its end.
fn rewritten(mut request: Request) -> Request {
    let uri = request.uri();
    let path = uri.path();
    let project = path.strip_prefix(COMPUTE).and_then(|rest| {
        let (first, _) = rest.split_once('/').unwrap_or((rest, ""));
        is_id(first).then(|| Arc::<str>::from(first))
    });
    let trims = path.len() > 1 && path.ends_with('/');
    if project.is_none() && !trims {
        return request;
    }
    let mut short = match &project {
        Some(id) => {
            let rest = &path[COMPUTE.len() + id.len()..];
            format!("{}{rest}", COMPUTE.trim_end_matches('/'))
        }
        None => path.to_owned(),
    };
    short.truncate(short.trim_end_matches('/').len().max(1));
    if let Some(query) = uri.query() {
        short.push('?');
        short.push_str(query);
    }
    // Parts of a path that was one: it is one.
    if let Ok(uri) = short.parse::<Uri>() {
        *request.uri_mut() = uri;
    }
    if let Some(project) = project {
        request.extensions_mut().insert(ProjectInPath(project));
    }
    request
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn path(uri: &str) -> (String, Option<ProjectInPath>) {
        let request = Request::builder().uri(uri).body(Body::empty()).unwrap();
        let request = rewritten(request);
        (request.uri().to_string(), request.extensions().get::<ProjectInPath>().cloned())
    }

    #[test]
    fn a_project_in_the_path_is_taken_out_and_a_slash_at_the_end() {
        let id = "0123456789abcdef0123456789abcdef";
        let project = Some(ProjectInPath(Arc::from(id)));
        for (uri, expected, in_path) in [
            ("/compute/v2.1/servers?a=b", "/compute/v2.1/servers?a=b", None),
            ("/compute/v2.1/", "/compute/v2.1", None),
            ("/", "/", None),
            (
                &format!("/compute/v2.1/{id}/servers/x?a=/"),
                "/compute/v2.1/servers/x?a=/",
                project.clone(),
            ),
            (&format!("/compute/v2.1/{id}"), "/compute/v2.1", project.clone()),
            (&format!("/compute/v2.1/{id}/servers/"), "/compute/v2.1/servers", project),
            (&format!("/image/v2/{id}"), &format!("/image/v2/{id}"), None),
        ] {
            assert_eq!(path(uri), (expected.to_owned(), in_path), "{uri}");
        }
    }
}
