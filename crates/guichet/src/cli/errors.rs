//! What is wrong with what was typed, in French: clap says it in English only.

use std::error::Error as _;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use guichet_locale::{Locale, text};

use crate::cause;

/// The error in French; none for the help, which is printed as it is, and in English, which clap
/// writes itself.
pub(super) fn message(error: &Error, locale: Locale) -> Option<String> {
    let is_help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    if is_help || locale == Locale::English {
        return None;
    }
    let mut lines = vec![text!(locale, "error", what = sentence(error, locale))];
    if let Some(usage) = error.get(ContextKind::Usage).map(ToString::to_string) {
        let usage = usage.trim_start_matches("Usage:").trim().to_owned();
        if !usage.is_empty() {
            lines.extend([String::new(), text!(locale, "cli-usage", usage = usage)]);
        }
    }
    lines.extend([String::new(), text!(locale, "cli-more"), String::new()]);
    Some(lines.join("\n"))
}

fn sentence(error: &Error, locale: Locale) -> String {
    let arg = of(error, ContextKind::InvalidArg);
    let value = of(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => {
            text!(locale, "cli-error-no-value", arg = arg)
        }
        ErrorKind::InvalidValue => {
            let known = of(error, ContextKind::ValidValue);
            text!(locale, "cli-error-value", arg = arg, value = value, known = known)
        }
        ErrorKind::ValueValidation => {
            let why =
                error.source().map_or_else(String::new, |source| cause::in_words(source, locale));
            text!(locale, "cli-error-wrong", arg = arg, value = value, why = why)
        }
        // What begins without a dash is no flag.
        ErrorKind::UnknownArgument if !arg.starts_with('-') => {
            text!(locale, "cli-error-extra", arg = arg)
        }
        ErrorKind::UnknownArgument => {
            let suggested = of(error, ContextKind::SuggestedArg);
            similar(text!(locale, "cli-error-unknown", arg = arg), suggested, locale)
        }
        ErrorKind::InvalidSubcommand => {
            let typed = of(error, ContextKind::InvalidSubcommand);
            let suggested = of(error, ContextKind::SuggestedSubcommand);
            similar(text!(locale, "cli-error-command", command = typed), suggested, locale)
        }
        ErrorKind::ArgumentConflict => {
            let other = of(error, ContextKind::PriorArg);
            if arg.is_empty() {
                text!(locale, "cli-error-beside", other = other)
            } else if other.is_empty() || other == arg {
                text!(locale, "cli-error-twice", arg = arg)
            } else {
                text!(locale, "cli-error-conflict", arg = arg, other = other)
            }
        }
        ErrorKind::MissingRequiredArgument => text!(locale, "cli-error-missing", arg = arg),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            text!(locale, "cli-error-few", arg = arg)
        }
        ErrorKind::MissingSubcommand => text!(locale, "cli-error-no-command"),
        ErrorKind::InvalidUtf8 => text!(locale, "cli-error-utf8"),
        // What else there is has few words, and the usage below it.
        _ => text!(locale, "cli-error-other", arg = arg),
    }
}

fn similar(sentence: String, suggested: String, locale: Locale) -> String {
    if suggested.is_empty() {
        return sentence;
    }
    text!(locale, "cli-error-similar", sentence = sentence, suggested = suggested)
}

/// What clap knows of an error, as text.
fn of(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::{Cli, french};

    fn french_error(typed: &str) -> String {
        let command = french::translated(Cli::command());
        let error = command.try_get_matches_from(typed.split(' ')).expect_err("it is wrong");
        message(&error, Locale::French).expect("it is told").replace('\u{a0}', " ")
    }

    #[test]
    fn what_is_wrong_is_said_in_french() {
        for (typed, said) in [
            (
                "guichet simulte",
                "erreur : il n’y a pas de commande simulte ; vouliez-vous dire simulate ?",
            ),
            (
                "guichet simulate --cleints 3",
                "erreur : il n’y a pas d’option --cleints ; vouliez-vous dire --clients ?",
            ),
            (
                "guichet simulate --model thread",
                "erreur : --model <MODEL> : thread ne convient pas ; attendu : sequential, threads, pool, async",
            ),
            (
                "guichet simulate --clients 0",
                "erreur : --clients <N> : 0 ne convient pas : attendu : un nombre entier de 1 à ",
            ),
            (
                "guichet simulate --rate 5 --trace x",
                "erreur : --rate <PER_S> et --trace <FILE> ne vont pas ensemble",
            ),
            (
                "guichet simulate --mix create=0",
                "erreur : --mix <KIND=N,…> : create=0 ne convient pas : mélange : \"create=0\" trouvé ; attendu : au moins un poids supérieur à 0, par exemple create=5,",
            ),
            (
                "guichet simulate --quota x=1",
                "erreur : --quota <KIND=N,…> : x=1 ne convient pas : ressource : \"x\" trouvé",
            ),
            (
                "guichet simulate --duration 0s",
                "erreur : --duration <TIME> : 0s ne convient pas : durée : \"0s\" trouvé ; attendu : une durée supérieure à 0, par exemple 30s",
            ),
            (
                "guichet race --with mutex",
                "erreur : --with <semaphore=N> : mutex ne convient pas : attendu : semaphore=N, par exemple semaphore=2",
            ),
            (
                "guichet race --with semaphore=0",
                "erreur : --with <semaphore=N> : semaphore=0 ne convient pas : jetons : attendu : un nombre entier de 1 à ",
            ),
            (
                "guichet compare --cpu-share 2",
                "erreur : --cpu-share <SHARE> : 2 ne convient pas : attendu : un nombre décimal, avec un point, de 0 (les requêtes ne font qu’attendre) à 1 (elles ne font que calculer)",
            ),
            (
                "guichet serve --public-url x",
                "erreur : --public-url <URL> : x ne convient pas : attendu : une adresse comme https://cloud.example.org",
            ),
            ("guichet simulate extra", "erreur : extra est de trop"),
            ("guichet tp chek x", "erreur : "),
            ("guichet report a.json", "erreur : <RESULT> <RESULT>... : il manque une valeur"),
            ("guichet backup", "erreur : il manque --data <DIR|URL>, <DEST>"),
            ("guichet simulate --clients", "erreur : --clients <N> : il manque une valeur"),
        ] {
            let told = french_error(typed);
            assert!(told.starts_with(said), "{typed}: {told}");
            for word in ["Usage", "For more", "try", "expected", "found"] {
                assert!(!told.contains(word), "{word}: {told}");
            }
        }
    }

    #[test]
    fn the_help_is_no_error() {
        let command = french::translated(Cli::command());
        let error = command.try_get_matches_from(["guichet", "--help"]).unwrap_err();
        assert!(message(&error, Locale::French).is_none());
    }
}
