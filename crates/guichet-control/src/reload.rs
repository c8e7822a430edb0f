//! `POST /guichet/v1/reload`: a service reads its configuration again, as a hang-up signal has it do.

use axum::Json;
use axum::extract::State;
use guichet_core::limits;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::control::{Control, Maker};
use crate::problem::{Fault, Problem};

pub(crate) fn routes() -> OpenApiRouter<Control> {
    OpenApiRouter::new().routes(routes!(reload))
}

/// What was taken over.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReloadedBody {
    /// The names in the configuration of what changed.
    changed: Vec<String>,
}

/// Has the service read its configuration again. What it can take over while it runs it does: all of that,
/// or nothing if something is wrong or needs a new start.
#[utoipa::path(
    post,
    path = "/guichet/v1/reload",
    responses(
        (status = 200, description = "It was read, and what is new was taken over.", body = ReloadedBody),
        (status = 401, description = "The service's control token is wanted.", body = Fault),
        (status = 409, description = "Nothing changed: the message says why.", body = Fault),
        (status = 503, description = "Others are asking for it, or the service stops.", body = Fault)
    )
)]
async fn reload(State(control): State<Control>, _: Maker) -> Result<Json<ReloadedBody>, Problem> {
    let Some(reloads) = &control.reloads else {
        return Err(Problem::new(StatusCode::CONFLICT, "This service has nothing to read again."));
    };
    match reloads.ask().await {
        Some(Ok(changed)) => Ok(Json(ReloadedBody { changed })),
        Some(Err(why)) => Err(Problem::new(StatusCode::CONFLICT, why)),
        None => {
            let message = "The configuration is being read again for others, or the service stops.";
            let busy = Problem::new(StatusCode::SERVICE_UNAVAILABLE, message);
            Err(busy.after(limits::JOURNAL_RETRY))
        }
    }
}
