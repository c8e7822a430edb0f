//! Compute v2.1: servers, and what clients ask for around them.

pub mod servers;

use std::sync::Arc;

use axum::Router;

use crate::cloud::Cloud;

/// Its routes, below its prefix.
pub fn routes() -> Router<Arc<Cloud>> {
    servers::routes()
}
