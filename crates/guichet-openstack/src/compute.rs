//! Compute v2.1: what servers are made in and of, and what is left of it. One router for each
//! resource.

pub mod discovery;
pub mod flavors;
pub mod links;
pub mod refused;
pub mod versions;

use std::sync::Arc;

use axum::Router;

use crate::cloud::Cloud;

/// Its routes, below its prefix.
pub fn routes() -> Router<Arc<Cloud>> {
    Router::new().merge(discovery::routes()).merge(flavors::routes())
}
