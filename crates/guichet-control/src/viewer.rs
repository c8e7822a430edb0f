//! Who looks at what happens, and how much of it they may see.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use guichet_cloud::worlds::World;
use guichet_core::ids::ProjectId;
use http::request::Parts;

use crate::control::Control;
use crate::problem::Problem;

/// Who looks at a world: the one that the path names by `id`, and without one the first. A handler
/// takes it as an argument.
pub(crate) struct Viewer {
    /// The world.
    pub(crate) world: Arc<World>,
    /// The project whose figures and entries alone may be seen; none: all may.
    pub(crate) own: Option<ProjectId>,
}

impl FromRequestParts<Control> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, control: &Control) -> Result<Self, Problem> {
        let named = RawPathParams::from_request_parts(parts, control)
            .await
            .map_err(|_| Problem::wrong("A name in the path is no text in UTF-8."))?;
        let id = named.iter().find(|(name, _)| *name == "id").map(|(_, id)| id);
        let world = match id {
            Some(id) => control.worlds.look_at(id),
            None => Some(Arc::clone(control.worlds.first())),
        };
        let world = control.access.check_for(world, &parts.headers)?;
        control.worlds.touch(&world);
        // Whoever has a control token steers the world, and sees all of it.
        Ok(Self { world, own: None })
    }
}
