//! A request that is being answered, and what is written down of it.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use guichet_clock::WorldClock;
use guichet_cloud::worlds::{SentBody, SentRequest, World};
use guichet_core::time::{Clock, Timestamp};
use guichet_http::serve::HangUp;
use guichet_openstack::http::gate::{IDEMPOTENCY_KEY, REQUEST_ID};
use http::{HeaderMap, HeaderName, header};

use crate::clipped::clipped;
use crate::secrets::{masked_body, masked_header, masked_path};
use crate::tee::Copied;

/// A request that is being answered. It is written down when it is answered, or when nobody waits for the
/// answer any more: then without a status.
pub(crate) struct Begun {
    request: Option<SentRequest>,
    body: Option<Copied>,
    began: Timestamp,
    /// Of the world's list: one that was forgotten meanwhile does not get it.
    generation: u64,
    world: Arc<World>,
    clock: WorldClock,
}

impl Drop for Begun {
    fn drop(&mut self) {
        let Some(mut request) = self.request.take() else { return };
        request.at = self.clock.now();
        request.took_us = request.at.since(self.began).as_micros() as u64;
        request.body = self.body.take().map(|copied| {
            let (bytes, copy) = copied.take();
            let text = copy.and_then(|copy| masked_body(&copy)).map(String::into_boxed_str);
            SentBody { bytes, text }
        });
        self.world.requests().add(self.generation, request);
    }
}

impl Begun {
    /// Of a request that is about to be answered; none if the world remembers none.
    pub(crate) fn new(
        world: &Arc<World>,
        clock: &WorldClock,
        request: &mut Request,
    ) -> Option<Self> {
        let began = world.requests().is_on().then(|| clock.now())?;
        let generation = world.requests().generation();
        let details = world.requests().details();
        let most = details.body_bytes;
        let body = if most > 0 { Copied::of(request, most) } else { None };
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let chosen = |name: &str| {
            let value = text(request.headers(), &HeaderName::from_bytes(name.as_bytes()).ok()?)?;
            Some((name.into(), masked_header(name, &value).into()))
        };
        let sent = SentRequest {
            number: 0,
            at: began,
            id: None,
            method: clipped(request.method().as_str()),
            path: clipped(&masked_path(path)),
            status: 0,
            took_us: 0,
            user_agent: text(request.headers(), &header::USER_AGENT),
            idempotency_key: text(request.headers(), &IDEMPOTENCY_KEY),
            headers: details.headers.iter().filter_map(|name| chosen(name)).collect(),
            body: None,
        };
        let (world, clock) = (Arc::clone(world), clock.clone());
        Some(Self { request: Some(sent), body, began, generation, world, clock })
    }

    /// It was answered.
    pub(crate) fn answered(mut self, answer: &Response) {
        let is_closed = answer.extensions().get::<HangUp>().is_some();
        if let Some(request) = &mut self.request {
            request.status = if is_closed { 0 } else { answer.status().as_u16() };
            request.id = text(answer.headers(), &REQUEST_ID);
        }
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<Box<str>> {
    headers.get(name).map(|value| clipped(&String::from_utf8_lossy(value.as_bytes())))
}
