//! Fault rules: which calls go wrong, how, and how often.

use std::sync::Arc;

use guichet_core::action::Action;
use guichet_core::limits;
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::number::Probability;
use super::pattern::Pattern;

/// How a call goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Takes its time, changes nothing and answers with an error.
    Error,
    /// Does nothing until after the caller's deadline. Heeds `cancel`.
    Timeout,
    /// Takes its time, does what was asked and answers with an error.
    FailedButDone,
    /// Never answers and does not heed `cancel`.
    Stuck,
}

impl FaultKind {
    /// Whether a call goes on past its deadline.
    pub(crate) const fn outlasts(self) -> bool {
        matches!(self, Self::Timeout | Self::Stuck)
    }

    /// What a client is shown if the rule says nothing.
    const fn message(self) -> &'static str {
        match self {
            Self::Error => "The hypervisor reported an error.",
            Self::Timeout => "The hypervisor did not answer in time.",
            Self::FailedButDone => "The hypervisor's answer was lost.",
            Self::Stuck => "The hypervisor does not answer.",
        }
    }
}

/// One rule. It fits a call that everything it names fits; of those that fit, the first whose
/// own draw hits applies.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultRule {
    /// How the call goes wrong.
    pub kind: FaultKind,
    /// How often, of the calls that it fits: 0 to 1.
    pub probability: f64,
    /// The actions it fits; all, if empty.
    pub actions: Vec<Action>,
    /// The project it fits, by name.
    pub project: Option<Arc<str>>,
    /// The host it fits, by name.
    pub host: Option<Arc<str>>,
    /// The server names it fits.
    pub name: Option<Pattern>,
    /// Whether trying again may help.
    pub transient: bool,
    /// What a client is shown.
    pub message: Arc<str>,
}

impl FaultRule {
    /// Whether it fits calls of this action.
    pub fn fits(&self, action: Action) -> bool {
        self.actions.is_empty() || self.actions.contains(&action)
    }
}

/// A rule as a profile spells it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `kind` and `probability`")]
pub(super) struct Table {
    kind: FaultKind,
    probability: Probability,
    #[serde(default, deserialize_with = "actions")]
    actions: Vec<Action>,
    #[serde(default, deserialize_with = "name")]
    project: Option<Arc<str>>,
    #[serde(default, deserialize_with = "name")]
    host: Option<Arc<str>>,
    #[serde(default, deserialize_with = "name")]
    name: Option<Arc<str>>,
    #[serde(default = "yes")]
    transient: bool,
    #[serde(default, deserialize_with = "message")]
    message: Option<Arc<str>>,
}

impl From<Table> for FaultRule {
    fn from(table: Table) -> Self {
        Self {
            kind: table.kind,
            probability: table.probability.0,
            actions: table.actions,
            project: table.project,
            host: table.host,
            name: table.name.as_deref().map(Pattern::new),
            transient: table.transient,
            message: table.message.unwrap_or_else(|| Arc::from(table.kind.message())),
        }
    }
}

const fn yes() -> bool {
    true
}

/// The rules of a profile, not more than there may be.
pub(super) fn rules<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Table>, D::Error> {
    let rules = Vec::<Table>::deserialize(from)?;
    if rules.len() > limits::PROFILE_RULES_MAX {
        let (count, most) = (rules.len(), limits::PROFILE_RULES_MAX);
        return Err(D::Error::custom(format!("{count} `fault` rules, expected at most {most}")));
    }
    Ok(rules)
}

fn actions<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Action>, D::Error> {
    let words = Vec::<Word>::deserialize(from)?;
    if words.is_empty() {
        let hint =
            "`actions` is empty, expected at least one, or no `actions` at all for every one";
        return Err(D::Error::custom(hint));
    }
    Ok(words.into_iter().map(|word| word.0).collect())
}

/// An action by its word.
struct Word(Action);

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = String::deserialize(from)?;
        let known = Action::LAB.iter().find(|action| action.as_str() == word);
        known.map(|action| Self(*action)).ok_or_else(|| {
            let words: Vec<_> = Action::LAB.iter().map(|action| action.as_str()).collect();
            D::Error::custom(format!("unknown action `{word}`, expected {}", words.join(", ")))
        })
    }
}

fn name<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Arc<str>>, D::Error> {
    text(from, limits::NAME_MAX)
}

fn message<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Arc<str>>, D::Error> {
    text(from, limits::PROFILE_MESSAGE_MAX)
}

/// A text of 1 to `most` characters.
fn text<'de, D: Deserializer<'de>>(from: D, most: usize) -> Result<Option<Arc<str>>, D::Error> {
    let text = String::deserialize(from)?;
    let length = text.chars().count();
    if length == 0 || length > most {
        let problem = format!("a text of {length} characters, expected 1 to {most}");
        return Err(D::Error::custom(problem));
    }
    Ok(Some(Arc::from(text)))
}
