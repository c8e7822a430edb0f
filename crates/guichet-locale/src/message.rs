//! A message that is not yet in a language: an error of a parser, which does not know its reader.

use std::error::Error;
use std::fmt;

use crate::locale::Locale;

/// A message that says itself in each language; as text, in English.
pub struct Message(Box<dyn Fn(Locale) -> String + Send + Sync>);

impl Message {
    /// The message that this gives: `Message::new(move |locale| text!(locale, …))`.
    pub fn new(say: impl Fn(Locale) -> String + Send + Sync + 'static) -> Self {
        Self(Box::new(say))
    }

    /// The message in a language.
    pub fn text_in(&self, locale: Locale) -> String {
        (self.0)(locale)
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text_in(Locale::English))
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text_in(Locale::English))
    }
}

impl Error for Message {}
