//! Name patterns: against a table, and against the plainest matcher there is.

use guichet_driver::profile::Pattern;
use proptest::prelude::*;

#[test]
fn star_is_any_characters_and_question_mark_is_one() {
    let fits = [
        ("*", ""),
        ("*", "anything"),
        ("web-*", "web-"),
        ("web-?", "web-7"),
        ("*-db-*", "eu-db-1-db-2"),
        ("a*b*c", "a-b-b-c"),
        ("???", "äöü"),
        ("**", ""),
        ("plain", "plain"),
        ("*.internal", "x.internal.internal"),
    ];
    for (pattern, name) in fits {
        assert!(Pattern::new(pattern).matches(name), "{pattern} fits {name}");
    }
    let misfits = [
        ("", "x"),
        ("?", ""),
        ("web-?", "web-17"),
        ("web-*", "my-web-1"),
        ("a*b*c", "a-c-b"),
        ("plain", "Plain"),
        ("x*", ""),
    ];
    for (pattern, name) in misfits {
        assert!(!Pattern::new(pattern).matches(name), "{pattern} does not fit {name}");
    }
}

#[test]
fn a_pattern_full_of_stars_ends_soon() {
    let pattern = Pattern::new(&"*a".repeat(120));
    assert!(!pattern.matches(&"a".repeat(119)));
    assert!(!pattern.matches(&format!("{}b", "a".repeat(254))));
    assert!(pattern.matches(&"a".repeat(255)));
}

/// Says the same by trying everything.
fn plainly(pattern: &[char], name: &[char]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some(('*', behind)), _) => (0..=name.len()).any(|taken| plainly(behind, &name[taken..])),
        (Some((wanted, behind)), Some((found, rest))) => {
            (*wanted == '?' || wanted == found) && plainly(behind, rest)
        }
        _ => false,
    }
}

proptest! {
    #[test]
    fn says_what_the_plainest_matcher_says(pattern in "[ab*?]{0,8}", name in "[ab]{0,10}") {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let expected = plainly(&chars(&pattern), &chars(&name));
        prop_assert_eq!(Pattern::new(&pattern).matches(&name), expected);
    }
}
