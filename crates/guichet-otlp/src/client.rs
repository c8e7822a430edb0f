//! How a batch of spans is sent. It is called on the thread of the library that batches them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use guichet_core::limits;
use guichet_http::tls::provider;
use http::{Request, Response};
use opentelemetry_http::{HttpClient, HttpError};
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// Bytes of an answer that are read: it says at most which spans were refused.
const ANSWER_MAX: u64 = 64 * 1024;

/// Sends by HTTP, or by TLS to whom the system trusts.
#[derive(Debug)]
pub(crate) struct Client {
    agent: Agent,
    /// Whether the last batch was not taken: said once, not for each.
    is_failing: AtomicBool,
}

impl Client {
    pub(crate) fn new(timeout: Duration) -> Self {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier);
        let tls = tls.unversioned_rustls_crypto_provider(provider()).build();
        let config = Agent::config_builder()
            .timeout_global(Some(timeout))
            .max_redirects(0)
            .http_status_as_error(false)
            .max_idle_connections(1)
            .tls_config(tls);
        Self { agent: config.build().into(), is_failing: AtomicBool::new(false) }
    }
}

impl Default for Client {
    fn default() -> Self {
        Self::new(limits::OTLP_TIMEOUT)
    }
}

#[async_trait]
impl HttpClient for Client {
    /// Waits where it is called: that thread has nothing else to do.
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.send(request);
        let trouble = match &answer {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(answer.status().to_string()),
            Err(error) => Some(error.to_string()),
        };
        let was_failing = self.is_failing.swap(trouble.is_some(), Ordering::Relaxed);
        match trouble {
            Some(why) if !was_failing => {
                tracing::warn!(why, "traces cannot be sent, and are left out until they can be");
            }
            None if was_failing => tracing::info!("traces are sent again"),
            _ => {}
        }
        Ok(answer?)
    }
}

impl Client {
    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ureq::Error> {
        let (parts, body) = request.into_parts();
        let answer = self.agent.run(Request::from_parts(parts, &body[..]))?;
        let (parts, mut body) = answer.into_parts();
        let body = body.with_config().limit(ANSWER_MAX).read_to_vec()?;
        Ok(Response::from_parts(parts, body.into()))
    }
}
