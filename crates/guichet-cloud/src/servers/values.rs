//! What values a server's fields may have. A dialect reads fields with these, so that it can name
//! a mistake in its own words; `Servers::create` checks them once more.

use std::sync::{Arc, LazyLock};

use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine as _, alphabet};
use guichet_core::details::Details;
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
    /// It has blanks at its ends.
    #[error("it begins or ends with a blank")]
    BlankEnds,
    /// It has more characters, or entries, than it may have.
    #[error("it is too long")]
    TooLong,
    /// A tag has no character, or more than [`limits::TAG_MAX`].
    #[error("a tag has 1 to 60 characters")]
    TagLength,
    /// A tag has `/` or `,` in it, which separate tags.
    #[error("a tag has no '/' and no ','")]
    TagSeparator,
    /// The name of a metadata item has no character, more than [`limits::TEXT_MAX`], or others
    /// than it may have.
    #[error("a name has 1 to 255 letters, digits, '-', '_', ':', '.' and blanks")]
    MetadataName,
    /// It is no label of letters, digits and `-`.
    #[error("it is no hostname")]
    Hostname,
    /// It is not base64.
    #[error("it is not base64")]
    Base64,
}

/// What does not print: everything of Unicode's category C, such as controls, U+202E, which turns
/// the direction of what follows it, and what no character has been given to; separators other than
/// spaces; and what lies beyond the first plane. Nova has the same rule
/// (`nova/api/validation/parameter_types.py`).
static UNPRINTABLE: LazyLock<Regex> = LazyLock::new(|| {
    let classes = r"[\p{C}\p{Zl}\p{Zp}\x{ffff}-\x{10ffff}]";
    Regex::new(classes).expect("the classes are Unicode's")
});

/// Whether a text only has characters that print.
///
/// # Errors
/// It has others.
pub fn check_printable(text: &str) -> Result<(), ValueError> {
    // Most texts are of this kind, and need no table.
    let is_plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if is_plain || !UNPRINTABLE.is_match(text) { Ok(()) } else { Err(ValueError::Unprintable) }
}

/// A name, of a server as of all else: something to see, that prints, without blanks at its ends.
///
/// # Errors
/// It is blank or too long, has blanks at its ends, or something in it that does not print.
pub fn name(text: &str) -> Result<Arc<str>, ValueError> {
    if text.chars().count() > limits::NAME_MAX {
        return Err(ValueError::TooLong);
    }
    match text.trim() {
        "" => Err(ValueError::Blank),
        trimmed if trimmed.len() < text.len() => Err(ValueError::BlankEnds),
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

/// Whether a text can name a metadata item: Nova's `[a-zA-Z0-9-_:. ]{1,255}`.
///
/// # Errors
/// Its length, or a character that it cannot have.
pub fn check_metadata_name(name: &str) -> Result<(), ValueError> {
    let is_sound = |byte: u8| byte.is_ascii_alphanumeric() || b"-_:. ".contains(&byte);
    let is_name = (1..=limits::TEXT_MAX).contains(&name.len()) && name.bytes().all(is_sound);
    if is_name { Ok(()) } else { Err(ValueError::MetadataName) }
}

/// Whether a text is a hostname: letters, digits, `-`, `_` and dots. Nova looks no closer at it.
///
/// # Errors
/// It is none.
pub fn check_hostname(name: &str) -> Result<(), ValueError> {
    let is_sound = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let is_name = (1..=limits::TEXT_MAX).contains(&name.len()) && name.bytes().all(is_sound);
    if is_name { Ok(()) } else { Err(ValueError::Hostname) }
}

/// Whether a text is a hostname without dots: letters, digits and `-`, which is at neither end.
///
/// # Errors
/// It is none.
pub fn check_hostname_label(name: &str) -> Result<(), ValueError> {
    let is_sound = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_label = (2..=limits::HOSTNAME_LABEL_MAX).contains(&name.len())
        && name.bytes().all(is_sound)
        && !name.starts_with('-')
        && !name.ends_with('-');
    if is_label { Ok(()) } else { Err(ValueError::Hostname) }
}

/// What a text in base64 stands for. Line breaks and whatever else is not in the alphabet are
/// passed over, and what comes after the filling too, as the decoder of Python that Nova uses does.
///
/// # Errors
/// It ends in the middle of a group, or is no ASCII.
pub fn base64(text: &str) -> Result<Vec<u8>, ValueError> {
    if !text.is_ascii() {
        return Err(ValueError::Base64);
    }
    let (mut letters, mut filling) = (String::with_capacity(text.len()), 0);
    for byte in text.bytes() {
        let in_group = letters.len() % 4;
        if byte == b'=' {
            filling += 1;
            if in_group >= 2 && in_group + filling >= 4 {
                break;
            }
        } else if byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/' {
            filling = 0;
            letters.push(char::from(byte));
        }
    }
    if letters.len() % 4 != 0 && letters.len() % 4 + filling < 4 {
        return Err(ValueError::Base64);
    }
    LENIENT.decode(letters).map_err(|_| ValueError::Base64)
}

/// Without filling, which has been looked at; bits beyond the last byte are nobody's.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// Whether a text is base64, as user data must be, and no longer than they may be.
///
/// # Errors
/// It is not.
pub fn check_user_data(text: &str) -> Result<(), ValueError> {
    if text.len() > limits::USER_DATA_MAX {
        return Err(ValueError::TooLong);
    }
    base64(text).map(drop)
}

/// Whether a server may carry this: each field has a value that it can have. How many tags and metadata
/// there may be is another matter, and so are ports.
///
/// # Errors
/// The field, and what is wrong with it.
pub(crate) fn check_details(details: &Details) -> Result<(), (&'static str, ValueError)> {
    let check = |field: &'static str, result: Result<(), ValueError>| {
        result.map_err(|problem| (field, problem))
    };
    let Details { tags, metadata, description, hostname, user_data, .. } = details;
    check("tags", tags.iter().try_for_each(|tag| check_tag(tag)))?;
    let mut names = metadata.keys();
    check("metadata", names.try_for_each(|name| check_metadata_name(name)))?;
    check("metadata", metadata.values().try_for_each(|text| check_text(text)))?;
    check("description", description.as_deref().map_or(Ok(()), check_description))?;
    check("hostname", hostname.as_deref().map_or(Ok(()), check_hostname))?;
    check("user_data", user_data.as_deref().map_or(Ok(()), check_user_data))?;
    check("key_name", details.key_name.as_deref().map_or(Ok(()), check_text))?;
    check("availability_zone", details.availability_zone.as_deref().map_or(Ok(()), check_text))?;
    let reason = details.lock.as_ref().and_then(|lock| lock.reason.as_deref());
    check("lock", reason.map_or(Ok(()), check_text))
}

