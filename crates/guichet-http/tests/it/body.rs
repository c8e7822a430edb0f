//! Bodies that are JSON, and all the ways in which one is not.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::response::IntoResponse;
use guichet_core::limits;
use guichet_http::body::Json;
use guichet_http::error::ReadError;
use serde_json::{Value, json};

async fn read(content_type: Option<&str>, body: impl Into<Body>) -> Result<Value, ReadError> {
    let mut request = Request::builder();
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    let request = request.body(body.into()).unwrap();
    let read = Json::<{ limits::BODY_MAX }>::from_request(request, &()).await;
    read.map(|Json(tree)| tree.clone())
}

#[tokio::test]
async fn an_object_is_read_if_nothing_says_that_it_is_something_else() {
    for content_type in [None, Some("application/json"), Some("Application/JSON; charset=utf-8")] {
        assert_eq!(read(content_type, r#"{"a":1}"#).await, Ok(json!({ "a": 1 })));
    }
    assert_eq!(read(Some("text/plain"), "{}").await, Err(ReadError::NotJson));
    assert_eq!(read(None, "[1]").await, Err(ReadError::NotAnObject));
    let malformed = read(None, "{").await.unwrap_err();
    assert!(malformed.to_string().starts_with("Malformed request body: no JSON (EOF"));
}

#[tokio::test]
async fn a_body_of_the_largest_size_is_read_and_one_byte_more_is_not() {
    let object = |bytes: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(bytes - 8));
    assert!(read(None, object(limits::BODY_MAX)).await.is_ok());
    let error = read(None, object(limits::BODY_MAX + 1)).await.unwrap_err();
    assert_eq!((error.status().as_u16(), error), (413, ReadError::TooLarge(limits::BODY_MAX)));
}

#[tokio::test]
async fn an_error_leaves_as_its_status_and_is_there_for_whoever_words_it() {
    let mut response = ReadError::NotAnObject.into_response();
    assert_eq!(response.status(), 400);
    assert!(guichet_http::answer::is_bare(&response));
    assert_eq!(response.extensions_mut().remove(), Some(ReadError::NotAnObject));
}
