//! A request of HTTP/2 as one of HTTP/1.1 says it: for whom it is in the header Host, a path alone as its
//! address, one header of cookies (RFC 9113, sections 8.2.3 and 8.3.1).

use http::header::{COOKIE, HOST};
use http::{HeaderMap, HeaderValue, Request};

use super::super::framing::{Misframed, bad, check, go_by_target};

/// Makes it one.
///
/// # Errors
/// Why it is not to be answered.
pub(super) fn as_one_by_one<B>(request: &mut Request<B>) -> Result<(), Misframed> {
    if let Some(authority) = request.uri().authority() {
        let is_other = |host: &HeaderValue| {
            !host.as_bytes().eq_ignore_ascii_case(authority.as_str().as_bytes())
        };
        if request.headers().get_all(HOST).iter().any(is_other) {
            return Err(bad("The header Host and :authority say two things."));
        }
    } else if !request.headers().contains_key(HOST) {
        return Err(bad("The :authority is missing."));
    }
    join_cookies(request.headers_mut());
    go_by_target(request)?;
    check(request)
}

/// Cookies may come one by one; in one header they are as a client of HTTP/1.1 sends them.
fn join_cookies(headers: &mut HeaderMap) {
    let mut cookies = headers.get_all(COOKIE).iter();
    if cookies.by_ref().nth(1).is_none() {
        return;
    }
    let all: Vec<&[u8]> = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes).collect();
    // What headers may have in them, and what is between.
    if let Ok(joined) = HeaderValue::from_bytes(&all.join(&b"; "[..])) {
        headers.insert(COOKIE, joined);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(uri: &str, headers: &[(&str, &str)]) -> Result<Request<()>, &'static str> {
        let mut request = Request::builder().uri(uri).version(http::Version::HTTP_2);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(()).unwrap();
        as_one_by_one(&mut request).map(|()| request).map_err(|misframed| misframed.why)
    }

    #[test]
    fn the_authority_is_the_host_and_the_path_is_alone() {
        let request = asked("https://cloud:8774/a/b?c=d", &[]).unwrap();
        assert_eq!(request.headers()[HOST], "cloud:8774");
        assert_eq!(request.uri(), "/a/b?c=d");
        let request = asked("/a", &[("host", "cloud")]).unwrap();
        assert_eq!(
            (&request.headers()[HOST], request.uri().path()),
            (&"cloud".parse().unwrap(), "/a")
        );
        assert!(asked("https://cloud/", &[("host", "CLOUD")]).is_ok());
    }

    #[test]
    fn whom_it_is_for_is_said_once_and_is_a_hosts_name() {
        for (uri, headers) in [
            ("/a", &[][..]),
            ("https://cloud/", &[("host", "other")][..]),
            ("/a", &[("host", "cloud"), ("host", "cloud")][..]),
            ("https://me@cloud/", &[][..]),
        ] {
            assert!(asked(uri, headers).is_err(), "{uri} {headers:?}");
        }
    }

    #[test]
    fn a_tunnel_is_not_made() {
        let mut request = Request::builder().method("CONNECT").uri("cloud:1").body(()).unwrap();
        assert_eq!(as_one_by_one(&mut request).unwrap_err().status, 501);
    }

    #[test]
    fn cookies_come_together() {
        let one = asked("https://cloud/", &[("cookie", "a=1")]).unwrap();
        assert_eq!(one.headers()[COOKIE], "a=1");
        let cookies = [("cookie", "a=1"), ("cookie", "b=2"), ("cookie", "c=3")];
        let three = asked("https://cloud/", &cookies).unwrap();
        assert_eq!(three.headers().get_all(COOKIE).iter().collect::<Vec<_>>(), ["a=1; b=2; c=3"]);
    }
}
