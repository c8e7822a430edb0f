//! A server's name, which lies in its row if it is short, as most are.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// The longest name that lies in its row: then it takes no more of that than a pointer with a length.
const SHORT_MAX: usize = 14;

/// The name of a server. To copy a short one touches no other memory, and none is taken for it.
#[derive(Clone)]
pub struct ServerName(Text);

#[derive(Clone)]
enum Text {
    /// As many of these bytes, which are UTF-8; the others are zero.
    Short(u8, [u8; SHORT_MAX]),
    /// A pointer alone: the length is where the text is.
    Long(Arc<Box<str>>),
}

impl ServerName {
    /// The name as a text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            // It was a whole text when it was put there.
            Text::Short(..) => std::str::from_utf8(self.as_bytes()).unwrap_or_default(),
            Text::Long(text) => text,
        }
    }

    /// The name as bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Text::Short(len, bytes) => bytes.get(..usize::from(*len)).unwrap_or_default(),
            Text::Long(text) => text.as_bytes(),
        }
    }
}

impl From<&str> for ServerName {
    fn from(name: &str) -> Self {
        let mut bytes = [0; SHORT_MAX];
        Self(match bytes.get_mut(..name.len()) {
            Some(start) => {
                start.copy_from_slice(name.as_bytes());
                Text::Short(name.len() as u8, bytes)
            }
            None => Text::Long(Arc::new(Box::from(name))),
        })
    }
}

impl From<&Arc<str>> for ServerName {
    fn from(name: &Arc<str>) -> Self {
        Self::from(&**name)
    }
}

impl Deref for ServerName {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for ServerName {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Text::Short(len, one), Text::Short(other_len, other)) => {
                (len, one) == (other_len, other)
            }
            // Images of a server that follow each other mostly share it.
            (Text::Long(one), Text::Long(other)) => Arc::ptr_eq(one, other) || one == other,
            _ => false,
        }
    }
}

impl Eq for ServerName {}

impl PartialOrd for ServerName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ServerName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for ServerName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for ServerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for ServerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl Serialize for ServerName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_name_is_as_its_text_is(one in "[a-cé\0]{0,18}", other in "[a-cé\0]{0,18}") {
            let (name, next) = (ServerName::from(&*one), ServerName::from(&*other));
            prop_assert_eq!(name.as_str(), &*one);
            prop_assert_eq!(name.as_bytes(), one.as_bytes());
            prop_assert_eq!(name.cmp(&next), one.cmp(&other));
            prop_assert_eq!(name == next, one == other);
            prop_assert_eq!(&name, &ServerName::from(&*one));
            prop_assert_eq!((name.to_string(), format!("{name:?}")), (one.clone(), format!("{one:?}")));
        }
    }

    #[test]
    fn a_name_takes_no_more_of_a_row_than_a_pointer_with_a_length() {
        assert_eq!(size_of::<ServerName>(), 16);
        assert_eq!(size_of::<super::super::Server>(), 144);
    }
}
