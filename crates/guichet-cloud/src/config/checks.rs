//! What is checked of many fields in the same way: names, numbers of entries, that a name is there
//! once.

use std::collections::HashSet;
use std::sync::Arc;

use guichet_core::limits;

use super::document::Text;
use super::mistake::Mistake;

/// What was read, or the mistake in it.
pub(super) type Checked<T> = Result<T, Mistake>;

/// A name: something to see, nothing that breaks a line, and of a length that fits every table.
pub(super) fn name(field: &str, text: &Text) -> Checked<Arc<str>> {
    let (name, span) = (text.get_ref(), text.span());
    let sound = !name.trim().is_empty()
        && name.chars().count() <= limits::NAME_MAX
        && !name.chars().any(char::is_control);
    if sound {
        return Ok(Arc::from(name.as_str()));
    }
    let most = limits::NAME_MAX;
    let expected = format!("expected 1 to {most} characters, not all blank, no control characters");
    Err(Mistake::at(&span, format!("`{field}` is no name, {expected}")))
}

/// Refuses the second of a kind by the same name or id.
pub(super) fn once(
    kind: &str,
    seen: &mut HashSet<Arc<str>>,
    what: &Arc<str>,
    text: &Text,
) -> Checked<()> {
    if seen.insert(Arc::clone(what)) {
        return Ok(());
    }
    Err(Mistake::at(&text.span(), format!("the {kind} `{what}` is declared twice, expected once")))
}

/// Refuses a list that is empty where it must not be, or too long.
pub(super) fn counted<T>(kind: &str, list: &[T], min: usize, max: usize) -> Checked<()> {
    if (min..=max).contains(&list.len()) {
        return Ok(());
    }
    let problem = format!("{} sections `[[{kind}]]`, expected {min} to {max} of them", list.len());
    Err(Mistake::at(&(0..0), problem))
}

/// The text of a field that may be left out.
pub(super) fn text(field: Option<&Text>) -> Option<String> {
    field.map(|text| text.get_ref().clone())
}
