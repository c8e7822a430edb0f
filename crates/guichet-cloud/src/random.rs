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

/// A random text of `N` bytes in base64url, without its first bit: it begins with a letter. Tokens,
/// secrets and passwords are arguments of commands, which take what begins with `-` for an option.
///
/// # Errors
/// Those of [`random`].
pub(crate) fn random_text<const N: usize>() -> Result<String, getrandom::Error> {
    random::<N>().map(text)
}

/// What random bytes say.
fn text<const N: usize>(mut bytes: [u8; N]) -> String {
    if let Some(first) = bytes.first_mut() {
        *first &= 0x7f;
    }
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_begins_with_a_letter_whatever_is_drawn() {
        for first in u8::MIN..=u8::MAX {
            let text = text([first, u8::MAX, u8::MAX]);
            assert!(text.starts_with(|c: char| c.is_ascii_alphabetic()), "{first}: {text}");
        }
    }
}
