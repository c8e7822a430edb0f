//! The table `[service]` of a configuration: flags of `serve` that the file says instead.
//!
//! ```text
//! flag ─▶ environment ─▶ [service] ─▶ what the program has
//! ```
//!
//! A key is a flag's name with `_` for `-`. Its value is looked at by the flag's own reader, and is
//! the flag's default from then on: whoever types the flag, or sets its variable, says otherwise.

use std::collections::BTreeMap;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};
use guichet_cloud::config::{ConfigError, Mistake, read_text};
use guichet_locale::Locale;
use serde::Deserialize;
use toml::{Spanned, Value};

use crate::cause;

/// Flags that this table cannot say: which file it is, what is for one start alone, and what has a
/// place of its own in the file.
const NOT_IN_FILE: [&str; 7] =
    ["config", "dev", "dev_insecure", "until_input_ends", "limits", "quota", "profile"];

/// Columns of the lines that explain a flag.
const WIDTH: usize = 76;

/// Of the whole file this table; the rest is the cloud's, which is read elsewhere.
#[derive(Default, Deserialize)]
#[serde(default)]
struct File {
    service: BTreeMap<Spanned<String>, Spanned<Value>>,
}

/// A flag as a file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FromFile {
    /// The flag's id.
    pub(super) id: String,
    /// Its value, as it would be typed.
    pub(super) value: String,
}

/// What the table of this file says, each flag checked alone.
///
/// # Errors
/// Any [`ConfigError`]: a key that is no flag, a value that the flag does not take.
pub(super) fn read(path: &Path, serve: &Command) -> Result<Vec<FromFile>, ConfigError> {
    let text = read_text(path)?;
    let shown = |mistake: Mistake| mistake.shown(&text, &path.display().to_string());
    let file: File = toml::from_str(&text).map_err(|error| shown(error.into()))?;
    let mut found = Vec::with_capacity(file.service.len());
    for (key, value) in &file.service {
        if let Some(value) = flag(key, value, serve).map_err(shown)? {
            found.push(value);
        }
    }
    Ok(found)
}

/// The keys that the table may have.
pub(super) fn keys(serve: &Command) -> Vec<&str> {
    let ids = serve.get_arguments().filter(|arg| arg.get_long().is_some());
    let ids = ids.filter(|arg| !arg.is_global_set()).map(|arg| arg.get_id().as_str());
    ids.filter(|id| !NOT_IN_FILE.contains(id)).collect()
}

/// One flag, if it says anything: a switch that is off does not.
fn flag(
    key: &Spanned<String>,
    value: &Spanned<Value>,
    serve: &Command,
) -> Result<Option<FromFile>, Mistake> {
    let id = key.get_ref().as_str();
    let keys = keys(serve);
    let arg = serve.get_arguments().find(|arg| arg.get_id() == id && keys.contains(&id));
    let Some(arg) = arg else {
        return Err(Mistake::unknown(&key.span(), id, &keys));
    };
    let is_switch = matches!(arg.get_action(), ArgAction::SetTrue);
    let text = match value.get_ref() {
        Value::Boolean(is_on) if is_switch => is_on.then(|| is_on.to_string()),
        _ if is_switch => {
            return Err(Mistake::at(&value.span(), format!("`{id}`: expected true or false")));
        }
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        _ => {
            let expected = "expected a text or a number";
            return Err(Mistake::at(&value.span(), format!("`{id}`: {expected}")));
        }
    };
    if let Some(text) = &text
        && !is_switch
    {
        check(serve, arg, text).map_err(|problem| Mistake::at(&value.span(), problem))?;
    }
    Ok(text.map(|value| FromFile { id: id.to_owned(), value }))
}

/// Has the flag's own reader look at a value.
fn check(serve: &Command, arg: &Arg, value: &str) -> Result<(), String> {
    let id = arg.get_id().as_str();
    let Some(long) = arg.get_long() else { return Ok(()) };
    let typed = ["serve".to_owned(), format!("--{long}={value}")];
    let Err(error) = serve.clone().no_binary_name(false).try_get_matches_from(typed) else {
        return Ok(());
    };
    let source = std::error::Error::source(&error);
    let why = match (error.kind(), source) {
        (ErrorKind::ValueValidation, Some(source)) => cause::in_words(source, Locale::English),
        (ErrorKind::InvalidValue, _) => match error.get(ContextKind::ValidValue) {
            Some(ContextValue::Strings(known)) => format!("expected one of {}", known.join(", ")),
            _ => "expected a value".to_owned(),
        },
        // What it needs beside it may be elsewhere in the table.
        (ErrorKind::MissingRequiredArgument | ErrorKind::ArgumentConflict, _) => return Ok(()),
        _ => "is none that the flag takes".to_owned(),
    };
    let shown = if is_secret(id) { String::new() } else { format!(" is {value:?}") };
    Err(format!("`{id}`{shown}: {why}"))
}

