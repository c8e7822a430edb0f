//! What a token goes by wherever it is written down.

/// The SHA-256 digest of a token.
pub(super) type Digest = [u8; 32];
