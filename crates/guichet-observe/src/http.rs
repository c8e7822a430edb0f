//! Requests over HTTP, counted without a lock that anybody waits for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use guichet_http::answered::{Counted, Counts, Route, Said};
use http::Method;

/// What requests are told apart by that came to no route, of their paths' first parts: a bounded
/// number.
pub(crate) const SERVICES: [&str; 6] =
    ["identity", "compute", "image", "network", "control", "other"];
/// The methods that are told apart.
pub(crate) const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "other"];
/// The route of what came to none: there is none, or something stood in the way before it.
const NO_ROUTE: &str = "other";

/// Requests over HTTP by route, method and status, and how long their answers took to begin.
#[derive(Debug, Default)]
pub struct HttpCounts {
    /// The routes that there are. Held by who adds some and by who looks; a request has its own.
    routes: Mutex<Vec<Arc<Route>>>,
    /// What came to none.
    others: [[Counts; METHODS.len()]; SERVICES.len()],
}

/// What a request is counted under if it comes to no route.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    service: usize,
    method: usize,
}

/// What counts are of: in the order in which they are written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Under {
    pub(crate) service: &'static str,
    pub(crate) route: Arc<str>,
    pub(crate) method: &'static str,
}

/// The service that a path belongs to, by its place in [`SERVICES`]; what is asked for most is
/// looked for first.
fn service(path: &str) -> usize {
    let begins = |name: &str| {
        let rest = path.strip_prefix(name);
        rest.is_some_and(|rest| rest.bytes().next().is_none_or(|byte| byte == b'/'))
    };
    if begins("/compute") {
        1
    } else if begins("/identity") {
        0
    } else if begins("/image") {
        2
    } else if begins("/network") {
        3
    } else if begins("/guichet") {
        4
    } else {
        5
    }
}

/// A method, by its place in [`METHODS`].
fn method(method: &Method) -> usize {
    match *method {
        Method::GET => 0,
        Method::POST => 1,
        Method::PUT => 2,
        Method::PATCH => 3,
        Method::DELETE => 4,
        _ => 5,
    }
}

impl Asked {
    /// Of a path inside a world and a method.
    pub fn of(path: &str, asked: &Method) -> Self {
        Self { service: service(path), method: method(asked) }
    }
}

impl HttpCounts {
    /// Adds routes. Those of the same method and path, as several apps have them, are one.
    pub fn add_routes<'a>(&self, routes: impl IntoIterator<Item = &'a Arc<Route>>) {
        let mut all = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend(routes.into_iter().cloned());
    }

    /// Counts a request that was answered.
    pub fn answered(&self, asked: Asked, said: &Said, status: u16, took: Duration) {
        let counts = match &said.route {
            Some(route) => &route.counts,
            None => &self.others[asked.service][asked.method],
        };
        counts.add(status, took, said.request);
    }

    /// What was asked for at all, as it is now.
    pub(crate) fn read(&self) -> BTreeMap<Under, Counted> {
        let mut read: BTreeMap<Under, Counted> = BTreeMap::new();
        let mut add = |of: Under, counts: &Counts| {
            let counted = counts.read();
            if counted.times.count() > 0 {
                read.entry(of).or_default().merge(&counted);
            }
        };
        for route in &*self.routes.lock().unwrap_or_else(PoisonError::into_inner) {
            let service = SERVICES[service(&route.template)];
            let method = METHODS[method(&route.method)];
            let route_name = Arc::clone(&route.template);
            add(Under { service, route: route_name, method }, &route.counts);
        }
        for (service, of_service) in SERVICES.into_iter().zip(&self.others) {
            for (method, counts) in METHODS.into_iter().zip(of_service) {
                add(Under { service, route: Arc::from(NO_ROUTE), method }, counts);
            }
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_names() {
        for (place, name) in SERVICES.iter().enumerate() {
            let name = if *name == "control" { "guichet" } else { name };
            let [path, exact] = [format!("/{name}/v2"), format!("/{name}")];
            assert_eq!((service(&path), service(&exact)), (place, place));
            assert_eq!(service(&format!("/{name}s")), SERVICES.len() - 1);
        }
        for (place, name) in METHODS.iter().enumerate() {
            let named = Method::from_bytes(name.as_bytes()).expect("letters");
            assert_eq!(method(&named), place, "{name}");
        }
    }
}
