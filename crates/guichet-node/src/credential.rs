//! What the nodes of one cloud know each other by.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use subtle::ConstantTimeEq as _;

/// Bytes of a credential: nobody guesses them.
const BYTES: usize = 32;

/// What a request must have with it to be taken for one that another node passed on. Each node draws one
/// when it starts, and writes it into the database when it leads: who reads it there is a node. It is
/// never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential(Arc<str>);

impl Credential {
    /// Draws one.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn draw() -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()))
    }

    /// One that a node has drawn; empty: the node is of a version that has none.
    pub fn new(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether this is it. How long it takes says nothing of how much of a guess was right.
    pub(crate) fn is(&self, given: &HeaderValue) -> bool {
        !self.0.is_empty() && bool::from(self.0.as_bytes().ct_eq(given.as_bytes()))
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_itself_alone_and_never_shown() {
        let (one, other) = (Credential::draw().unwrap(), Credential::draw().unwrap());
        let header = |credential: &Credential| HeaderValue::from_str(credential.text()).unwrap();
        assert!(one.is(&header(&one)));
        assert!(!one.is(&header(&other)));
        assert!(!one.is(&HeaderValue::from_static("")));
        assert!(!Credential::new("").is(&HeaderValue::from_static("")));
        assert!(!format!("{one:?}").contains(one.text()));
    }
}
