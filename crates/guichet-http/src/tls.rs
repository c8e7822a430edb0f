//! TLS: the files that it needs, read and checked, and changed while connections go on.
//!
//! All that a handshake goes by is in one [`CertificateSlot`]. [`CertificateSlot::reload`] reads the
//! files again: what is sound as a whole takes the place of what was there, for the handshakes that
//! begin from then on; a connection that lives goes on with what it began with.

mod drawn;
mod error;
mod files;
mod provider;
mod refused;
mod slot;
mod validity;

pub use self::drawn::{Drawn, draw};
pub use self::error::TlsError;
pub use self::files::{certificates, private_key};
pub use self::provider::provider;
pub use self::refused::Refused;
pub use self::slot::{CertificateSlot, Clients, Protocols, Reloaded, TlsFiles};
