//! Who looks at what happens, and how much of it they may see.

use std::sync::Arc;

use axum::extract::FromRequestParts;
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
        let world = match control.id_in_path(parts).await? {
            Some(id) => control.worlds.look_at(&id),
            None => Some(Arc::clone(control.worlds.first())),
        };
        // Whoever is signed in to the console is a user of the service's own cloud, and sees what is its
        // project's there.
        if let Some(asker) = control.session(parts)?.filter(|asker| !asker.is_admin)
            && let Some(first) = world.as_ref().filter(|world| world.is_first())
        {
            return Ok(Self { world: Arc::clone(first), own: Some(asker.project) });
        }
        // Whoever steers a world sees all of it.
        Ok(Self { world: control.steered(world, parts)?, own: None })
    }
}
