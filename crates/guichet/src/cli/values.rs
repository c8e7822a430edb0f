//! Values that flags of several commands take.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::{PathBufValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};
use guichet_engine::Model;
use guichet_locale::{Locale, Message, text};

/// Reads an operation's id: of its server, a slash, and its number.
pub(crate) fn operation_id(text: &str) -> Result<(String, u32), Message> {
    let id = text.split_once('/').filter(|(server, _)| !server.is_empty());
    id.and_then(|(server, number)| Some((server.to_owned(), number.parse().ok()?)))
        .ok_or_else(|| Message::new(|locale| text!(locale, "input-operation")))
}

/// Reads a yes or a no; other words for them that people know are taken too.
pub(crate) fn yes_or_no() -> impl TypedValueParser<Value = bool> {
    let yes = PossibleValue::new("yes").aliases(["y", "true", "t", "on", "1"]);
    let no = PossibleValue::new("no").aliases(["n", "false", "f", "off", "0"]);
    let is_yes = yes.clone();
    PossibleValuesParser::new([yes, no]).map(move |word| is_yes.matches(&word, true))
}

/// Reads the name of a file to write. `-` is none: elsewhere it is standard output, which has the result.
pub(super) fn output_file() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| {
        if path.as_os_str() == "-" {
            return Err(Message::new(|locale| text!(locale, "expected-output-file")));
        }
        Ok(path)
    })
}

/// Execution models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModelArg {
    /// One operation at a time
    Sequential,
    /// One OS thread for each accepted request
    Threads,
    /// A fixed number of OS threads
    Pool,
    /// A fixed number of tasks on the async runtime
    Async,
}

impl ModelArg {
    /// The engine's own word for it.
    pub(crate) const fn model(self) -> Model {
        match self {
            Self::Sequential => Model::Sequential,
            Self::Threads => Model::Threads,
            Self::Pool => Model::Pool,
            Self::Async => Model::Async,
        }
    }
}

/// What is printed on stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatArg {
    /// A summary for people
    Table,
    /// One JSON object
    Json,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorArg {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Also in a pipe or a file
    Always,
    /// Not at all
    Never,
}

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LangArg {
    /// English
    En,
    /// French
    Fr,
}

impl LangArg {
    /// What numbers and messages are written in.
    pub(crate) const fn locale(self) -> Locale {
        match self {
            Self::En => Locale::English,
            Self::Fr => Locale::French,
        }
    }
}

/// What log lines look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormatArg {
    /// Columns, coloured on a terminal
    Text,
    /// One JSON object a line
    Json,
}

/// An address and a port, or a host's name and a port: of its addresses the first, one of IPv4 if
/// there is one.
pub(super) fn address(given: &str) -> Result<SocketAddr, Message> {
    let found: Vec<SocketAddr> = given.to_socket_addrs().into_iter().flatten().collect();
    let first = found.iter().find(|address| address.is_ipv4()).or_else(|| found.first());
    first.copied().ok_or_else(|| Message::new(|locale| text!(locale, "expected-address")))
}

/// A share of all: 0 to 1.
pub(super) fn share(given: &str) -> Result<f64, Message> {
    let share: Option<f64> = given.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| Message::new(|locale| text!(locale, "expected-share")))
}

/// What links can begin with: a scheme and a host, and perhaps a path.
pub(super) fn url(given: &str) -> Result<String, Message> {
    let rest = given.strip_prefix("http://").or_else(|| given.strip_prefix("https://"));
    let sound = |rest: &str| {
        !rest.is_empty()
            && !rest.starts_with('/')
            && rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>?#".contains(&byte))
    };
    match rest {
        Some(rest) if sound(rest) => Ok(given.to_owned()),
        _ => Err(Message::new(|locale| text!(locale, "input-url"))),
    }
}
