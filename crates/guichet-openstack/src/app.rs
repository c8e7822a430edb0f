//! All services under one port, by their prefixes.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use guichet_cloud::Cloud;
use guichet_core::ids::RequestId;
use guichet_http::access_log::AccessLog;
use guichet_http::answered::Route;
use guichet_http::serve::App;
use http::{HeaderMap, StatusCode};
use tower::service_fn;
use tower::util::BoxCloneSyncService;

use crate::http::gate::{self, gate};
use crate::http::path_form;
use crate::http::problem::Problem;
use crate::http::routes::{Call, Routes};
use crate::http::service::Service;
use crate::{compute, identity, image, network};

/// All services, in the order of the catalog. Compute is the first: it answers for what lies under
/// no prefix, as this is above all a Compute service. Another service joins by a row here.
static SERVICES: [&Service; 4] =
    [&compute::SERVICE, &identity::SERVICE, &image::SERVICE, &network::SERVICE];

/// What makes the routes of each.
static ROUTES: [fn() -> Routes; SERVICES.len()] =
    [compute::routes, identity::routes, image::routes, network::routes];

/// The whole surface of one cloud.
pub fn app(cloud: &Arc<Cloud>) -> App {
    let (surface, cloud) = (Arc::new(Surface::new()), Arc::clone(cloud));
    BoxCloneSyncService::new(service_fn(move |request| {
        let (surface, cloud) = (Arc::clone(&surface), Arc::clone(&cloud));
        async move { Ok(surface.answer(&cloud, request).await) }
    }))
}

/// Every call of every service, in the order of their declaration, for documents and tests.
pub fn calls() -> Vec<Call> {
    ROUTES.iter().flat_map(|routes| routes().calls().to_vec()).collect()
}

/// The surface of whichever cloud a request is for. It is made once: routes are many, and clouds may
/// be.
///
/// The routes of each service are chosen by the prefix here, and the gate is called as a function: a
/// layer around a route, as `nest` and a middleware are, costs every request a few allocations and a
/// copy of its path.
#[derive(Debug)]
pub struct Surface {
    log: AccessLog,
    routes: [Router; SERVICES.len()],
    counted: Vec<Arc<Route>>,
}

impl Default for Surface {
    fn default() -> Self {
        Self::new()
    }
}

impl Surface {
    /// Declares all routes.
    pub fn new() -> Self {
        // Behind the gate also what no route fits, so that it has the service's shape.
        let mut counted = Vec::new();
        let ready = |routes: fn() -> Routes| {
            let routes = routes();
            counted.extend_from_slice(routes.counted());
            routes.into_router().fallback(|| async { StatusCode::NOT_FOUND })
        };
        let routes = ROUTES.map(ready);
        Self { routes, counted, log: AccessLog::default() }
    }

    /// The log that requests are written to.
    pub const fn log(&self) -> &AccessLog {
        &self.log
    }

    /// All routes, with what was answered on them.
    pub fn counted(&self) -> &[Arc<Route>] {
        &self.counted
    }

    /// A request with its path as it is declared: without a project in it, or a slash too many.
    pub fn unified(&self, request: Request) -> Request {
        path_form::unified(request)
    }

    /// An answer that is no handler's: a status, a sentence and when to come back, in the shape of the
    /// service that the path belongs to. One that is no refusal has no body.
    pub fn refusal(
        &self,
        cloud: &Cloud,
        path: &str,
        headers: &HeaderMap,
        (status, message, retry_after): (StatusCode, &str, Option<Duration>),
    ) -> Response {
        let service = SERVICES[number(path)];
        let answer = if status.as_u16() < 400 {
            status.into_response()
        } else {
            let problem = Problem::new(status, message.to_owned());
            match retry_after {
                Some(wait) => problem.with_retry_after(wait).into_response(),
                None => problem.into_response(),
            }
        };
        gate::named(cloud, service, headers, answer)
    }

    /// The service that a path belongs to, such as `compute`.
    pub fn service(path: &str) -> &'static str {
        SERVICES[number(path)].prefix
    }

    /// Gives an answer another id than its own: the one that the log has.
    pub fn name(answer: &mut Response, path: &str, id: RequestId) {
        gate::name(answer, SERVICES[number(path)], id);
    }

    /// The answer of a cloud, whose paths begin at the request's.
    pub async fn answer(&self, cloud: &Arc<Cloud>, request: Request) -> Response {
        let request = path_form::unified(request);
        let number = number(request.uri().path());
        let routes = self.routes[number].clone();
        gate(cloud, &self.log, &SERVICES, SERVICES[number], routes, request).await
    }
}

/// Which service a path belongs to, by its number in the table.
fn number(path: &str) -> usize {
    let prefix = path.split('/').nth(1).unwrap_or_default();
    SERVICES.iter().position(|service| service.prefix == prefix).unwrap_or(0)
}
