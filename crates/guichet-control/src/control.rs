//! What handlers work with.

use std::sync::Arc;

use guichet_cloud::worlds::Worlds;
use guichet_http::links::Base;
use http::HeaderMap;

use crate::access::Access;

/// What handlers work with.
#[derive(Debug, Clone)]
pub(crate) struct Control {
    pub(crate) worlds: Arc<Worlds>,
    pub(crate) access: Access,
}

impl Control {
    /// Where links begin.
    pub(crate) fn base(&self, headers: &HeaderMap) -> Base {
        Base::of(self.worlds.public_url(), headers)
    }
}
