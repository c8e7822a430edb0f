//! Lists of `name=value`, which several options are written as.

use crate::trace::input::InputError;

/// The parts of a list `name=value,…`: each with its number from 1, its name and its value, where
/// spaces do not count. An error says which part is none.
pub(super) fn pairs<'t>(
    text: &'t str,
    example: &'static str,
) -> impl Iterator<Item = Result<(&'t str, &'t str), InputError>> {
    text.split(',').enumerate().map(move |(before, part)| {
        let (name, value) = part.split_once('=').ok_or_else(|| {
            let part_number = format!("part {}", before + 1);
            InputError::value(part_number, part, "NAME=NUMBER", example)
        })?;
        Ok((name.trim(), value.trim()))
    })
}
