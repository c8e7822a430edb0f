//! Text in columns.

/// Columns of a terminal.
pub(crate) const WIDTH: usize = 80;

/// A paragraph broken at spaces, but not at those that French has before its marks.
pub(crate) fn wrapped(text: &str, indent: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut current = indent.to_owned();
    let mut used = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        if used > 0 && indent.len() + used + 1 + length > width {
            lines.push(std::mem::replace(&mut current, indent.to_owned()));
            used = 0;
        }
        if used > 0 {
            current.push(' ');
            used += 1;
        }
        current.push_str(word);
        used += length;
    }
    lines.push(current);
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn a_paragraph_fits_its_width() {
        let lines = wrapped("un été très long à écrire", "  ", 12);
        assert_eq!(lines, ["  un été", "  très long", "  à écrire"]);
    }

    #[test]
    fn no_line_begins_with_a_mark() {
        let lines = wrapped("arrêté par --time\u{a0}: plus tard", "", 17);
        assert_eq!(lines, ["arrêté par", "--time\u{a0}: plus", "tard"]);
    }

    #[test]
    fn a_word_that_is_too_long_has_a_line_of_its_own() {
        assert_eq!(wrapped("a bbbbbbbb c", "", 4), ["a", "bbbbbbbb", "c"]);
    }
}
