//! Random bytes and texts, drawn from the system.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::error::AccountError;

/// Draws random bytes.
///
/// # Errors
/// [`AccountError::NoRandomBytes`].
pub(super) fn random<const N: usize>() -> Result<[u8; N], AccountError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| AccountError::NoRandomBytes)?;
    Ok(bytes)
}

/// A random text of `N` bytes in base64url.
pub(super) fn random_text<const N: usize>() -> Result<String, AccountError> {
    random::<N>().map(|bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes))
}
