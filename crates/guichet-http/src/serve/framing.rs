//! What a request must have for everybody to agree where it goes and where it ends (RFC 9112).

use http::header::{HOST, TRANSFER_ENCODING};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, Version};

/// A request that is not to be answered, because others on the way may have read another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Misframed {
    pub(super) status: StatusCode,
    pub(super) why: &'static str,
}

pub(super) const fn bad(why: &'static str) -> Misframed {
    Misframed { status: StatusCode::BAD_REQUEST, why }
}

/// Looks at what the connection itself does not look at.
///
/// # Errors
/// Why it is not to be answered.
pub(super) fn check<B>(request: &Request<B>) -> Result<(), Misframed> {
    if request.method() == Method::CONNECT {
        let why = "This service is no proxy: CONNECT is not understood.";
        return Err(Misframed { status: StatusCode::NOT_IMPLEMENTED, why });
    }
    let headers = request.headers();
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (_, Some(_)) => return Err(bad("The header Host is there more than once.")),
        (None, None) if request.version() == Version::HTTP_11 => {
            return Err(bad("The header Host is missing."));
        }
        (Some(host), None) if !is_host(host.as_bytes()) => {
            return Err(bad("The header Host is not a host's name."));
        }
        _ => {}
    }
    codings(headers)
}

/// Has the header Host say whom a request is for if its target does, which is then a path alone (RFC 9112, section
/// 3.2.2). What the header said before is nothing to anybody.
///
/// # Errors
/// The target does not name a host.
pub(super) fn go_by_target<B>(request: &mut Request<B>) -> Result<(), Misframed> {
    let Some(authority) = request.uri().authority() else { return Ok(()) };
    let host = HeaderValue::from_str(authority.as_str()).ok();
    let host = host.filter(|host| !host.is_empty() && is_host(host.as_bytes()));
    let host = host.ok_or(bad("The target of the request does not name a host."))?;
    request.headers_mut().insert(HOST, host);
    let path = request.uri().path_and_query().cloned();
    *request.uri_mut() = Uri::from(path.unwrap_or_else(|| PathAndQuery::from_static("/")));
    Ok(())
}

/// A body that is coded otherwise than in chunks is not understood; one that is in chunks twice is
/// nothing.
fn codings(headers: &HeaderMap) -> Result<(), Misframed> {
    let mut chunks = 0;
    for value in headers.get_all(TRANSFER_ENCODING) {
        for coding in value.as_bytes().split(|byte| *byte == b',') {
            if !coding.trim_ascii().eq_ignore_ascii_case(b"chunked") {
                let why =
                    "A body is read as it is or in chunks; this Transfer-Encoding is not known.";
                return Err(Misframed { status: StatusCode::NOT_IMPLEMENTED, why });
            }
            chunks += 1;
        }
    }
    if chunks > 1 { Err(bad("The body is in chunks more than once.")) } else { Ok(()) }
}

/// Whether this is a host and perhaps a port: letters of RFC 3986, in brackets if it is an address
/// of IPv6. Empty is what a client sends that knows none.
fn is_host(text: &[u8]) -> bool {
    let (name, port) = match text.iter().rposition(|byte| *byte == b':') {
        Some(colon) if !text[colon..].contains(&b']') => (&text[..colon], &text[colon + 1..]),
        _ => (text, &[][..]),
    };
    let is_address = |inner: &[u8]| {
        inner.iter().all(|byte| byte.is_ascii_alphanumeric() || b":.-_~%".contains(byte))
    };
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(byte);
    let is_sound = match name {
        [b'[', inner @ .., b']'] => !inner.is_empty() && is_address(inner),
        name => name.iter().all(is_name),
    };
    is_sound && port.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_and_perhaps_a_port() {
        for host in ["", "a", "cloud.example.org:8774", "192.0.2.1", "[::1]", "[fe80::1%25eth0]:80"]
        {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for host in ["\"><x", "a b", "a/b", "a@b", "a:b", "[::1", "::1]", "[]", "a:8:9", "ä"] {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }

    #[test]
    fn a_body_is_in_chunks_once_or_not_at_all() {
        let status = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(TRANSFER_ENCODING, value.parse().unwrap());
            }
            codings(&headers).map_err(|misframed| misframed.status.as_u16())
        };
        assert_eq!((status(&[]), status(&["Chunked"])), (Ok(()), Ok(())));
        assert_eq!(
            (status(&["chunked", "chunked"]), status(&["chunked,chunked"])),
            (Err(400), Err(400))
        );
        assert_eq!(
            (status(&["gzip, chunked"]), status(&["gzip", "chunked"])),
            (Err(501), Err(501))
        );
    }
}
