//! Key pairs: public keys that their users import or have made, and have put into new servers.
//!
//! | file | what |
//! | --- | --- |
//! | `public` | reading a public key, and its fingerprint |
//! | `made` | making a key, off the event loop and few at once |
//! | `service` | who may ask, and for whose key pairs |

mod error;
mod made;
mod public;
mod service;

pub use error::{KeyError, KeyProblem};
pub use public::fingerprint;
pub use service::{KeyPairs, NewKeyPair};
