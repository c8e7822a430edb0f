//! image.

use std::sync::Arc;

use axum::Router;

use crate::cloud::Cloud;

/// Its routes, below its prefix.
pub fn routes() -> Router<Arc<Cloud>> {
    Router::new()
}
