//! Identity v3: tokens, look-ups, application credentials, bounds.

mod credentials;
mod lookups;
mod malformed;
mod tokens;
