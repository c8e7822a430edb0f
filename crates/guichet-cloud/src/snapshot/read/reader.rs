//! What rows are read with.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use guichet_core::limits;
use guichet_core::limits::NUMBER_MAX;
use guichet_core::server::Size;
use guichet_core::time::Timestamp;

use crate::plain;
use crate::snapshot::names::Names;

/// What rows are read with.
pub(super) struct Reader<'a> {
    pub(super) names: Names<'a>,
    /// The sizes of flavors among the records, by number.
    pub(super) flavors: HashMap<u32, Size>,
    /// The numbers of images among them.
    pub(super) images: HashSet<u32>,
    /// What stamps are that are left out.
    pub(super) at: Timestamp,
}

/// A text of at most so many characters, and at least one.
pub(super) fn short(field: &str, text: &str, most: usize) -> Result<Arc<str>, String> {
    if text.is_empty() || text.chars().count() > most {
        return Err(format!("{field}: expected 1 to {most} characters"));
    }
    Ok(Arc::from(text))
}

/// A size that a flavor may have.
pub(super) fn size(field: &str, size: Size) -> Result<Size, String> {
    let is_sound = |number: u32| (1..=NUMBER_MAX).contains(&u64::from(number));
    if is_sound(size.vcpus) && is_sound(size.ram_mib) {
        return Ok(size);
    }
    let Size { vcpus, ram_mib } = size;
    Err(format!(
        "{field}: found {vcpus} vcpus and {ram_mib} MiB, expected 1 to {NUMBER_MAX} of each"
    ))
}

/// A number of GiB or MiB that a flavor or an image may have.
pub(super) fn number(field: &str, number: u32) -> Result<(), String> {
    if u64::from(number) > NUMBER_MAX {
        return Err(format!("{field}: found {number}, expected 0 to {NUMBER_MAX}"));
    }
    Ok(())
}

/// What the library says of a place in a text, in plain words, and not at more length than is read.
pub(super) fn said(path: &str, error: &serde_json::Error) -> String {
    let said = error.to_string();
    // Lines count where a text is no JSON; else the place has a name.
    let said = match said.rsplit_once(" at line ") {
        Some((said, _)) if error.is_data() => said,
        _ => &said,
    };
    let said = match error.is_data() {
        true => plain::sentence(path, said),
        false => format!("it is no JSON: {said}"),
    };
    said.trim_end_matches('.').chars().take(limits::PROBLEM_TEXT_MAX).collect()
}