/// Whether a flag's value is for nobody's eyes.
pub(super) fn is_secret(id: &str) -> bool {
    id.ends_with("token") || id.ends_with("password")
}

/// The command `serve` with these values as its flags' defaults.
pub(super) fn with_defaults(serve: Command, found: &[FromFile]) -> Command {
    found.iter().fold(serve, |serve, FromFile { id, value }| {
        let value = value.clone();
        serve.mut_arg(id.as_str(), |arg| arg.default_value(value))
    })
}

/// The table with every flag as it is without one: each line a comment that may be taken away.
pub(super) fn text(serve: &Command) -> String {
    let mut text = String::from(
        "# How the service runs: flags of `guichet serve`, with _ for -. What is typed or in the\n\
         # environment comes first.\n# [service]\n",
    );
    for key in keys(serve) {
        let Some(arg) = serve.get_arguments().find(|arg| arg.get_id() == key) else { continue };
        let default = arg.get_default_values().first().map(|value| value.to_string_lossy());
        let value = match default {
            Some(value) if value.parse::<i64>().is_ok() => value.into_owned(),
            _ if matches!(arg.get_action(), ArgAction::SetTrue) => "true".to_owned(),
            Some(value) => Value::from(value.into_owned()).to_string(),
            None => "…".to_owned(),
        };
        text += &format!("\n# {}\n# {key} = {value}\n", first_sentence(arg));
    }
    text
}

/// What the help begins with.
fn first_sentence(arg: &Arg) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default().replace('\n', " ");
    let sentence = help.split(". ").next().unwrap_or_default();
    if sentence.chars().count() <= WIDTH {
        return sentence.to_owned();
    }
    let cut: String = sentence.chars().take(WIDTH).collect();
    let words = cut.rsplit_once([' ', ',']).map_or(&*cut, |(words, _)| words);
    format!("{words} …")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    fn serve() -> Command {
        Cli::command().find_subcommand("serve").cloned().expect("there is one")
    }

    fn found(text: &str) -> Result<Vec<FromFile>, String> {
        let dir = tempfile::tempdir().expect("a directory can be made");
        let file = dir.path().join("guichet.toml");
        std::fs::write(&file, text).expect("a file can be written");
        let read = read(&file, &serve()).map_err(|error| error.to_string());
        read.map_err(|error| error.replace(&file.display().to_string(), "FILE"))
    }

    #[test]
    fn flags_are_read_by_their_own_readers() {
        let values = found("[service]\nlisten = '127.0.0.1:0'\nworlds = 5\n").expect("it is sound");
        let values: Vec<_> = values.iter().map(|flag| (&*flag.id, &*flag.value)).collect();
        assert_eq!(values, [("listen", "127.0.0.1:0"), ("worlds", "5")]);
        for (text, place, said) in [
            ("[service]\nlistn = 1", "2:1", "did you mean `listen`?"),
            ("[service]\nlisten = 'x'", "2:10", "an address and a port"),
            ("[service]\nworlds = 5000", "2:10", "from 0 to 1,000"),
            ("[service]\nworlds = true", "2:10", "expected a text or a number"),
            ("[service]\nlog = 'inof'", "2:7", "expected off, error"),
            ("[service]\nlog_format = 'xml'", "2:14", "expected one of text, json"),
            ("[service]\nprofile = 'fast'", "2:1", "unknown field `profile`"),
            ("service = 3", "1:11", "expected a map"),
        ] {
            let error = found(text).expect_err(text);
            assert!(error.starts_with(&format!("FILE:{place}: ")), "{text:?}: {error}");
            assert!(error.contains(said), "{text:?}: {error}");
        }
    }

    #[test]
    fn a_secret_is_not_in_what_is_told_of_it() {
        let error = found("[service]\ncontrol_token = [ 'hunter2' ]").expect_err("it is no text");
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn the_table_of_all_flags_is_one() {
        let text: String = text(&serve())
            .lines()
            .skip_while(|line| *line != "# [service]")
            .filter(|line| line.contains('[') || (line.contains(" = ") && !line.contains('…')))
            .map(|line| format!("{}\n", line.trim_start_matches("# ")))
            .collect();
        let values = found(&text).unwrap_or_else(|error| panic!("{text}\n{error}"));
        assert!(values.iter().any(|flag| flag.id == "listen"), "{text}");
    }
}
