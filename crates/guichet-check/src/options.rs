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
    /// Whether what else could happen is gathered for a page.
    pub is_page: bool,
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
            is_page: false,
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
            "page": self.is_page,
            "bounds": bounds(),
        })
    }
}

/// Every bound of the child, by the name that its tracer has for it. It has none of its own.
fn bounds() -> Value {
    json!({
        "steps": limits::CHECK_STEPS_MAX,
        "tasks": limits::CHECK_THREADS_MAX,
        "output": limits::CHECK_OUTPUT_MAX,
        "frontier": limits::CHECK_FRONTIER_MAX,
        "choices": limits::CHECK_CHOICES_MAX,
        "fair_points": limits::CHECK_FAIR_POINTS,
        "woken": limits::CHECK_WOKEN_MAX,
        "end_seconds": limits::CHECK_THREAD_END.as_secs_f64(),
        "grace_seconds": limits::CHECK_GRACE.as_secs(),
        "exploring_percent": limits::CHECK_EXPLORING_PERCENT,
        "page_percent": limits::CHECK_PAGE_PERCENT,
        "page_states": limits::CHECK_PAGE_STATES,
        "page_bytes": limits::CHECK_PAGE_BYTES,
        "page_state_bytes": limits::CHECK_PAGE_STATE_BYTES,
        "page_walks": limits::CHECK_PAGE_WALKS,
        "state_parts": limits::CHECK_STATE_PARTS,
        "steps_shown": limits::CHECK_STEPS_SHOWN,
        "shown_error": limits::CHECK_SHOWN_ERROR,
        "shown_value": limits::CHECK_SHOWN_VALUE,
        "shown_argument": limits::CHECK_SHOWN_ARGUMENT,
        "shown_depth": limits::CHECK_SHOWN_DEPTH,
        "answer_parts": limits::CHECK_ANSWER_PARTS,
        "element_depth": limits::CHECK_ELEMENT_DEPTH,
        "created": limits::CHECK_CREATES_MAX,
        "capacity": limits::CHECK_CAPACITY,
        "pool_workers": limits::CHECK_POOL_WORKERS,
        "pool_requests": limits::CHECK_POOL_REQUESTS,
        "default_workers": limits::CHECK_POOL_DEFAULT,
        "worth_saying_percent": limits::CHECK_WORTH_SAYING_PERCENT,
        "memory_bytes": limits::CHECK_MEMORY_BYTES,
        "file_bytes": limits::CHECK_FILE_BYTES,
        "open_files": limits::CHECK_OPEN_FILES,
        "stack_bytes": limits::CHECK_STACK_BYTES,
        "garbage": limits::CHECK_GARBAGE,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Kind, Mapping, bounds};

    /// Each bound that the tracer asks for is handed in, and no other.
    #[test]
    fn the_tracer_is_given_every_bound_that_it_asks_for() {
        let asked: BTreeSet<&str> = crate::tracer::MODULES
            .iter()
            .map(|(_, text)| *text)
            .chain([crate::tracer::PROGRAM])
            .flat_map(|text| text.split("bounds.").skip(1))
            .map(|rest| rest.split(|it: char| !it.is_ascii_lowercase() && it != '_').next())
            .map(|name| name.unwrap_or_default())
            .filter(|name| *name != "give")
            .collect();
        let given = bounds();
        let given: BTreeSet<&str> =
            given.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(asked, given);
    }

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
