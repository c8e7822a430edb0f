//! Who reads what is printed.

use guichet_locale::Locale;

use crate::cli::ColorArg;

/// What a reader wants.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader {
    /// When there are colours.
    pub(crate) color: ColorArg,
    /// The language.
    pub(crate) locale: Locale,
}
