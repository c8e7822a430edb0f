//! A text that is written no further than it may be long.

use std::io::{self, Write};

/// What is held of a text at first: most documents are no longer.
const AT_FIRST: usize = 64 * 1024;

/// A text of a bounded length.
pub(super) struct Bounded {
    text: Vec<u8>,
    most: usize,
}

impl Bounded {
    pub(super) const fn new(most: usize) -> Self {
        Self { text: Vec::new(), most }
    }

    /// What was written.
    pub(super) fn into_text(self) -> String {
        String::from_utf8(self.text).expect("JSON is UTF-8")
    }
}

impl Write for Bounded {
    /// Takes all of it, or says that the text would be too long: nothing of it is there then.
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        let (length, capacity) = (self.text.len() + more.len(), self.text.capacity());
        if length > self.most {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        if length > capacity {
            // Twice as much each time, as a text grows by itself, and never past the most.
            let grown = length.max(capacity * 2).max(AT_FIRST).min(self.most);
            self.text.reserve_exact(grown - self.text.len());
        }
        self.text.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_held_than_may_be_written() {
        let most = 1_000_000;
        let mut text = Bounded::new(most);
        let mut written = 0;
        while text.write_all(&[b'x'; 777]).is_ok() {
            written += 777;
            assert!(text.text.capacity() <= most, "{}", text.text.capacity());
        }
        assert_eq!(text.text.len(), written);
        assert!(written + 777 > most);
        // What fits is still taken.
        text.write_all(&vec![b'x'; most - written]).unwrap();
        assert_eq!(text.text.capacity(), most);
        assert_eq!(text.into_text().len(), most);
    }
}
