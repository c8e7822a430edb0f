//! Where a request came from, as far as its answer depends on it: whose bytes it holds.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use guichet_core::limits;
use http::Extensions;
use http::request::Parts;
use tokio::sync::Semaphore;
use tokio::task::JoinError;
use tokio_util::task::TaskTracker;

use crate::budget::Share;

/// What a request that came over a connection draws on. It is among the request's extensions, in an
/// `Arc`; a request that was made by hand has none, and draws on nothing.
#[derive(Debug)]
pub(crate) struct Origin {
    /// The address; of IPv6 that of the network.
    pub(crate) address: IpAddr,
    /// For bodies, and for what they are parsed into.
    pub(crate) bodies: Share,
    /// For answers.
    pub(crate) answers: Share,
    /// For streams of HTTP/2, each one of it.
    #[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "it is spoken over TLS alone"))]
    pub(crate) streams: Share,
    /// For streams that are refused, each one of it.
    #[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "it is spoken over TLS alone"))]
    pub(crate) refusals: Share,
    /// Where large bodies are parsed.
    pub(crate) parser: Parser,
}

/// Among a request's extensions: the client's address, where another node of the same service passed the
/// request on. Whoever puts it there has checked that it was one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassedOn(pub IpAddr);

/// The address that a request came from, as far as it is one client's: of IPv6 the network of 64 bits.
/// None if it was made by hand. A handler takes it as an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source(pub Option<IpAddr>);

impl Source {
    /// The source of the request that has these extensions.
    pub fn of(extensions: &Extensions) -> Self {
        let passed_on = extensions.get::<PassedOn>().map(|client| client.0);
        Self(passed_on.or_else(|| extensions.get::<Arc<Origin>>().map(|origin| origin.address)))
    }
}

impl<S: Sync> FromRequestParts<S> for Source {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}

/// Parses large bodies beside the threads that serve: so many at once, each in a task that is
/// waited for at the end.
#[derive(Debug, Clone)]
pub(crate) struct Parser {
    permits: Arc<Semaphore>,
    tasks: TaskTracker,
}

impl Parser {
    /// One whose tasks are among these.
    pub(crate) fn new(tasks: TaskTracker) -> Self {
        Self { permits: Arc::new(Semaphore::new(limits::PARSED_AT_ONCE)), tasks }
    }

    /// Runs this on a thread that may take its time. The task has the permit: if nobody waits for
    /// it any more it still counts until it ends.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        // Nobody closes the semaphore.
        let permit = Arc::clone(&self.permits).acquire_owned().await.ok();
        let task = self.tasks.spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        });
        task.await
    }
}
