//! What handlers work with.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use guichet_cloud::worlds::{World, Worlds};
use guichet_http::links::Base;
use guichet_observe::Watch;
use http::HeaderMap;
use http::request::Parts;
use utoipa::IntoResponses;

use crate::access::Access;
use crate::problem::{Fault, Problem};

/// What handlers work with.
#[derive(Debug, Clone)]
pub(crate) struct Control {
    pub(crate) worlds: Arc<Worlds>,
    pub(crate) access: Access,
    pub(crate) watch: Arc<Watch>,
}

impl Control {
    /// Where links begin.
    pub(crate) fn base(&self, headers: &HeaderMap) -> Base {
        Base::of(self.worlds.first().cloud().public_url(), headers)
    }
}

/// Whoever may make and list worlds. A handler takes it as an argument.
pub(crate) struct Maker;

impl FromRequestParts<Control> for Maker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, control: &Control) -> Result<Self, Problem> {
        control.access.check(&parts.headers).map(|()| Self)
    }
}

/// The world that a path names by `id`, for whoever may steer it. A handler takes it as an argument.
pub(crate) struct Steered(pub(crate) Arc<World>);

impl FromRequestParts<Control> for Steered {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, control: &Control) -> Result<Self, Problem> {
        let named = RawPathParams::from_request_parts(parts, control)
            .await
            .map_err(|_| Problem::wrong("A name in the path is no text in UTF-8."))?;
        let id = named.iter().find(|(name, _)| *name == "id").map(|(_, id)| id);
        let world = id.and_then(|id| control.worlds.look_at(id));
        let world = control.access.check_for(world, &parts.headers)?;
        control.worlds.touch(&world);
        Ok(Self(world))
    }
}

/// What stands in the way of whoever asks about a world, for the document.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it is written into the document, and never made")]
pub(crate) enum NotSteered {
    /// A token is wanted
    #[response(status = 401)]
    Missing(Fault),
    /// The token is another's
    #[response(status = 403)]
    Foreign(Fault),
    /// There is no such world, or it has ended
    #[response(status = 404)]
    Gone(Fault),
}
