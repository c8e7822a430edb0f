//! All services under one port, by their prefixes.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::Uri;
use axum::response::Response;
use tower::service_fn;
use tower::util::BoxCloneSyncService;

use super::gate::gate;
use super::hex::is_id;
use super::problem::Service;
use crate::{compute, identity, image, network};
use guichet_cloud::Cloud;

/// The whole surface of a cloud.
pub fn app(cloud: &Arc<Cloud>) -> BoxCloneSyncService<Request, Response, Infallible> {
    let surface = Arc::new(Surface::new(cloud));
    BoxCloneSyncService::new(service_fn(move |request| {
        let surface = Arc::clone(&surface);
        async move { Ok(surface.answer(request).await) }
    }))
}

/// The routes of each service. They are chosen by the prefix here, and the gate is called as a
/// function: a layer around a route, as `nest` and a middleware are, costs every request a few
/// allocations and a copy of its path.
struct Surface {
    cloud: Arc<Cloud>,
    identity: Router,
    compute: Router,
    image: Router,
    network: Router,
}

impl Surface {
    fn new(cloud: &Arc<Cloud>) -> Self {
        // Behind the gate also what no route fits, so that it has the service's shape.
        let ready = |routes: Router<Arc<Cloud>>| {
            let routes = routes.fallback(|| async { http::StatusCode::NOT_FOUND });
            routes.with_state(Arc::clone(cloud))
        };
        Self {
            identity: ready(identity::routes()),
            compute: ready(compute::routes()),
            image: ready(image::routes()),
            network: ready(network::routes()),
            cloud: Arc::clone(cloud),
        }
    }

    async fn answer(&self, request: Request) -> Response {
        let request = rewritten(request);
        let service = service(request.uri().path());
        let routes = match service {
            Service::Identity => &self.identity,
            Service::Compute => &self.compute,
            Service::Image => &self.image,
            Service::Network => &self.network,
        };
        gate(&self.cloud, service, routes.clone(), request).await
    }
}

/// Whose path it is. Compute answers for what lies under none: this is above all a Compute service.
fn service(path: &str) -> Service {
    match path.split('/').nth(1) {
        Some("identity") => Service::Identity,
        Some("image") => Service::Image,
        Some("network") => Service::Network,
        _ => Service::Compute,
    }
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
