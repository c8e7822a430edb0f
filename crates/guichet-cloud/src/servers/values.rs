//! What values a server's fields may have. A dialect reads fields with these, so that it can name
//! a mistake in its own words; `Servers::create` checks them once more.

use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use guichet_core::limits;
use regex::Regex;

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// It has nothing to see in it.
    #[error("it is blank")]
    Blank,
    /// It has a character that does not print: a control, a direction, a line separator.
    #[error("it has a character in it that does not print")]
    Unprintable,
    /// It has more characters, or entries, than it may have.
    #[error("it is too long")]
    TooLong,
    /// A tag has no character, or more than [`limits::TAG_MAX`].
    #[error("a tag has 1 to 60 characters")]
    TagLength,
    /// A tag has `/` or `,` in it, which separate tags.
    #[error("a tag has no '/' and no ','")]
    TagSeparator,
    /// The name of a metadata item has no character, or more than [`limits::TEXT_MAX`].
    #[error("a name has 1 to 255 characters")]
    MetadataName,
    /// It is no label of letters, digits and `-`.
    #[error("it is no hostname")]
    Hostname,
    /// It is not base64.
    #[error("it is not base64")]
    Base64,
}

/// What does not print: everything of Unicode's category C, such as controls, U+202E, which turns
/// the direction of what follows it, and what no character has been given to; and separators other
/// than spaces. Nova has the same rule (`nova/api/validation/parameter_types.py`).
static UNPRINTABLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{C}\p{Zl}\p{Zp}]").expect("the classes are Unicode's"));

/// Whether a text only has characters that print.
///
/// # Errors
/// It has others.
pub fn check_printable(text: &str) -> Result<(), ValueError> {
    // Most texts are of this kind, and need no table.
    let is_plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if is_plain || !UNPRINTABLE.is_match(text) { Ok(()) } else { Err(ValueError::Unprintable) }
}

/// A server's name: something to see, without blanks around it.
///
/// # Errors
/// It is blank or too long, or has something in it that does not print.
pub fn name(text: &str) -> Result<Arc<str>, ValueError> {
    if text.chars().count() > limits::NAME_MAX {
        return Err(ValueError::TooLong);
    }
    match text.trim() {
        "" => Err(ValueError::Blank),
        name => check_printable(name).map(|()| Arc::from(name)),
    }
}

/// Whether a text is a tag.
///
/// # Errors
/// Its length, or a character that it cannot have.
pub fn check_tag(tag: &str) -> Result<(), ValueError> {
    if !(1..=limits::TAG_MAX).contains(&tag.chars().count()) {
        return Err(ValueError::TagLength);
    }
    if tag.contains(['/', ',']) {
        return Err(ValueError::TagSeparator);
    }
    Ok(())
}

/// Whether a text can name a metadata item.
///
/// # Errors
/// Its length.
pub fn check_metadata_name(name: &str) -> Result<(), ValueError> {
    let is_sound = (1..=limits::TEXT_MAX).contains(&name.chars().count());
    if is_sound { Ok(()) } else { Err(ValueError::MetadataName) }
}

/// Whether a text is a hostname: labels of letters, digits and `-`, with dots between them.
///
/// # Errors
/// It is none.
pub fn check_hostname(name: &str) -> Result<(), ValueError> {
    let is_label = |label: &str| {
        let letters = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=limits::HOSTNAME_LABEL_MAX).contains(&label.len())
            && letters
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if name.split('.').all(is_label) { Ok(()) } else { Err(ValueError::Hostname) }
}

/// Whether a text is base64, as user data must be.
///
/// # Errors
/// It is not.
pub fn check_user_data(text: &str) -> Result<(), ValueError> {
    let engine = base64::engine::general_purpose::STANDARD;
    engine.decode(text).map(drop).map_err(|_| ValueError::Base64)
}

/// Whether a text has no more characters than a description may have.
///
/// # Errors
/// It has more.
pub fn check_text(text: &str) -> Result<(), ValueError> {
    if text.chars().count() <= limits::TEXT_MAX { Ok(()) } else { Err(ValueError::TooLong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_not_blank() {
        assert_eq!(name("  web "), Ok(Arc::from("web")));
        assert_eq!(name(" \t"), Err(ValueError::Blank));
        assert_eq!(name(&"x".repeat(256)), Err(ValueError::TooLong));
    }

    #[test]
    fn a_name_has_only_what_prints() {
        for good in ["web 1", "é東京", "naïve\u{a0}x", "🙂"] {
            assert_eq!(name(good), Ok(Arc::from(good)), "{good:?}");
        }
        for wrong in
            ["a\0", "a\nb", "a\u{1b}[31m", "a\u{202e}b", "a\u{200b}b", "a\u{2028}b", "\u{e000}"]
        {
            assert_eq!(name(wrong), Err(ValueError::Unprintable), "{wrong:?}");
        }
    }

    #[test]
    fn tags_hostnames_and_user_data_are_what_they_should_be() {
        assert_eq!(check_tag("blue"), Ok(()));
        assert_eq!(check_tag(""), Err(ValueError::TagLength));
        assert_eq!(check_tag("a,b"), Err(ValueError::TagSeparator));
        assert_eq!(check_hostname("a-1.example"), Ok(()));
        for wrong in ["", "-a", "a-", "a..b", "a_b"] {
            assert_eq!(check_hostname(wrong), Err(ValueError::Hostname), "{wrong}");
        }
        assert_eq!(check_user_data("aGVsbG8="), Ok(()));
        assert_eq!(check_user_data("hello"), Err(ValueError::Base64));
    }
}
