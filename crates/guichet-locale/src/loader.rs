//! The messages of each language, read from the files that are built in.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent::FluentValue;
use fluent::types::{FluentNumber, FluentNumberOptions};
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed::{I18nAssets, LanguageLoader as _};
use intl_memoizer::concurrent::IntlLangMemoizer;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use unic_langid::LanguageIdentifier;

use crate::locale::Locale;

/// The files, under the names that `i18n.toml` says, as the build script compresses them.
const FILES: [(&str, &[u8]); 2] = [
    ("en/guichet.ftl", include_bytes!(concat!(env!("OUT_DIR"), "/en.zlib"))),
    ("fr/guichet.ftl", include_bytes!(concat!(env!("OUT_DIR"), "/fr.zlib"))),
];
/// What a file may have when it is taken out of that, in bytes: the larger one has 170 kB.
const FILE_BYTES_MAX: usize = 1 << 20;

struct Files;

impl I18nAssets for Files {
    fn get_files(&self, path: &str) -> Vec<Cow<'_, [u8]>> {
        let file = FILES.iter().find(|(name, _)| *name == path);
        // That they can be taken out is tested.
        let text = file.and_then(|(_, compressed)| {
            decompress_to_vec_zlib_with_limit(compressed, FILE_BYTES_MAX).ok()
        });
        text.into_iter().map(Cow::Owned).collect()
    }

    fn filenames_iter(&self) -> Box<dyn Iterator<Item = String> + '_> {
        Box::new(FILES.iter().map(|(name, _)| (*name).to_owned()))
    }
}

/// The name of a language's file.
const DOMAIN: &str = "guichet";

static ENGLISH: LazyLock<FluentLanguageLoader> = LazyLock::new(|| load(Locale::English));
static FRENCH: LazyLock<FluentLanguageLoader> = LazyLock::new(|| load(Locale::French));

impl Locale {
    /// Its messages; for [`text!`](crate::text).
    #[doc(hidden)]
    pub fn messages(self) -> &'static FluentLanguageLoader {
        match self {
            Self::English => &ENGLISH,
            Self::French => &FRENCH,
        }
    }

    /// A message by an id that is known only when the program runs, if there is one: the help of
    /// a flag.
    pub fn find(self, id: &str) -> Option<String> {
        let messages = self.messages();
        messages.has(id).then(|| messages.get(id))
    }
}

/// Reads a language's file. What it lacks is said in English, with the arguments it has.
fn load(locale: Locale) -> FluentLanguageLoader {
    let identifier = |locale: Locale| -> LanguageIdentifier {
        // The codes of `Locale` are identifiers, which a test checks.
        locale.code().parse().unwrap_or_default()
    };
    let loader = FluentLanguageLoader::new(DOMAIN, identifier(Locale::English));
    // Both files are built in; the tests read them.
    let _ = loader.load_languages(&Files, &[identifier(locale)]);
    // No marks around what is filled in: both languages are written from left to right.
    loader.set_use_isolating(false);
    let format: fn(&FluentValue<'_>, &IntlLangMemoizer) -> Option<String> = match locale {
        Locale::English => |value, _| written(Locale::English, value),
        Locale::French => |value, _| written(Locale::French, value),
    };
    loader.with_bundles_mut(|bundle| bundle.set_formatter(Some(format)));
    loader
}

/// A count whose thousands do not stand apart in a message, such as one that is searched for or
/// copied; it chooses the plural all the same.
pub fn digits(count: u64) -> FluentValue<'static> {
    let options = FluentNumberOptions { use_grouping: false, ..FluentNumberOptions::default() };
    FluentValue::Number(FluentNumber::new(count as f64, options))
}

/// A number as a message shows it: a count with its thousands apart.
fn written(locale: Locale, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) if number.options.use_grouping => {
            Some(locale.decimal(&number.as_string()))
        }
        _ => None,
    }
}
