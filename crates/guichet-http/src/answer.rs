//! Answers: a status, and a body of JSON that is written already.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

/// Bytes reserved for a body that is one object, so that its buffer does not grow: most are smaller.
pub const BUFFER_BYTES: usize = 2_048;

/// An answer whose JSON is written already.
pub fn written(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = empty(status);
    set_json(&mut response, body);
    response
}

/// A status and nothing else.
pub fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// Gives an answer another body, whose JSON is written already.
pub fn set_json(response: &mut Response, body: Vec<u8>) {
    let headers = response.headers_mut();
    // That of the body before; the connection counts the new one.
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    *response.body_mut() = Body::from(body);
}

/// Whether an answer is a status alone, as the router's own 404 and 405 are.
pub fn is_bare(response: &Response) -> bool {
    !response.headers().contains_key(header::CONTENT_TYPE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_body_is_not_counted_as_the_one_before() {
        let mut response = empty(StatusCode::NOT_FOUND);
        assert!(is_bare(&response));
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(0));
        set_json(&mut response, b"{}".to_vec());
        assert!(!is_bare(&response));
        assert!(!response.headers().contains_key(header::CONTENT_LENGTH));
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
    }
}
