//! Truth values as words, in queries and bodies.

/// A truth value in any of the words of `oslo_utils.strutils.bool_from_string`.
pub fn truth(word: &str) -> Option<bool> {
    exactly(word.trim())
}

/// The same for a word that must have no blanks around it, as Nova's schemas of bodies want it.
pub fn exactly(word: &str) -> Option<bool> {
    let is_one_of = |words: &[&str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
    if is_one_of(&["1", "t", "true", "on", "y", "yes"]) {
        Some(true)
    } else if is_one_of(&["0", "f", "false", "off", "n", "no"]) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_case_are_truth_values_and_blanks_count_in_bodies_alone() {
        for (word, expected) in [("True", Some(true)), ("OFF", Some(false)), ("maybe", None)] {
            assert_eq!((truth(word), exactly(word)), (expected, expected), "{word}");
        }
        assert_eq!((truth(" yes "), exactly(" yes ")), (Some(true), None));
    }
}
