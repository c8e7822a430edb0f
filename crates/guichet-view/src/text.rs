//! Text as people read it: paragraphs in lines, and foreign text in a message, cut
//! short and safe for a terminal.

use guichet_locale::Locale;

/// The width of a line of text, in characters.
pub const LINE_WIDTH: usize = 100;

/// How much of a foreign text a message shows, in characters: enough to recognise it by.
const QUOTED_MAX: usize = 60;

/// A paragraph as lines no wider than `LINE_WIDTH`, where words allow it; those after the first
/// begin with `indent` spaces.
pub fn wrapped(text: &str, indent: usize) -> Vec<String> {
    wrapped_to(text, indent, LINE_WIDTH)
}

/// A paragraph as lines no wider than `width`, where words allow it; those after the first begin
/// with `indent` spaces.
pub fn wrapped_to(text: &str, indent: usize, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let wide = line.chars().count() + 1 + word.chars().count() > width;
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

/// A foreign text as a message shows it: in quotes, control characters escaped, at most
/// `QUOTED_MAX` characters of it.
pub fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED_MAX) {
        None => format!("{text:?}"),
        Some((end, _)) => {
            format!("{:?}… ({} bytes)", &text[..end], Locale::English.grouped(text.len() as u64))
        }
    }
}

/// A name (of a file, say) as messages show it: as it is, except that control characters are
/// escaped, so that the message stays one line.
pub fn on_one_line(name: &str) -> String {
    let mut shown = String::with_capacity(name.len());
    for character in name.chars() {
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_narrow_and_keep_every_word() {
        let text = "some words and a longer one ".repeat(30).trim_end().to_owned();
        let lines = wrapped(&text, 2);
        assert!(lines.iter().all(|line| line.chars().count() <= LINE_WIDTH));
        assert!(lines[1..].iter().all(|line| line.starts_with("  some") || line.starts_with("  ")));
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&lines.join(" ")), words(&text));
        let long = "x".repeat(300);
        assert_eq!(wrapped(&long, 0).concat(), long);
    }

    #[test]
    fn foreign_text_is_shown_on_one_line() {
        assert_eq!(quoted("a\"\n\u{202E}"), "\"a\\\"\\n\\u{202e}\"");
        assert_eq!(quoted(&"é".repeat(60)), format!("\"{}\"", "é".repeat(60)));
        assert_eq!(quoted(&"é".repeat(61)), format!("\"{}\"… (122 bytes)", "é".repeat(60)));
        assert_eq!(on_one_line("a\nb é.csv"), "a\\nb é.csv");
    }
}
