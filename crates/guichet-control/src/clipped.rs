//! Texts of whoever asks, no longer than is kept of them.

use guichet_core::limits;

/// The beginning of a text: [`limits::REQUEST_TEXT_MAX`] bytes at most.
pub(crate) fn clipped(text: &str) -> Box<str> {
    let most = limits::REQUEST_TEXT_MAX.min(text.len());
    let end = (0..=most).rev().find(|end| text.is_char_boundary(*end));
    text[..end.unwrap_or(0)].into()
}
