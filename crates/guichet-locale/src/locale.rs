//! The languages there are.

/// A language, and how numbers are written in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Locale {
    /// English.
    #[default]
    English,
    /// French.
    French,
}

impl Locale {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::French];

    /// Its code (ISO 639-1), as `--lang` and a page's `lang` spell it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    /// The language that a code or a locale's name begins with: `fr`, `fr_FR.UTF-8`, `fr-CA`.
    pub fn named(name: &str) -> Option<Self> {
        let language = name.split(['_', '-', '.', '@']).next()?;
        Self::ALL.into_iter().find(|locale| language.eq_ignore_ascii_case(locale.code()))
    }

    /// What whoever runs the program has chosen (`LC_ALL`, `LC_MESSAGES`, `LANG`, or the system's
    /// settings); English if it is neither.
    pub fn of_environment() -> Self {
        sys_locale::get_locale().and_then(|name| Self::named(&name)).unwrap_or_default()
    }
}
