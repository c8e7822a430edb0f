//! From what was typed to the flags, with help and errors in the reader's language.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches as _};
use guichet_locale::Locale;

use super::errors;
use super::french;
use super::{Cli, LangArg};

/// Why there are no flags: what was typed is wrong, or asked for the help.
pub(crate) struct Unparsed {
    /// What is still to be said; nothing if clap has said it.
    pub(crate) message: Option<String>,
    /// How the program ends.
    pub(crate) code: ExitCode,
}

/// Parses what was typed; prints the help if that is asked for.
pub(crate) fn parsed(typed: Vec<OsString>) -> Result<(Cli, Locale), Unparsed> {
    let locale = language(&typed).unwrap_or_else(Locale::of_environment);
    let (command, typed) = match locale {
        Locale::English => (Cli::command(), typed),
        Locale::French => (french::translated(Cli::command()), french::help_asked(typed)),
    };
    let matches = command.try_get_matches_from(typed);
    match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => {
            let locale = cli.lang.map_or(locale, LangArg::locale);
            Ok((cli, locale))
        }
        Err(error) => {
            let message = errors::message(&error, locale);
            if message.is_none() {
                // Nobody reading it is no reason to fail.
                drop(error.print());
            }
            // 0 for the help, 2 for what is wrong.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            Err(Unparsed { message, code: code.into() })
        }
    }
}

/// The language that `--lang` names, looked for before anything else is read: what is wrong with
/// the rest is said in it.
fn language(typed: &[OsString]) -> Option<Locale> {
    let mut words = typed.iter().skip(1).filter_map(|word| word.to_str());
    while let Some(word) = words.next() {
        match word.split_once('=') {
            _ if word == "--" => return None,
            Some(("--lang", value)) => return Locale::named(value),
            None if word == "--lang" => return words.next().and_then(Locale::named),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_known_before_the_rest() {
        for (typed, locale) in [
            ("guichet simulate --lang fr", Some(Locale::French)),
            ("guichet --lang=en race --nonsense", Some(Locale::English)),
            ("guichet simulate", None),
            ("guichet tp check -- --lang fr", None),
            ("guichet --lang", None),
        ] {
            let typed: Vec<OsString> = typed.split(' ').map(OsString::from).collect();
            assert_eq!(language(&typed), locale, "{typed:?}");
        }
    }
}
