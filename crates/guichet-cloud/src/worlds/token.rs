//! Control tokens: what lets somebody reset and end a world.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::random::random_text;

/// Bytes of a drawn token: nobody guesses them.
const TOKEN_BYTES: usize = 24;

/// A control token's text. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct ControlToken(String);

impl ControlToken {
    /// One that was chosen.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Draws one.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn draw() -> Result<Self, getrandom::Error> {
        random_text::<TOKEN_BYTES>().map(Self)
    }

    /// Its text, to be shown once.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What is remembered of it. Whoever compares digests tells nobody how much of a guess was
    /// right.
    pub fn digest(&self) -> TokenDigest {
        TokenDigest(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl fmt::Debug for ControlToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ControlToken(…)")
    }
}

/// What is remembered of a control token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenDigest([u8; 32]);
