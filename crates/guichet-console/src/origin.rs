//! Whether a request comes from a page of ours. The cookie alone does not say: a browser sends it from every
//! port and page of the same host.

use std::sync::Arc;

use guichet_http::links::Base;
use http::{HeaderMap, header};

/// Whether a request comes from a page of this service, or from no page at all: by the name that the client
/// called it, or by the one that it has outside.
pub(crate) fn is_own(headers: &HeaderMap, public_url: Option<&Arc<str>>) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site")
        && !matches!(site, "same-origin" | "none")
    {
        return false;
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else { return true };
    let origin = authority(origin);
    let names = [Base::of(None, false, headers), Base::of(public_url, false, headers)];
    origin.is_some() && names.iter().any(|Base(name)| authority(name) == origin)
}

/// Host and port of an address.
fn authority(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    rest.split('/').next().map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_same_host_and_port_are_ours() {
        for (name, value, expected) in [
            ("origin", "http://localhost:8774", true),
            ("origin", "http://LOCALHOST:8774", true),
            ("origin", "https://cloud.example.net", true),
            ("origin", "http://localhost:3000", false),
            ("origin", "http://example.org", false),
            ("origin", "null", false),
            ("sec-fetch-site", "same-origin", true),
            ("sec-fetch-site", "none", true),
            ("sec-fetch-site", "same-site", false),
            ("sec-fetch-site", "cross-site", false),
            ("accept", "text/html", true),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "localhost:8774".parse().unwrap());
            headers.insert(name, value.parse().unwrap());
            let public: Arc<str> = Arc::from("https://cloud.example.net/a");
            assert_eq!(is_own(&headers, Some(&public)), expected, "{name}: {value}");
        }
    }
}
