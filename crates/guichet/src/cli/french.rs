//! The program's help in French: the texts of `i18n/fr/guichet.ftl` in place of those that stand
//! beside the flags.

use std::ffi::OsString;

use clap::builder::Styles;
use clap::{Arg, ArgAction, Command};
use guichet_locale::{Locale, text};

const LOCALE: Locale = Locale::French;

/// What clap says by itself, in French.
const TEMPLATE: &str = "\
{about-with-newline}
Utilisation\u{a0}: {usage}

{all-args}{after-help}";

/// The command with everything it says of itself in French.
pub(super) fn translated(command: Command) -> Command {
    let shown = command.disable_help_subcommand(true).disable_version_flag(true);
    let shown = shown.arg(
        Arg::new("version")
            .short('V')
            .long("version")
            .action(ArgAction::Version)
            .help_heading(find("cli-options"))
            .help(text!(LOCALE, "cli-version")),
    );
    named(shown, "help")
}

/// `guichet help COMMAND` as `guichet COMMAND --help`: clap's own command speaks English.
pub(super) fn help_asked(mut typed: Vec<OsString>) -> Vec<OsString> {
    let mut at = 1;
    while let Some(word) = typed.get(at).and_then(|word| word.to_str()) {
        match word {
            "help" => {
                typed.remove(at);
                typed.push("--help".into());
                break;
            }
            // Their values stand behind them.
            "--lang" | "--color" => at += 2,
            flag if flag.starts_with("--lang=") || flag.starts_with("--color=") => at += 1,
            _ => break,
        }
    }
    typed
}

/// A command and those below it. Its texts' ids begin with `id`.
fn named(command: Command, id: &str) -> Command {
    let about = find(&format!("{id}-about"));
    let after = LOCALE.find(&format!("{id}-after"));
    let mut shown = command
        .styles(Styles::styled())
        .help_template(TEMPLATE)
        .about(about.clone())
        .long_about(about)
        .subcommand_help_heading(text!(LOCALE, "cli-commands"))
        .disable_help_flag(true)
        .mut_args(|arg| of_arg(arg, id));
    if let Some(after) = after {
        shown = shown.after_help(after);
    }
    shown = shown.arg(
        Arg::new("help")
            .short('h')
            .long("help")
            .action(ArgAction::Help)
            .help_heading(find("cli-options"))
            .help(text!(LOCALE, "cli-help")),
    );
    shown.mut_subcommands(|below| {
        let id = format!("{id}-{}", below.get_name());
        if below.is_hide_set() { below } else { named(below, &id) }
    })
}

/// An argument with its help, and behind it what it is if nobody says.
fn of_arg(arg: Arg, id: &str) -> Arg {
    let name = arg.get_id().as_str().replace('_', "-");
    if name == "version" || name == "help" {
        return arg;
    }
    let mut help = find(&arg_id(id, &name));
    let defaults: Vec<_> = arg.get_default_values().iter().map(|it| it.to_string_lossy()).collect();
    if !defaults.is_empty() && !arg.is_hide_default_value_set() {
        help.push(' ');
        help += &text!(LOCALE, "cli-default", value = defaults.join(","));
    }
    if let Some(variable) = arg.get_env() {
        help.push(' ');
        help += &text!(LOCALE, "cli-env", name = variable.to_string_lossy().into_owned());
    }
    let heading = arg.get_help_heading().map(heading);
    let takes_value = arg.get_action().takes_values();
    let mut shown = arg.help(help);
    if takes_value {
        shown = shown.hide_default_value(true).hide_possible_values(true).hide_env(true);
    }
    let usual = if shown.is_positional() { "cli-arguments" } else { "cli-options" };
    shown.help_heading(heading.unwrap_or_else(|| find(usual)))
}

/// The id of an argument's text. What `config show` takes is what `serve` does.
fn arg_id(command: &str, name: &str) -> String {
    let command = if command == "help-config-show" { "help-serve" } else { command };
    format!("{command}-{name}")
}

fn heading(english: &str) -> String {
    find(&format!("help-heading-{}", english.to_lowercase().replace(' ', "-")))
}

/// A text of the file. That each is there, a test checks.
fn find(id: &str) -> String {
    LOCALE.find(id).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    /// The ids of all texts that the commands need.
    fn needed(command: &Command, id: &str, ids: &mut BTreeSet<String>) {
        ids.insert(format!("{id}-about"));
        if command.get_after_help().is_some() {
            ids.insert(format!("{id}-after"));
        }
        for arg in command.get_arguments() {
            ids.insert(arg_id(id, &arg.get_id().as_str().replace('_', "-")));
            if let Some(heading) = arg.get_help_heading() {
                let heading = heading.to_lowercase().replace(' ', "-");
                ids.insert(format!("help-heading-{heading}"));
            }
        }
        for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
            needed(below, &format!("{id}-{}", below.get_name()), ids);
        }
    }

    #[test]
    fn every_flag_is_explained_in_french_and_no_other() {
        let mut ids = BTreeSet::new();
        needed(&Cli::command(), "help", &mut ids);
        let missing: Vec<_> = ids.iter().filter(|id| LOCALE.find(id).is_none()).collect();
        assert!(missing.is_empty(), "{missing:#?}");
        let file = include_str!("../../../guichet-locale/i18n/fr/guichet.ftl");
        let there = file.lines().filter_map(|line| line.split_once(" = ")).map(|(id, _)| id);
        let left: Vec<_> =
            there.filter(|id| id.starts_with("help-") && !ids.contains(*id)).collect();
        assert!(left.is_empty(), "{left:#?}");
    }

    #[test]
    fn the_command_help_is_the_flag() {
        for (typed, asked) in [
            ("guichet help", "guichet --help"),
            ("guichet --lang fr help simulate", "guichet --lang fr simulate --help"),
            ("guichet tp check help", "guichet tp check help"),
            ("guichet", "guichet"),
        ] {
            let words = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
            assert_eq!(help_asked(words(typed)), words(asked), "{typed}");
        }
    }

    #[test]
    fn the_help_is_french_and_parses_the_same() {
        translated(Cli::command()).debug_assert();
        let mut shown = translated(Cli::command());
        let help = shown.render_long_help().to_string();
        for word in ["Usage", "Options:\n      --color <WHEN>  When", "Print", "default:"] {
            assert!(!help.contains(word), "{word}: {help}");
        }
        let simulate = shown.find_subcommand_mut("simulate").unwrap();
        let help = simulate.render_long_help().to_string().replace('\u{a0}', " ");
        assert!(help.contains("[par défaut : 64]") && help.contains("Charge :"), "{help}");
        let args = ["guichet", "simulate", "--clients", "3"];
        let matches = shown.try_get_matches_from(args).unwrap();
        let (_, simulate) = matches.subcommand().unwrap();
        assert_eq!(simulate.get_one::<u64>("clients"), Some(&3));
    }
}
