//! What whoever keeps the service running asks of its first cloud: who there is, what they may hold,
//! what waits, and their servers. For the control token, or over the control socket.

mod accounts;
mod named;
mod page;
mod queue;
mod quotas;
mod servers;

use utoipa_axum::router::OpenApiRouter;

use crate::control::Control;

pub(crate) fn routes() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .merge(accounts::routes())
        .merge(quotas::routes())
        .merge(queue::routes())
        .merge(servers::routes())
}
