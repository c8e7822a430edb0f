//! A request that is passed on, perhaps more than once.

use std::net::IpAddr;

use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use bytes::Bytes;
use guichet_control::nodes::is_read;
use guichet_core::limits;
use guichet_http::body::whole;
use guichet_http::error::ReadError;
use guichet_http::origin::Source;
use http::request::Parts;
use http::{Extensions, Uri, Version, header};

use crate::body::Lender;
use crate::credential::Credential;
use crate::headers::{put_passed, put_sender, remove_hop_by_hop};

/// A request with its body, as far as that was read.
#[derive(Debug)]
pub(crate) struct Question {
    parts: Parts,
    body: Asked,
}

#[derive(Debug)]
enum Asked {
    Nothing,
    /// To be had again and again.
    Whole(Bytes),
    /// As it comes.
    Lent(Lender),
}

impl Question {
    /// Reads a body that is short, and leaves one that is not.
    ///
    /// # Errors
    /// The body cannot be read.
    pub(crate) async fn of(request: Request) -> Result<Self, ReadError> {
        let (parts, body) = request.into_parts();
        if body.is_end_stream() {
            return Ok(Self { parts, body: Asked::Nothing });
        }
        let length = body.size_hint().exact().and_then(|length| usize::try_from(length).ok());
        let body = match length {
            Some(0..=limits::FORWARD_BODY_MAX) => {
                Asked::Whole(whole(&parts, body, limits::FORWARD_BODY_MAX).await?)
            }
            _ => Asked::Lent(Lender::new(body)),
        };
        Ok(Self { parts, body })
    }

    /// Reads a body to its end, whether its length was said or not, so that there is always a
    /// [copy](Self::copy). What is asked of one thing that there is takes a body of this length at most.
    ///
    /// # Errors
    /// The body cannot be read, or is longer.
    pub(crate) async fn repeatable(request: Request) -> Result<Self, ReadError> {
        if request.body().is_end_stream() {
            return Self::of(request).await;
        }
        Self::whole(request, limits::BODY_METADATA_MAX).await
    }

    /// Reads a body to its end, of so many bytes at most.
    ///
    /// # Errors
    /// The body cannot be read, or is longer.
    pub(crate) async fn whole(request: Request, most: usize) -> Result<Self, ReadError> {
        let (parts, body) = request.into_parts();
        let body = Asked::Whole(whole(&parts, body, most).await?);
        Ok(Self { parts, body })
    }

    /// The body, as far as it was read.
    pub(crate) fn body(&self) -> &[u8] {
        match &self.body {
            Asked::Whole(bytes) => bytes,
            Asked::Nothing | Asked::Lent(_) => &[],
        }
    }

    /// The same once more; none if its body goes by as it comes.
    pub(crate) fn copy(&self) -> Option<Self> {
        let body = match &self.body {
            Asked::Nothing => Asked::Nothing,
            Asked::Whole(bytes) => Asked::Whole(bytes.clone()),
            Asked::Lent(_) => return None,
        };
        Some(Self { parts: self.parts.clone(), body })
    }

    /// What is known of it.
    pub(crate) const fn extensions(&self) -> &Extensions {
        &self.parts.extensions
    }

    /// The same, to be added to.
    pub(crate) const fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.parts.extensions
    }

    /// The address of the client that sent it.
    pub(crate) fn client(&self) -> Option<IpAddr> {
        Source::of(&self.parts.extensions).0
    }

    /// Whether nothing changes by it.
    pub(crate) fn is_read(&self) -> bool {
        is_read(&self.parts.method)
    }

    /// The request as the leader gets it; none if the leader's address is none.
    pub(crate) fn for_leader(
        &self,
        address: &Uri,
        (leader, cell): (&Credential, Option<(&str, Option<&str>)>),
    ) -> Option<Request> {
        let mut uri = address.clone().into_parts();
        uri.path_and_query = Some(self.parts.uri.path_and_query()?.clone());
        let mut request = Request::new(match &self.body {
            Asked::Nothing => Body::empty(),
            Asked::Whole(bytes) => Body::from(bytes.clone()),
            Asked::Lent(lender) => Body::new(lender.lend()),
        });
        *request.method_mut() = self.parts.method.clone();
        *request.uri_mut() = Uri::from_parts(uri).ok()?;
        *request.version_mut() = Version::HTTP_11;
        let mut headers = self.parts.headers.clone();
        remove_hop_by_hop(&mut headers);
        if matches!(self.body, Asked::Whole(_)) {
            headers.remove(header::CONTENT_LENGTH);
        }
        put_sender(&mut headers, leader, self.client());
        if let Some(cell) = cell {
            put_passed(&mut headers, cell, &self.parts.extensions);
        }
        *request.headers_mut() = headers;
        Some(request)
    }

    /// The same, to be asked once more; none if its body is gone.
    pub(crate) fn again(self) -> Option<Self> {
        let Self { parts, body } = self;
        let body = match body {
            Asked::Lent(lender) => Asked::Lent(Lender::new(lender.take()?)),
            body => body,
        };
        Some(Self { parts, body })
    }

    /// The request as it came; its body is empty if it is gone.
    pub(crate) fn into_request(self) -> Request {
        let body = match self.body {
            Asked::Nothing => Body::empty(),
            Asked::Whole(bytes) => Body::from(bytes),
            Asked::Lent(lender) => lender.take().unwrap_or_default(),
        };
        Request::from_parts(self.parts, body)
    }
}
