//! Names as an index has them: most lie in the entry itself, so that comparing two reads no memory but
//! the index's own.

use std::cmp::Ordering;

use crate::server::ServerName;

/// The longest name that lies in its entry: then an entry has no gap.
const SHORT_MAX: usize = 22;

/// A name, in the order of its bytes, which is that of its characters.
#[derive(Debug, Clone)]
pub(super) enum Name {
    /// As many of these bytes.
    Short(u8, [u8; SHORT_MAX]),
    /// The server's own.
    Long(ServerName),
}

impl Name {
    /// The name as bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Short(len, bytes) => &bytes[..usize::from(*len)],
            Self::Long(name) => name.as_bytes(),
        }
    }
}

impl From<&ServerName> for Name {
    fn from(name: &ServerName) -> Self {
        let (own, mut bytes) = (name.as_bytes(), [0; SHORT_MAX]);
        match bytes.get_mut(..own.len()) {
            Some(start) => {
                start.copy_from_slice(own);
                Self::Short(own.len() as u8, bytes)
            }
            None => Self::Long(name.clone()),
        }
    }
}

/// Bytes as numbers whose order is theirs: a few comparisons instead of a call.
fn words(bytes: &[u8; SHORT_MAX]) -> [u64; 3] {
    // The last word has some bytes of the one before it, which are the same then.
    [0, 8, SHORT_MAX - 8].map(|at| {
        let mut word = [0; 8];
        word.copy_from_slice(&bytes[at..at + 8]);
        u64::from_be_bytes(word)
    })
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Name {}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            // What is behind a name is zero, so of two that are the same so far the shorter one is first.
            (Self::Short(len, one), Self::Short(other_len, other)) => {
                words(one).cmp(&words(other)).then(len.cmp(other_len))
            }
            _ => self.bytes().cmp(other.bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn names_are_in_the_order_of_texts(one in "[a-cé\0]{0,26}", other in "[a-cé\0]{0,26}") {
            let name = |text: &str| Name::from(&ServerName::from(text));
            prop_assert_eq!(name(&one).cmp(&name(&other)), one.cmp(&other));
            prop_assert_eq!(name(&one) == name(&other), one == other);
            prop_assert!(name(&one).bytes() == one.as_bytes());
        }
    }

    #[test]
    fn an_entry_has_no_gap() {
        assert_eq!(size_of::<Name>(), 24);
    }
}
