//! How a mistake in a profile is shown: position, line and what is wrong, at a length one can read
//! and without what a terminal would obey.

use guichet_core::limits;

/// The longest line that is shown, in characters. A trace may be one line of a megabyte.
const LINE_MAX: usize = 160;

/// What is wrong with `text`, with line and column.
pub(super) fn shown(mut error: toml::de::Error, text: &str) -> String {
    let start = error.span().and_then(|span| text.get(..span.start));
    let message = match start {
        Some(before) if line_length(before, text) > LINE_MAX => {
            // Without its input the error shows the path of keys in place of the line.
            error.set_input(None);
            let line = 1 + before.matches('\n').count();
            let column = 1 + last_line(before).chars().count();
            format!("TOML parse error at line {line}, column {column}\n{error}")
        }
        _ => error.to_string(),
    };
    let mut shown = String::new();
    for (count, character) in message.trim_end().chars().enumerate() {
        match character {
            _ if count == limits::PROBLEM_TEXT_MAX => {
                shown.push('…');
                break;
            }
            '\n' | '\t' => shown.push(character),
            '\r' => {}
            _ if character.is_control() => shown.push(char::REPLACEMENT_CHARACTER),
            _ => shown.push(character),
        }
    }
    shown
}

fn last_line(text: &str) -> &str {
    text.rsplit('\n').next().unwrap_or_default()
}

/// Characters of the line that `before`, the beginning of `text`, ends in.
fn line_length(before: &str, text: &str) -> usize {
    let behind = text[before.len()..].split('\n').next().unwrap_or_default();
    last_line(before).chars().count() + behind.chars().count()
}
