//! Lists of `name=value`, which several options are written as.

use guichet_locale::{Message, digits, text};

use crate::trace::input::{InputError, words};

/// The parts of a list `name=value,…`: each with its number from 1, its name and its value, where
/// spaces do not count. An error says which part is none.
pub(super) fn pairs<'t>(
    text: &'t str,
    example: &'static str,
) -> impl Iterator<Item = Result<(&'t str, &'t str), InputError>> {
    text.split(',').enumerate().map(move |(before, part)| {
        let (name, value) = part.split_once('=').ok_or_else(|| {
            let what = Message::new(move |locale| {
                text!(locale, "input-part", number = digits(before as u64 + 1))
            });
            InputError::value(what, part, words::pair(), example)
        })?;
        Ok((name.trim(), value.trim()))
    })
}
