//! What the lab and the console say, in English and in French: messages, and numbers and times as people of either
//! language write them.
//!
//! Messages stand in one Fluent file a language, `i18n/en/guichet.ftl` and `i18n/fr/guichet.ftl`.
//! [`text!`] takes one by its id and fills it in; that there is such a message in English with such
//! arguments is checked while it is compiled, that the French file has the same ones by a test.
//! What programs read (JSON, codes of refusals, statuses) is the same in both.

/// A message in a locale: `text!(locale, "all-answered", count = sent, parts = listed)`. Numbers
/// are written as the locale does, and choose the plural. The crate that calls it has an
/// `i18n.toml`.
#[macro_export]
macro_rules! text {
    ($locale:expr, $id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::fl!($crate::Locale::messages($locale), $id $(, $name = $value)*)
    };
}

mod loader;
mod locale;
mod message;
mod number;
mod system;
#[cfg(test)]
mod tests;
mod times;
mod words;

/// What [`text!`] expands to.
#[doc(hidden)]
pub use i18n_embed_fl::fl;

pub use loader::digits;
pub use locale::Locale;
pub use message::Message;
pub use system::system_error;
pub use words::capitalised;
