//! Truth values as words, in queries and bodies.

/// A truth value in any of the words of `oslo_utils.strutils.bool_from_string`.
pub fn truth(word: &str) -> Option<bool> {
    let word = word.trim();
    let is_one_of = |words: &[&str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
    if is_one_of(&["1", "t", "true", "on", "y", "yes"]) {
        Some(true)
    } else if is_one_of(&["0", "f", "false", "off", "n", "no"]) {
        Some(false)
    } else {
        None
    }
}

/// A truth value in the words that Nova's schemas of bodies have.
pub fn exactly(word: &str) -> Option<bool> {
    match word {
        "1" | "true" | "True" | "TRUE" | "on" | "On" | "ON" | "yes" | "Yes" | "YES" => Some(true),
        "0" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" | "no" | "No" | "NO" => {
            Some(false)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_take_words_in_any_case_and_with_blanks_and_bodies_a_few() {
        for (word, expected) in [("True", Some(true)), ("OFF", Some(false)), ("maybe", None)] {
            assert_eq!((truth(word), exactly(word)), (expected, expected), "{word}");
        }
        for word in [" yes ", "t", "tRuE", "y"] {
            assert_eq!((truth(word), exactly(word)), (Some(true), None), "{word}");
        }
    }
}
