//! Reading bodies, bounded in size, time and memory.

mod buffer;
mod tree;

use std::ops::Deref;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use guichet_core::limits;
use http::request::Parts;
use http::{HeaderMap, header};
use serde_json::Value;

use self::buffer::Buffer;
use crate::budget::{Charge, Share};
use crate::error::ReadError;
use crate::origin::Origin;
use crate::query::Params;

/// A JSON object that was sent, in a body of at most so many bytes. A handler takes it as an
/// argument, and says by its type how long a body may be.
#[derive(Debug)]
pub struct Json<const MAX: usize = { limits::BODY_SMALL_MAX }>(pub Tree);

/// The values of a body. Their memory counts until they are dropped.
#[derive(Debug)]
pub struct Tree {
    value: Value,
    _charge: Option<Charge>,
}

impl Deref for Tree {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.value
    }
}

/// The text of a long body in JSON, unread: at most so many bytes. It counts in no budget, so whoever
/// asks for it bounds how many are read at once.
///
/// # Errors
/// [`ReadError`].
pub async fn text(request: Request, most: usize) -> Result<Vec<u8>, ReadError> {
    let (parts, body) = request.into_parts();
    if !is_json(&parts.headers) {
        return Err(ReadError::NotJson);
    }
    buffer::read(body, most, limits::BODY_TIME, None).await.map(Buffer::into_bytes)
}

/// A body of any kind to its end: at most so many bytes, which count until the last of them is dropped.
///
/// # Errors
/// [`ReadError`].
pub async fn whole(parts: &Parts, body: Body, most: usize) -> Result<Bytes, ReadError> {
    let share = parts.extensions.get::<Arc<Origin>>().map(|origin| origin.bodies.clone());
    let buffer = buffer::read(body, most, limits::BODY_TIME, share.as_ref()).await?;
    Ok(Bytes::from_owner(buffer))
}

/// The fields of a form as a browser sends it (`application/x-www-form-urlencoded`): at most so many
/// bytes.
///
/// # Errors
/// [`ReadError`].
pub async fn form(request: Request, most: usize) -> Result<Params, ReadError> {
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(ReadError::NotForm);
    }
    let share = parts.extensions.get::<Arc<Origin>>().map(|origin| origin.bodies.clone());
    let buffer = buffer::read(body, most, limits::BODY_TIME, share.as_ref()).await?;
    Params::parse(std::str::from_utf8(&buffer).map_err(|_| ReadError::QueryNotText)?)
}

/// Whether a body may be JSON: one that says it is something else is not, one that says nothing is
/// looked at.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap_or(""));
    kind.is_none_or(|kind| {
        let kind = kind.split(';').next().unwrap_or("").trim();
        kind.eq_ignore_ascii_case("application/json")
    })
}

impl<S: Sync, const MAX: usize> FromRequest<S> for Json<MAX> {
    type Rejection = ReadError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ReadError> {
        let (parts, body) = request.into_parts();
        if !is_json(&parts.headers) {
            return Err(ReadError::NotJson);
        }
        let origin = parts.extensions.get::<Arc<Origin>>().cloned();
        let share = origin.as_ref().map(|origin| origin.bodies.clone());
        let buffer = buffer::read(body, MAX, limits::BODY_TIME, share.as_ref()).await?;
        let tree = match origin {
            Some(origin) if buffer.len() > limits::PARSE_INLINE_MAX => {
                let parsed = origin.parser.run(move || parse(buffer, MAX, share.as_ref())).await;
                // It does not panic; a runtime that ends cancels it.
                parsed.unwrap_or(Err(ReadError::Busy))
            }
            _ => parse(buffer, MAX, share.as_ref()),
        };
        let tree = tree?;
        if tree.is_object() { Ok(Self(tree)) } else { Err(ReadError::NotAnObject) }
    }
}

/// The values of what was read. They take its place in memory, and in what is counted.
fn parse(buffer: Buffer, most: usize, share: Option<&Share>) -> Result<Tree, ReadError> {
    let (value, bytes) =
        tree::parse(&buffer, most).map_err(|error| ReadError::Malformed(error.to_string()))?;
    let mut charge = buffer.into_charge();
    if let (Some(charge), Some(share)) = (&mut charge, share)
        && !charge.resize(share, bytes)
    {
        return Err(ReadError::Busy);
    }
    Ok(Tree { value, _charge: charge })
}
