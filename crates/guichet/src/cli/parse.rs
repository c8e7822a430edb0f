//! From what was typed to the flags, with help and errors in the reader's language.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::{Command, CommandFactory, FromArgMatches as _};
use guichet_cloud::config::ConfigError;
use guichet_locale::{Locale, text};

use super::effective;
use super::errors;
use super::french;
use super::service_table;
use super::{Cli, ConfigArgs, ConfigCommand, LangArg, ServeArgs};

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
    match configured(command, typed) {
        Ok(cli) => {
            let locale = cli.lang.map_or(locale, LangArg::locale);
            Ok((cli, locale))
        }
        Err(Wrong::File(error)) => {
            let what = format!("--config: {error}");
            let message = Some(text!(locale, "error", what = what));
            Err(Unparsed { message, code: 2.into() })
        }
        Err(Wrong::Typed(error)) => {
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

/// Where the mistake is.
enum Wrong {
    Typed(clap::Error),
    File(ConfigError),
}

impl From<clap::Error> for Wrong {
    fn from(error: clap::Error) -> Self {
        Self::Typed(error)
    }
}

/// Parses what was typed; what a configuration says of flags of `serve` is their default.
fn configured(command: Command, typed: Vec<OsString>) -> Result<Cli, Wrong> {
    let matches = command.clone().try_get_matches_from(typed.clone())?;
    let mut cli = Cli::from_arg_matches(&matches)?;
    let Some(args) = serve_args(&mut cli) else { return Ok(cli) };
    let serve = command.find_subcommand("serve").cloned().unwrap_or_default();
    let from_file = match &args.cloud.config {
        Some(path) => service_table::read(path, &serve).map_err(Wrong::File)?,
        None => Vec::new(),
    };
    let defaults = |serve| service_table::with_defaults(serve, &from_file);
    let command = command
        .mut_subcommand("serve", defaults)
        .mut_subcommand("config", |config| config.mut_subcommand("show", defaults));
    let matches = command.try_get_matches_from(typed)?;
    let mut cli = Cli::from_arg_matches(&matches)?;
    let (_, mut of_serve) = matches.subcommand().unwrap_or(("", &matches));
    if let Some((_, below)) = of_serve.subcommand() {
        of_serve = below;
    }
    if let Some(args) = serve_args(&mut cli) {
        args.effective = effective::effective(&serve, of_serve, &from_file);
    }
    Ok(cli)
}

/// Whether a configuration's table `[service]` is sound.
///
/// # Errors
/// Any [`ConfigError`].
pub(crate) fn check_service_table(path: &Path) -> Result<(), ConfigError> {
    service_table::read(path, &serve_command()).map(drop)
}

/// The table `[service]` as it is if a configuration has none, each line a comment.
pub(crate) fn service_table_text() -> String {
    service_table::text(&serve_command())
}

fn serve_command() -> Command {
    Cli::command().find_subcommand("serve").cloned().unwrap_or_default()
}

/// The flags of `serve`, if they were typed.
fn serve_args(cli: &mut Cli) -> Option<&mut ServeArgs> {
    match &mut cli.command {
        super::Command::Serve(args) => Some(args),
        super::Command::Config(ConfigArgs { command: ConfigCommand::Show(args) }) => Some(args),
        _ => None,
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
