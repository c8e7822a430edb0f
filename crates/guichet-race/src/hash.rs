//! A quick hash for states, which are some hundred small numbers. It decides only where a state is
//! kept in the table of those seen: two that meet there are compared whole.

use std::hash::{BuildHasherDefault, Hasher};

/// Builds [`StateHasher`]s; the same in every process.
pub(crate) type StateHash = BuildHasherDefault<StateHasher>;

/// One multiplication and one rotation a number.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct StateHasher(u64);

impl Hasher for StateHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0u8; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_ne_bytes(word));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }

    fn write_u16(&mut self, value: u16) {
        self.write_u64(u64::from(value));
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(26) ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        // The upper bits are the well mixed ones, and the table looks at both ends.
        self.0 ^ (self.0 >> 32)
    }
}
