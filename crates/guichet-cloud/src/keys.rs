//! Key pairs: public keys that their users import or have made, and have put into new servers.
//!
//! | file | what |
//! | --- | --- |
//! | `public` | reading a public key, and its fingerprint |
//! | `made` | making a key, off the event loop and few at once |
//! | `certificate` | what a key of type `x509` is made as |
//! | `service` | who may ask, and for whose key pairs |

mod certificate;
mod error;
mod made;
mod public;
mod service;

pub use error::{KeyError, KeyProblem};
pub use public::fingerprint;
pub use service::{KeyPairs, NewKeyPair};
