//! The log of requests: one entry for each that is worth one, written when it is answered.

use std::sync::Arc;

use axum::extract::Request;
use guichet_clock::Stopwatch;
use guichet_clock::flood::Flood;
use guichet_core::ids::RequestId;
use guichet_core::limits;
use http::{Method, StatusCode};

/// The first status of a refusal, and how many there may be.
const REFUSALS: std::ops::Range<u16> = 400..600;

/// Where entries go. Writes are worth an entry, reads only when one looks for something; of
/// refusals with the same status one a second is, for anybody can cause them without end.
/// No header, no body and no query is ever in it: tokens and passwords are there.
#[derive(Debug, Clone)]
pub struct AccessLog(Arc<Kinds>);

#[derive(Debug)]
struct Kinds {
    watch: Stopwatch,
    /// By status, from the first refusal on.
    refusals: Vec<Flood>,
}

impl Default for AccessLog {
    fn default() -> Self {
        let refusals = REFUSALS.map(|_| Flood::new()).collect();
        Self(Arc::new(Kinds { watch: Stopwatch::start(), refusals }))
    }
}

/// What an entry is made from.
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
            path: shown(request.uri().path()),
            watch: Stopwatch::start(),
        })
    }
}

impl AccessLog {
    /// Writes an entry: who asked, and the status of the answer that goes out now.
    pub fn write(&self, entry: Entry, user: &str, status: StatusCode) {
        let Entry { id, method, path, watch } = entry;
        let ms = shown_ms(watch);
        let is_write = !is_read(&method);
        let method = clipped(method.as_str());
        let code = status.as_u16();
        // Reads have an entry only if one looks for all.
        match if is_write { self.count(status) } else { None } {
            Some(not_shown) => {
                tracing::info!(request = %id, user, method, path, status = code, ms, "answered");
                self.write_counts(code, not_shown);
            }
            None => {
                tracing::debug!(request = %id, user, method, path, status = code, ms, "answered");
            }
        }
    }

    /// Writes the entry of a request whose connection is closed without an answer.
    pub fn write_closed(&self, entry: Entry, user: &str) {
        let Entry { id, method, path, watch } = entry;
        let ms = shown_ms(watch);
        let method = clipped(method.as_str());
        tracing::info!(request = %id, user, method, path, ms, "closed without an answer");
    }

    /// Counts an answer: of all that may be said, how many like it were not.
    fn count(&self, status: StatusCode) -> Option<u64> {
        let Kinds { watch, refusals } = &*self.0;
        let number = usize::from(status.as_u16().wrapping_sub(REFUSALS.start));
        refusals.get(number).map_or(Some(0), |kind| kind.count(watch))
    }

    /// Says how many refusals had no entry: those of this status, and of all that nobody asked
    /// for since.
    fn write_counts(&self, status: u16, not_shown: u64) {
        if not_shown > 0 {
            tracing::info!(status, not_shown, "more requests were answered so");
        }
        for (kind, status) in self.0.refusals.iter().zip(REFUSALS) {
            if let Some(not_shown) = kind.rest(&self.0.watch) {
                tracing::info!(status, not_shown, "more requests were answered so");
            }
        }
    }
}

/// How long it took: to the microsecond, of which a fraction of a second has an exact text.
fn shown_ms(watch: Stopwatch) -> f64 {
    watch.elapsed().as_micros() as f64 / 1e3
}

fn is_read(method: &Method) -> bool {
    *method == Method::GET || *method == Method::HEAD
}

/// Characters of a method in the log: no word that means something is longer.
const METHOD_MAX: usize = 16;

/// A method is letters and a few signs, of any length.
fn clipped(method: &str) -> &str {
    method.get(..METHOD_MAX).unwrap_or(method)
}

/// A path as it stands in the log: so long at most, and with nothing in it that a terminal obeys or
/// that makes a line look like another.
fn shown(path: &str) -> String {
    let is_whole = path.len() <= limits::LOG_PATH_MAX;
    if is_whole && path.bytes().all(|byte| byte.is_ascii_graphic()) {
        return path.to_owned();
    }
    let mut shown = String::with_capacity(limits::LOG_PATH_MAX);
    for (number, letter) in path.chars().enumerate() {
        if number == limits::LOG_PATH_MAX {
            shown.push_str("...");
            break;
        }
        if letter.is_ascii_graphic() {
            shown.push(letter);
        } else {
            shown.extend(letter.escape_unicode());
        }
    }
    shown
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

    #[test]
    fn a_path_is_cut_and_obeyed_by_no_terminal() {
        assert_eq!(shown("/a/b-c_d~%20"), "/a/b-c_d~%20");
        assert_eq!(shown("/a\u{1b}[2J\u{202e}ä"), "/a\\u{1b}[2J\\u{202e}\\u{e4}");
        let long = shown(&"/x".repeat(limits::HEADERS_MAX));
        assert_eq!(long.len(), limits::LOG_PATH_MAX + 3);
        assert!(shown(&"ä".repeat(limits::HEADERS_MAX)).len() < 7 * limits::LOG_PATH_MAX);
        assert_eq!(clipped(&"A".repeat(1_000)).len(), METHOD_MAX);
    }
}
