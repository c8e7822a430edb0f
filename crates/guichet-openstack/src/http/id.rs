//! Ids as Keystone makes them: 32 hexadecimal digits.

/// Whether a text looks like an id of Identity.
pub fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_32_digits() {
        assert!(is_id("0123456789abcdefABCDEF0123456789"));
        for text in ["", "0123456789abcdef", "0123456789abcdef0123456789abcdeg"] {
            assert!(!is_id(text), "{text}");
        }
    }
}
