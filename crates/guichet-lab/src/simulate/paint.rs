//! Text in a colour.

use anstyle::{AnsiColor, Style};

/// A text in a colour, if there are any.
pub fn painted(text: &str, color: AnsiColor, has_color: bool) -> String {
    if !has_color {
        return text.to_owned();
    }
    let style = Style::new().fg_color(Some(color.into()));
    format!("{style}{text}{style:#}")
}
