//! The routes of a service, each with what is said of it: from which version to which, and
//! whether there is anything behind it. The router, `docs/openstack-calls.md` and the tests have
//! them from here, so that no route can be without.
//!
//! What is not offered has a route too. It is answered in one place: 404 at a version that does
//! not have it, or if what it is about is not there for this caller; 501 with the reason otherwise.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::handler::Handler;
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use axum::routing::{MethodFilter, MethodRouter, on};
use guichet_cloud::Cloud;
use guichet_http::answered::{Route, say_route};
use http::Method;
use http::request::Parts;

use super::gate::{Caller, Context, In, Obstacle};
use super::problem::Problem;
use super::version::Version;

/// What is behind a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// All that OpenStack has, or what the documents say.
    Offered,
    /// Nothing: 501, with this reason.
    Absent(&'static str),
    /// Nothing any more, in OpenStack neither: 410.
    Gone,
}

/// A method of a path, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The whole path, with what is variable in braces.
    pub path: String,
    /// The first and the last microversion that have it; of other services than Compute all.
    pub versions: (Version, Version),
    /// What is behind it.
    pub offer: Offer,
}

/// What a path is about is looked up by its first variable part before anything is said of it.
pub type LookUp = fn(&Cloud, &Caller, &str) -> Result<(), Problem>;

/// Routes under a prefix, as they are being declared.
pub struct Routes {
    prefix: &'static str,
    versions: (Version, Version),
    look_up: LookUp,
    router: Router,
    calls: Vec<Call>,
    counted: Vec<Arc<Route>>,
}

const ALL: (Version, Version) = (Version::MIN, Version::MAX);

impl Routes {
    /// None yet. What is declared lies under this prefix and is there at every version.
    pub fn under(prefix: &'static str) -> Self {
        let look_up: LookUp = |_, _, _| Ok(());
        let (router, calls, counted) = (Router::new(), Vec::new(), Vec::new());
        Self { prefix, versions: ALL, look_up, router, calls, counted }
    }

    /// What follows is there from this microversion on.
    #[must_use]
    pub fn from(self, first: u16) -> Self {
        Self { versions: (Version(first), Version::MAX), ..self }
    }

    /// What follows is there until this microversion.
    #[must_use]
    pub fn until(self, last: u16) -> Self {
        Self { versions: (Version::MIN, Version(last)), ..self }
    }

    /// What follows is there at every version.
    #[must_use]
    pub fn always(self) -> Self {
        Self { versions: ALL, ..self }
    }

    /// What follows and is not offered is about this.
    #[must_use]
    pub fn about(self, look_up: LookUp) -> Self {
        Self { look_up, ..self }
    }

    /// `GET`, and with it `HEAD`.
    #[must_use]
    pub fn get<H: Handler<T, ()>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.call(Method::GET, path, Offer::Offered, handler)
    }

    /// `POST`.
    #[must_use]
    pub fn post<H: Handler<T, ()>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.call(Method::POST, path, Offer::Offered, handler)
    }

    /// `PUT`.
    #[must_use]
    pub fn put<H: Handler<T, ()>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.call(Method::PUT, path, Offer::Offered, handler)
    }

    /// `DELETE`.
    #[must_use]
    pub fn delete<H: Handler<T, ()>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.call(Method::DELETE, path, Offer::Offered, handler)
    }

    /// What is not offered, by these methods, and why.
    #[must_use]
    pub fn absent(mut self, methods: &[Method], path: &str, why: &'static str) -> Self {
        let look_up = self.look_up;
        for method in methods {
            let handler = move |In(cloud): In, caller: Caller, of: First| async move {
                match look_up(&cloud, &caller, &of.0) {
                    Err(problem) => problem,
                    Ok(()) => Problem::not_offered(why),
                }
            };
            self = self.call(method.clone(), path, Offer::Absent(why), handler);
        }
        self
    }

    /// What is not offered, and has more to be looked at before that is said, by this handler.
    #[must_use]
    pub fn absent_by<H: Handler<T, ()>, T: 'static>(
        self,
        method: Method,
        path: &str,
        why: &'static str,
        handler: H,
    ) -> Self {
        self.call(method, path, Offer::Absent(why), handler)
    }

    /// What OpenStack had once, by these methods.
    #[must_use]
    pub fn gone(mut self, methods: &[Method], path: &str) -> Self {
        for method in methods {
            let handler = |_: Caller| async { Problem::gone() };
            self = self.call(method.clone(), path, Offer::Gone, handler);
        }
        self
    }

    /// These and others. What follows is as it was before.
    #[must_use]
    pub fn merge(mut self, others: Self) -> Self {
        self.calls.extend(others.calls);
        self.counted.extend(others.counted);
        Self { router: self.router.merge(others.router), ..self }
    }

    /// All calls, in the order that they were declared in.
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// The same as they are counted.
    pub fn counted(&self) -> &[Arc<Route>] {
        &self.counted
    }

    /// What answers them.
    pub fn into_router(self) -> Router {
        self.router
    }

    fn call<H: Handler<T, ()>, T: 'static>(
        mut self,
        method: Method,
        path: &str,
        offer: Offer,
        handler: H,
    ) -> Self {
        let path = format!("{}{path}", self.prefix);
        let filter = MethodFilter::try_from(method.clone());
        let filter = filter.expect("the methods of HTTP have filters");
        let counted = Route::new(method.clone(), &path);
        self.counted.push(Arc::clone(&counted));
        let handler = Routed { handler, route: counted };
        let route = within(self.versions, on(filter, handler));
        self.calls.push(Call { method, path: path.clone(), versions: self.versions, offer });
        Self { router: self.router.route(&path, route), ..self }
    }
}

impl fmt::Debug for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.calls).finish()
    }
}

/// A handler that says which route it is of: a layer that did would cost each request a few
/// allocations.
#[derive(Clone)]
struct Routed<H> {
    handler: H,
    route: Arc<Route>,
}

impl<H: Handler<T, ()>, T: 'static> Handler<T, ()> for Routed<H> {
    type Future = H::Future;

    fn call(self, request: Request, state: ()) -> H::Future {
        say_route(self.route);
        self.handler.call(request, state)
    }
}

/// A route that is there at these versions. One that always is has no layer: a layer costs each
/// request a few allocations.
fn within(versions: (Version, Version), route: MethodRouter) -> MethodRouter {
    if versions == ALL {
        return route;
    }
    route.route_layer(from_fn(move |request: Request, next: Next| async move {
        match outside(versions, &request) {
            Some(problem) => problem.into_response(),
            None => next.run(request).await,
        }
    }))
}

/// 404 at a version that does not have it; what stands in the way of every request comes first.
fn outside((first, last): (Version, Version), request: &Request) -> Option<Problem> {
    if let Some(Obstacle(problem)) = request.extensions().get::<Obstacle>() {
        return Some(problem.clone());
    }
    let version = request.extensions().get::<Context>().map(|context| context.version);
    let is_there = version.is_some_and(|version| first <= version && version <= last);
    (!is_there).then(Problem::no_resource)
}

/// The first variable part of a path, or nothing.
struct First(String);

impl<S: Send + Sync> FromRequestParts<S> for First {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let params = RawPathParams::from_request_parts(parts, state).await.ok();
        let first = params.and_then(|params| Some(params.iter().next()?.1.to_owned()));
        Ok(Self(first.unwrap_or_default()))
    }
}
