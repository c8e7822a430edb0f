//! Compute v2.1: servers, what they are made in and of, and what is left of it. One router for
//! each resource.

pub mod discovery;
pub mod empty;
pub mod extensions;
pub mod flavors;
pub mod hypervisors;
pub mod limits;
pub mod links;
pub mod quotas;
pub mod refused;
pub mod servers;
pub mod services;
pub mod usage;
pub mod versions;
pub mod zones;

use std::sync::Arc;

use axum::Router;

use guichet_cloud::Cloud;

/// Its routes, with its prefix.
pub fn routes() -> Router<Arc<Cloud>> {
    Router::new()
        .merge(discovery::routes())
        .merge(empty::routes())
        .merge(extensions::routes())
        .merge(flavors::routes())
        .merge(hypervisors::routes())
        .merge(limits::routes())
        .merge(quotas::routes())
        .merge(servers::routes())
        .merge(services::routes())
        .merge(usage::routes())
        .merge(zones::routes())
}
