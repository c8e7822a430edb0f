//! Random bytes and texts, drawn from the system.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// Draws random bytes.
///
/// # Errors
/// The system gives none.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A random text of `N` bytes in base64url.
///
/// # Errors
/// Those of [`random`].
pub(crate) fn random_text<const N: usize>() -> Result<String, getrandom::Error> {
    random::<N>().map(|bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes))
}
