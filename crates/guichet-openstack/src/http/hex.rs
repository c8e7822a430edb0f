//! Hexadecimal: digests, and the ids that Keystone makes of 32 digits.

use std::fmt;

/// Bytes as they are written: two digits each.
#[derive(Debug, Clone, Copy)]
pub struct Hex<'a>(pub &'a [u8]);

/// Bytes written at a time: a digest's.
const BLOCK: usize = 32;

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        for block in self.0.chunks(BLOCK) {
            let mut text = [0; 2 * BLOCK];
            for (pair, byte) in text.chunks_exact_mut(2).zip(block) {
                let halves = [byte >> 4, byte & 15];
                pair.copy_from_slice(&halves.map(|half| DIGITS[usize::from(half)]));
            }
            // Digits are text.
            f.write_str(std::str::from_utf8(&text[..2 * block.len()]).unwrap_or(""))?;
        }
        Ok(())
    }
}

/// Whether a text looks like an id of Identity.
pub fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_any_number_are_written() {
        assert_eq!(Hex(&[]).to_string(), "");
        assert_eq!(Hex(&[0, 1, 0xab, 0xff]).to_string(), "0001abff");
        for length in [28, BLOCK, BLOCK + 1, 3 * BLOCK] {
            assert_eq!(Hex(&vec![0x5a; length]).to_string(), "5a".repeat(length));
        }
    }

    #[test]
    fn an_id_has_32_digits() {
        assert!(is_id("0123456789abcdefABCDEF0123456789"));
        for text in ["", "0123456789abcdef", "0123456789abcdef0123456789abcdeg"] {
            assert!(!is_id(text), "{text}");
        }
    }
}
