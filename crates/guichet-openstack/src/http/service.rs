//! A service of the dialect, as the gate, the shapes of errors and the catalog know it. Each
//! service is one row: its own module declares it, and `app` lists it.

use std::fmt;

use http::Method;
use serde_json::Value;

use super::problem::Problem;

/// A service under a prefix of its own.
pub struct Service {
    /// Its type in the catalog, such as `compute`.
    pub kind: &'static str,
    /// Its name in the catalog, such as `nova`.
    pub name: &'static str,
    /// The first part of its paths.
    pub prefix: &'static str,
    /// The path that the catalog leads to.
    pub endpoint: &'static str,
    /// Whether a request with this method for this path, without a slash at its end, needs no
    /// token.
    pub is_open: fn(&Method, &str) -> bool,
    /// Makes the body of an answer that is a problem.
    pub problem_body: fn(&Problem) -> Value,
    /// Whether requests name a microversion, and count in the rate of their project.
    pub is_compute: bool,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Service").field(&self.kind).finish()
    }
}

/// All services, in the order of the catalog.
pub type Services = &'static [&'static Service];
