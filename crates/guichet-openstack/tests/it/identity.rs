//! Identity v3: tokens, look-ups, application credentials, bounds.

mod credentials;
mod discovery;
mod lookups;
mod malformed;
mod tokens;
