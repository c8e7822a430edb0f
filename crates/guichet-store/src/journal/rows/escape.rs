//! Texts for a database that has no character 0 in them: that one, and the mark itself, stand there
//! as a mark and a digit.

/// A character that is for private use, which nobody writes.
pub(crate) const MARK: &str = "\u{F0000}";

/// A text as it is written, if it has to be another one.
#[cfg(feature = "postgres")]
pub(crate) fn escaped(text: &str) -> Option<String> {
    let is_to_be = text.contains('\0') || text.contains(MARK);
    is_to_be.then(|| text.replace(MARK, "\u{F0000}1").replace('\0', "\u{F0000}0"))
}

/// A text as it was before.
pub(crate) fn unescaped(text: &str) -> String {
    text.replace("\u{F0000}0", "\0").replace("\u{F0000}1", MARK)
}

#[cfg(all(test, feature = "postgres"))]
mod tests {
    use super::*;

    #[test]
    fn any_text_comes_back() {
        for text in ["\0", "a\0b", MARK, "\u{F0000}0", "\u{F0000}1\0", "\u{F0000}\u{F0000}0\0\0"] {
            let written = escaped(text).expect("it has to be escaped");
            assert!(!written.contains('\0'), "{written:?}");
            assert_eq!(unescaped(&written), text);
        }
        assert_eq!(escaped("na\u{ef}ve"), None);
    }
}
