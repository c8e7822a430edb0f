//! TLS: the files that it needs, read and checked, and changed while connections go on.
//!
//! All that a handshake goes by is in one [`CertificateSlot`]. [`CertificateSlot::reload`] reads the
//! files again: what is sound as a whole takes the place of what was there, for the handshakes that
//! begin from then on; a connection that lives goes on with what it began with.

mod drawn;
mod error;
mod files;
mod slot;
mod validity;

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, aws_lc_rs};

pub use self::drawn::{Drawn, draw};
pub use self::error::TlsError;
pub use self::files::{certificates, private_key};
pub use self::slot::{CertificateSlot, Clients, Reloaded, TlsFiles};

/// What computes, for clients too: one library in the whole program.
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}
