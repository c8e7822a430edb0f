//! What handlers work with.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use guichet_cloud::worlds::{World, WorldError, Worlds};
use guichet_console::{Asker, Console};
use guichet_http::links::Base;
use guichet_observe::Watch;
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use utoipa::IntoResponses;

use crate::access::Access;
use crate::cells::Cells;
use crate::problem::{Fault, Problem};
use crate::reloads::Reloads;

/// What handlers work with.
#[derive(Debug, Clone)]
pub(crate) struct Control {
    pub(crate) worlds: Arc<Worlds>,
    pub(crate) access: Access,
    /// The console, whose sessions count here too.
    pub(crate) console: Option<Arc<Console>>,
    pub(crate) watch: Arc<Watch>,
    /// Who reads the configuration again, if anybody does.
    pub(crate) reloads: Option<Reloads>,
    /// Who knows the other nodes, if this is one of several.
    pub(crate) cells: Option<Arc<dyn Cells>>,
}

impl Control {
    /// Who asks with a session of the console; none if a token came along, or no session that is good.
    ///
    /// # Errors
    /// Another site's page asks, or nothing shows that a page of ours does.
    pub(crate) fn session(&self, parts: &Parts) -> Result<Option<Asker>, Problem> {
        let has_token = parts.headers.contains_key(header::AUTHORIZATION);
        let Some(console) = self.console.as_ref().filter(|_| !has_token) else { return Ok(None) };
        let asker = console.asker(&parts.method, &parts.headers);
        asker.map_err(|why| Problem::new(StatusCode::FORBIDDEN, why.to_string()))
    }

    /// Whether an administrator asks with a session of the console: to it all worlds are open, as to whoever
    /// has the service's token.
    fn is_by_admin(&self, parts: &Parts) -> Result<bool, Problem> {
        Ok(self.session(parts)?.is_some_and(|asker| asker.is_admin))
    }

    /// The world that is asked for, if whoever asks may steer it.
    pub(crate) fn steered(
        &self,
        world: Option<Arc<World>>,
        parts: &Parts,
    ) -> Result<Arc<World>, Problem> {
        let world = if self.is_by_admin(parts)? {
            world.ok_or(WorldError::NotFound)?
        } else {
            self.access.check_for(world, &parts.headers)?
        };
        self.worlds.touch(&world);
        Ok(world)
    }

    /// What a path has as `id`, if it has one.
    pub(crate) async fn id_in_path(&self, parts: &mut Parts) -> Result<Option<String>, Problem> {
        let params = RawPathParams::from_request_parts(parts, self)
            .await
            .map_err(|_| Problem::wrong("A name in the path is no text in UTF-8."))?;
        Ok(params.iter().find(|(name, _)| *name == "id").map(|(_, id)| id.to_owned()))
    }

    /// Where links begin.
    pub(crate) fn base(&self, headers: &HeaderMap) -> Base {
        let first = self.worlds.first().cloud();
        Base::of(first.public_url(), first.is_encrypted(), headers)
    }
}

/// Whoever may make and list worlds. A handler takes it as an argument.
pub(crate) struct Maker;

impl FromRequestParts<Control> for Maker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, control: &Control) -> Result<Self, Problem> {
        if control.is_by_admin(parts)? {
            return Ok(Self);
        }
        control.access.check(&parts.headers).map(|()| Self)
    }
}

/// The world that a path names by `id`, for whoever may steer it. A handler takes it as an argument.
pub(crate) struct Steered(pub(crate) Arc<World>);

impl FromRequestParts<Control> for Steered {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, control: &Control) -> Result<Self, Problem> {
        let id = control.id_in_path(parts).await?;
        let world = id.and_then(|id| control.worlds.look_at(&id));
        control.steered(world, parts).map(Self)
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
