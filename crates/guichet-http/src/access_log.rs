//! The log of requests: one entry for each that is worth one, written when it is answered.

use axum::extract::Request;
use guichet_clock::Stopwatch;
use guichet_core::ids::RequestId;
use http::{Method, StatusCode};

/// What an entry is made from. Writes are worth an entry, reads only when one looks for something.
/// No header, no body and no query is ever in it: tokens and passwords are there.
#[derive(Debug)]
pub struct Entry {
    id: RequestId,
    method: Method,
    path: String,
    watch: Stopwatch,
}

impl Entry {
    /// The entry of a request that begins now, if one is wanted: a read does without the copy and
    /// the clock.
    pub fn begin(id: RequestId, request: &Request) -> Option<Self> {
        let method = request.method();
        let is_wanted = !is_read(method) || tracing::enabled!(tracing::Level::DEBUG);
        is_wanted.then(|| Self {
            id,
            method: method.clone(),
            path: request.uri().path().to_owned(),
            watch: Stopwatch::start(),
        })
    }

    /// Writes it: who asked, and the status of the answer that goes out now.
    pub fn write(self, user: &str, status: StatusCode) {
        let Self { id, method, path, watch } = self;
        let (status, ms) = (status.as_u16(), watch.elapsed().as_secs_f64() * 1e3);
        if is_read(&method) {
            tracing::debug!(request = %id, user, %method, path, status, ms, "answered");
        } else {
            tracing::info!(request = %id, user, %method, path, status, ms, "answered");
        }
    }
}

fn is_read(method: &Method) -> bool {
    *method == Method::GET || *method == Method::HEAD
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn a_write_has_an_entry_without_its_query_and_a_read_has_none() {
        let entry = |method: &str| {
            let request = Request::builder().method(method).uri("/a/b?secret=1");
            Entry::begin(RequestId::from_bits(1), &request.body(Body::empty()).unwrap())
        };
        assert_eq!(entry("POST").expect("a write").path, "/a/b");
        // Nobody listens to the log here, so nobody looks for reads.
        assert!(entry("GET").is_none() && entry("HEAD").is_none());
    }
}