/// Whether a text is a description: it prints, and is no longer than one may be.
///
/// # Errors
/// It is too long, or has something in it that does not print.
pub fn check_description(text: &str) -> Result<(), ValueError> {
    check_text(text)?;
    check_printable(text)
}

/// Whether a text has no more characters than a value may have.
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
    fn a_name_is_not_blank_and_neither_are_its_ends() {
        assert_eq!(name("web 1"), Ok(Arc::from("web 1")));
        for wrong in [" web", "web ", "web\n", "\u{a0}web"] {
            assert_eq!(name(wrong), Err(ValueError::BlankEnds), "{wrong:?}");
        }
        assert_eq!(name(" \t"), Err(ValueError::Blank));
        assert_eq!(name(&"x".repeat(256)), Err(ValueError::TooLong));
    }

    #[test]
    fn a_name_has_only_what_prints() {
        for good in ["web 1", "é東京", "naïve\u{a0}x", "☺"] {
            assert_eq!(name(good), Ok(Arc::from(good)), "{good:?}");
        }
        for wrong in [
            "🙂",
            "a\0",
            "a\nb",
            "a\u{1b}[31m",
            "a\u{202e}b",
            "a\u{200b}b",
            "a\u{2028}b",
            "\u{e000}",
        ] {
            assert_eq!(name(wrong), Err(ValueError::Unprintable), "{wrong:?}");
        }
    }

    #[test]
    fn tags_hostnames_and_user_data_are_what_they_should_be() {
        assert_eq!(check_tag("blue"), Ok(()));
        assert_eq!(check_tag(""), Err(ValueError::TagLength));
        assert_eq!(check_tag("a,b"), Err(ValueError::TagSeparator));
        for good in ["a-1.example", "a_b.", "-"] {
            assert_eq!(check_hostname(good), Ok(()), "{good}");
        }
        for wrong in ["", "a b", "é", "a/b"] {
            assert_eq!(check_hostname(wrong), Err(ValueError::Hostname), "{wrong}");
        }
        assert_eq!(check_hostname_label("a-1"), Ok(()));
        for wrong in ["", "a", "-a", "a-", "a.b", "a_b"] {
            assert_eq!(check_hostname_label(wrong), Err(ValueError::Hostname), "{wrong}");
        }
        assert_eq!(check_metadata_name("a-Z_0:. b"), Ok(()));
        for wrong in ["", "a/b", "é", "a\tb"] {
            assert_eq!(check_metadata_name(wrong), Err(ValueError::MetadataName), "{wrong:?}");
        }
    }

    #[test]
    fn base64_may_be_broken_into_lines() {
        for good in ["aGVsbG8=", "aGVs\nbG8=\n", " aG Vs-bG8=", "aGVsbG8=aaaaa", "aGVsbG9="] {
            assert_eq!(base64(good).as_deref(), Ok(&b"hello"[..]), "{good:?}");
        }
        for empty in ["", " ", "\n", "==="] {
            assert_eq!(base64(empty).as_deref(), Ok(&b""[..]), "{empty:?}");
        }
        for wrong in ["hello", "aGVsbG8", "a", "ab", "a===", "aGVsbG8=é", "\u{a0}"] {
            assert_eq!(base64(wrong), Err(ValueError::Base64), "{wrong:?}");
        }
    }
}
