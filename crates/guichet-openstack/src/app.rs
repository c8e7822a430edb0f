//! All services under one port, by their prefixes.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use guichet_http::serve::App;
use tower::service_fn;
use tower::util::BoxCloneSyncService;

use crate::http::gate::gate;
use crate::http::problem::Service;
use crate::http::project_path;
use crate::{compute, identity, image, network};
use guichet_cloud::Cloud;

/// The whole surface of a cloud.
pub fn app(cloud: &Arc<Cloud>) -> App {
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
        let request = project_path::taken_out(request);
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
