//! Bytes in hexadecimal, such as digests and ids.

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
}
