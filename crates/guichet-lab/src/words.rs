//! Numbers in sentences, and sentences in lines.

/// The width of a line of text, in characters.
const LINE: usize = 100;

/// A number as people read it: 1,000,000.
pub(crate) fn grouped(number: impl Into<u128>) -> String {
    let digits = number.into().to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// A count with its noun.
pub(crate) fn counted(count: impl Into<u128>, noun: &str) -> String {
    let count = count.into();
    format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// A paragraph as lines no wider than [`LINE`], where words allow it; those after the first begin
/// with `indent` spaces.
pub(crate) fn wrapped(text: &str, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let wide = line.chars().count() + 1 + word.chars().count() > LINE;
        if wide && !line.trim().is_empty() {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
        } else if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::{LINE, counted, grouped, wrapped};

    #[test]
    fn numbers_are_grouped_and_counted() {
        assert_eq!(grouped(0u64), "0");
        assert_eq!(grouped(1_234_567u64), "1,234,567");
        assert_eq!(counted(1u64, "step"), "1 step");
        assert_eq!(counted(1_000u64, "step"), "1,000 steps");
    }

    #[test]
    fn lines_are_narrow_and_keep_every_word() {
        let text = "some words and a longer one ".repeat(30).trim_end().to_owned();
        let lines = wrapped(&text, 2);
        assert!(lines.iter().all(|line| line.chars().count() <= LINE));
        assert!(lines[1..].iter().all(|line| line.starts_with("  some") || line.starts_with("  ")));
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&lines.join(" ")), words(&text));
        let long = "x".repeat(300);
        assert_eq!(wrapped(&long, 0).concat(), long);
    }
}
