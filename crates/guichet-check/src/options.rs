//! What a check is asked to do.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use guichet_core::limits;
use guichet_locale::{Message, text};
use serde_json::{Value, json};

/// What a method of the class does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Makes a server.
    Create,
    /// Reboots one.
    Reboot,
    /// Deletes one.
    Delete,
    /// Lists them.
    List,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Create, Self::Reboot, Self::Delete, Self::List];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Reboot => "reboot",
            Self::Delete => "delete",
            Self::List => "list",
        }
    }
}

/// Which method does what, where names do not say it: `create=ajouter,delete=enlever`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping(Vec<(Kind, String)>);

impl FromStr for Mapping {
    type Err = Message;

    fn from_str(text: &str) -> Result<Self, Message> {
        let mut pairs: Vec<(Kind, String)> = Vec::new();
        for part in text.split(',') {
            let (kind, method) = part.split_once('=').ok_or_else(|| expected(part))?;
            let known = Kind::ALL.into_iter().find(|known| known.as_str() == kind.trim());
            let kind = known.ok_or_else(|| expected(part))?;
            let method = method.trim();
            if !is_name(method) {
                let found = format!("{method:?}");
                return Err(Message::new(move |it| {
                    text!(it, "check-expected-method", found = found.as_str())
                }));
            }
            if pairs.iter().any(|(known, _)| *known == kind) {
                return Err(Message::new(move |it| text!(it, "check-twice", kind = kind.as_str())));
            }
            pairs.push((kind, method.to_owned()));
        }
        Ok(Self(pairs))
    }
}

fn expected(part: &str) -> Message {
    let found = format!("{part:?}");
    Message::new(move |it| text!(it, "check-expected-pair", found = found.as_str()))
}

/// Whether Python could call a method so.
fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && text.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
}

/// How to check one file.
#[derive(Debug, Clone)]
pub struct Options {
    /// The class, if the file does not say it by itself.
    pub class: Option<String>,
    /// Methods by what they do.
    pub mapping: Mapping,
    /// Schedules to run at most.
    pub schedules: u64,
    /// Preemptions in one of them at most.
    pub preemptions: u64,
    /// When the file is ended.
    pub time: Duration,
    /// The interpreter.
    pub python: PathBuf,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            class: None,
            mapping: Mapping::default(),
            schedules: limits::CHECK_SCHEDULES_DEFAULT,
            preemptions: limits::CHECK_PREEMPTIONS_DEFAULT,
            time: limits::CHECK_TIME_DEFAULT,
            python: PathBuf::from("python3"),
        }
    }
}

impl Options {
    /// What the child is told on its standard input.
    pub(crate) fn request(&self, path: &str) -> Value {
        let map: serde_json::Map<String, Value> = (self.mapping.0.iter())
            .map(|(kind, method)| (kind.as_str().to_owned(), json!(method)))
            .collect();
        json!({
            "path": path,
            "class": self.class,
            "map": map,
            "schedules": self.schedules,
            "preemptions": self.preemptions,
            "seconds": self.time.as_secs_f64(),
            "steps": limits::CHECK_STEPS_MAX,
            "tasks": limits::CHECK_THREADS_MAX,
            "output": limits::CHECK_OUTPUT_MAX,
            "frontier": limits::CHECK_FRONTIER_MAX,
            "steps_shown": limits::CHECK_STEPS_SHOWN,
            "memory_bytes": limits::CHECK_MEMORY_BYTES,
            "file_bytes": limits::CHECK_FILE_BYTES,
            "open_files": limits::CHECK_OPEN_FILES,
            "stack_bytes": limits::CHECK_STACK_BYTES,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Mapping};

    #[test]
    fn a_mapping_is_read() {
        let mapping: Mapping = "create=ajouter, delete=enlever_été".parse().expect("sound");
        let pairs = [(Kind::Create, "ajouter"), (Kind::Delete, "enlever_été")];
        assert_eq!(mapping, Mapping(pairs.map(|(kind, name)| (kind, name.to_owned())).to_vec()));
    }

    #[test]
    fn a_mapping_that_is_none_says_what_is_expected() {
        for (text, said) in [
            ("", "expected KIND=METHOD"),
            ("create", "expected KIND=METHOD"),
            ("make=x", "with a KIND of create, reboot, delete, list"),
            ("create=", "expected the name of a method"),
            ("create=a b", "expected the name of a method"),
            ("create=1a", "expected the name of a method"),
            ("create=a,create=b", "create is there twice"),
        ] {
            let refused = text.parse::<Mapping>().expect_err(text);
            assert!(refused.to_string().contains(said), "{text}: {refused}");
        }
    }
}
