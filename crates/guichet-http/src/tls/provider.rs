//! What computes.

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, aws_lc_rs};

/// What computes, for clients too: one library in the whole program.
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}
