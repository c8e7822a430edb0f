//! Both files have the same messages, and numbers are written as people write them.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

use super::*;

const FILES: [&str; 2] =
    [include_str!("../i18n/en/guichet.ftl"), include_str!("../i18n/fr/guichet.ftl")];

/// Arguments of each message.
type Messages = BTreeMap<String, BTreeSet<String>>;

/// Adds the arguments that a pattern names.
fn arguments(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            in_expression(expression, found);
        }
    }
}

fn in_expression(expression: &Expression<&str>, found: &mut BTreeSet<String>) {
    let inline = match expression {
        Expression::Inline(inline) => inline,
        Expression::Select { selector, variants } => {
            for variant in variants {
                arguments(&variant.value, found);
            }
            selector
        }
    };
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => in_expression(expression, found),
        _ => {}
    }
}

fn messages(text: &str) -> Messages {
    let resource = parser::parse(text).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
    let mut messages = Messages::new();
    for entry in &resource.body {
        if let Entry::Message(message) = entry {
            let mut found = BTreeSet::new();
            arguments(message.value.as_ref().expect("a text"), &mut found);
            let twice = messages.insert(message.id.name.to_owned(), found);
            assert_eq!(twice, None, "{} stands twice", message.id.name);
        }
    }
    messages
}

/// The French text of a flag's help; the English one stands beside the flag.
const HELP: &str = "help-";

#[test]
fn both_files_have_the_same_messages_with_the_same_arguments() {
    let [english, mut french] = FILES.map(messages);
    french.retain(|id, _| !id.starts_with(HELP));
    assert!(english.len() > 2);
    assert_eq!(english, french);
}

#[test]
fn french_stands_as_it_is_printed() {
    for (number, line) in FILES[1].lines().enumerate() {
        if line.starts_with('#') || !line.contains('=') && !line.starts_with(' ') {
            continue;
        }
        let text = line.split_once(" = ").map_or(line, |(_, text)| text);
        for mark in [" :", " ;", " !", " ?", " %", "« ", " »", "'"] {
            assert!(
                !text.contains(mark),
                "line {}: {mark:?} wants a no-break space or ’: {line}",
                number + 1
            );
        }
    }
}

#[test]
fn a_locale_is_known_by_its_name() {
    for (name, locale) in [
        ("fr", Some(Locale::French)),
        ("fr_FR.UTF-8", Some(Locale::French)),
        ("FR-ca", Some(Locale::French)),
        ("en_GB", Some(Locale::English)),
        ("C.UTF-8", None),
        ("frp", None),
        ("", None),
    ] {
        assert_eq!(Locale::named(name), locale, "{name}");
    }
}

#[test]
fn numbers_are_grouped() {
    for (number, english, french) in [
        (0u64, "0", "0"),
        (999, "999", "999"),
        (1_000, "1,000", "1\u{202f}000"),
        (1_234_567, "1,234,567", "1\u{202f}234\u{202f}567"),
    ] {
        assert_eq!(Locale::English.grouped(number), english);
        assert_eq!(Locale::French.grouped(number), french);
    }
    assert_eq!(Locale::English.grouped(u128::MAX).matches(',').count(), 12);
}

#[test]
fn measured_values_have_the_digits_that_matter() {
    let english = Locale::English;
    let counts = [0.4, 999.6, 1_234.0, 1_234_567.0].map(|value| english.rounded(value));
    assert_eq!(counts, ["0", "1,000", "1,234", "1,234,567"]);
    let measured = [0.0, 0.00002, 0.0021, 0.021, 0.123, 12.34, 123.4];
    let figures = measured.map(|value| english.figure(value));
    assert_eq!(figures, ["0", "2.0e-5", "0.0021", "0.021", "0.12", "12.3", "123"]);
    let figures = measured.map(|value| Locale::French.figure(value));
    assert_eq!(figures, ["0", "2,0e-5", "0,0021", "0,021", "0,12", "12,3", "123"]);
}

#[test]
fn times_are_easy_to_read() {
    for (us, english, french) in [
        (0, "0 µs", "0\u{a0}µs"),
        (999, "999 µs", "999\u{a0}µs"),
        (1_500, "1.50 ms", "1,50\u{a0}ms"),
        (15_000, "15.0 ms", "15,0\u{a0}ms"),
        (999_949, "1,000 ms", "1\u{202f}000\u{a0}ms"),
        (12_345_678, "12.3 s", "12,3\u{a0}s"),
        (130_000_000, "2.17 min", "2,17\u{a0}min"),
        (4 * 3_600_000_000, "4.00 h", "4,00\u{a0}h"),
        (149 * 86_400_000_000, "149 days", "149\u{a0}jours"),
    ] {
        assert_eq!(Locale::English.time_us(us), english);
        assert_eq!(Locale::French.time_us(us), french);
    }
    assert_eq!(Locale::French.span_s(1.5 * 86_400.0), "1,5\u{a0}jour");
    assert_eq!(Locale::French.span_s(2.0 * 86_400.0), "2,0\u{a0}jours");
    assert_eq!(Locale::French.percent(0.5), "50\u{a0}%");
    assert_eq!(Locale::French.times(16.4), "16,4\u{a0}fois");
}

#[test]
fn words_in_a_row_are_joined() {
    let words = ["a", "b", "c"].map(str::to_owned);
    assert_eq!(Locale::English.listed(&words), "a, b and c");
    assert_eq!(Locale::French.listed(&words), "a, b et c");
    assert_eq!(Locale::French.listed(&words[..1]), "a");
    assert_eq!(Locale::French.listed(&[]), "");
}
