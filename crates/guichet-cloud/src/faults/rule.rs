//! A rule: about what, when, and what is to go wrong. Pure.

use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::limits;
use guichet_core::time::Timestamp;
use guichet_driver::profile;

/// A rule.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultRule {
    /// What it is about, and what is to go wrong with it.
    pub target: Target,
    /// Which of them it strikes.
    pub when: When,
}

impl FaultRule {
    /// Whether it can be kept to; what holds of its patterns and its turns they have said themselves.
    ///
    /// # Errors
    /// [`RuleError::Status`], [`RuleError::Delay`], [`RuleError::Action`].
    pub(super) fn check(&self) -> Result<(), RuleError> {
        let is_right = |holds: bool, error| if holds { Ok(()) } else { Err(error) };
        match &self.target {
            Target::Requests(_, RequestFault::Answer { status, .. }) => {
                is_right((200..=599).contains(status), RuleError::Status)
            }
            Target::Requests(_, RequestFault::Delay { delay, .. }) => {
                let longest = limits::FAULT_DELAY_MAX;
                is_right(*delay <= longest, RuleError::Delay { longest })
            }
            Target::Operations(Filter([action, ..]), fault) => {
                let is_known = |known: &Action| action.fits(known.as_str());
                is_right(Action::ALL.iter().any(is_known), RuleError::Action)?;
                let OperationFault::Slow { delay } = fault else { return Ok(()) };
                let longest = limits::FAULT_SLOW_MAX;
                is_right(*delay <= longest, RuleError::Delay { longest })
            }
            _ => Ok(()),
        }
    }
}

/// What a rule is about, and what is to go wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// Requests, by method, path, service, the name of the project that asks, and the client's address.
    Requests(Filter<5>, RequestFault),
    /// Operations, by action and the names of server, project and host.
    Operations(Filter<4>, OperationFault),
    /// Hosts, by name: they are dead for as long as the rule holds.
    Hosts(Pattern, HostFault),
}

/// What comes of a host's death for the servers that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostFault {
    /// They are shown as they were, as Nova does: nobody is there to say anything else.
    ServersStay,
    /// They are in ERROR, and their machines gone for good.
    ServersFail,
}

/// What is to go wrong with a request.
#[derive(Debug, Clone, PartialEq)]
pub enum RequestFault {
    /// It is answered so; if `after`, once what it asks for was done all the same.
    Answer {
        /// The status.
        status: u16,
        /// The sentence of the answer.
        message: String,
        /// When to come back, as the answer says.
        retry_after: Option<Duration>,
        /// Whether it is done first.
        after: bool,
    },
    /// The connection is closed without an answer; if `after`, once it was done.
    Close {
        /// Whether it is done first.
        after: bool,
    },
    /// It waits so long; if `after`, once it was done.
    Delay {
        /// How long, by the process's time.
        delay: Duration,
        /// Whether it is done first.
        after: bool,
    },
    /// The token that it comes with has expired, from now on.
    Expire,
    /// The list that is answered lacks the first whose name or id fits.
    Omit {
        /// Which.
        named: Pattern,
    },
}

/// What is to go wrong with an operation's call of the driver.
#[derive(Debug, Clone, PartialEq)]
pub enum OperationFault {
    /// It fails so; for now, or for good.
    Error {
        /// What the driver says.
        message: String,
        /// Whether another attempt may help.
        transient: bool,
    },
    /// It is done, and said to have failed.
    FailedButDone {
        /// What the driver says.
        message: String,
    },
    /// It never returns by itself.
    Stuck,
    /// It takes so much longer, by the world's time.
    Slow {
        /// How much.
        delay: Duration,
    },
}

/// Texts that each must fit a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter<const N: usize>(pub [Pattern; N]);

impl<const N: usize> Filter<N> {
    /// Whether each text fits its pattern.
    pub(super) fn fits(&self, texts: &[&str; N]) -> bool {
        self.0.iter().zip(texts).all(|(pattern, text)| pattern.fits(text))
    }
}

/// A pattern with `*` for any text; without one it is the text itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text: Box<str>,
    pattern: profile::Pattern,
}

impl Pattern {
    /// Any text.
    pub fn any() -> Self {
        Self::of("*")
    }

    /// A pattern that was given.
    ///
    /// # Errors
    /// [`RuleError::Pattern`]: it is too long, or has too many `*`.
    pub fn new(text: &str) -> Result<Self, RuleError> {
        let stars = text.bytes().filter(|byte| *byte == b'*').count();
        let is_short = text.len() <= limits::NAME_MAX && stars <= limits::FAULT_STARS_MAX;
        if is_short { Ok(Self::of(text)) } else { Err(RuleError::Pattern) }
    }

    fn of(text: &str) -> Self {
        Self { text: text.into(), pattern: profile::Pattern::of_stars(text) }
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a text fits.
    pub fn fits(&self, text: &str) -> bool {
        self.pattern.matches(text)
    }
}

/// Which of those that a rule is about it strikes; each part must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct When {
    /// Only the one of this number, from 1.
    pub nth: Option<u64>,
    /// Only every so manieth.
    pub every: Option<u64>,
    /// Each with this probability.
    pub probability: Option<f64>,
    /// So many at most.
    pub times: Option<u64>,
    /// From this instant of the world on.
    pub from: Option<Timestamp>,
    /// Before this instant of the world.
    pub until: Option<Timestamp>,
}

impl When {
    /// What is right about it.
    ///
    /// # Errors
    /// [`RuleError::When`], [`RuleError::Window`].
    pub fn check(self) -> Result<Self, RuleError> {
        let is_count = |count: Option<u64>| count.is_none_or(|count| count >= 1);
        let is_share = self.probability.is_none_or(|share| share > 0.0 && share <= 1.0);
        let is_possible = self.nth.is_none() || self.every.is_none();
        if self.until.is_some_and(|until| until <= self.from.unwrap_or(Timestamp::from_micros(0))) {
            return Err(RuleError::Window);
        }
        if is_possible
            && is_count(self.nth)
            && is_count(self.every)
            && is_count(self.times)
            && is_share
        {
            Ok(self)
        } else {
            Err(RuleError::When)
        }
    }

    /// Whether the rule holds at this instant. What comes at another is not counted.
    pub fn holds_at(&self, now: impl FnOnce() -> Timestamp) -> bool {
        if self.from.is_none() && self.until.is_none() {
            return true;
        }
        let now = now();
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }

    /// Whether it strikes the `seen`-th, after it struck so many; `draw` is in [0, 1).
    pub fn strikes(&self, seen: u64, struck: u64, draw: f64) -> bool {
        self.nth.is_none_or(|nth| seen == nth)
            && self.every.is_none_or(|every| seen.is_multiple_of(every))
            && self.times.is_none_or(|times| struck < times)
            && self.probability.is_none_or(|share| draw < share)
    }
}

/// Why a rule is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A pattern is too long.
    #[error(
        "A pattern has {} bytes at most, and {} stars.",
        limits::NAME_MAX,
        limits::FAULT_STARS_MAX
    )]
    Pattern,
    /// A count or the probability is out of range.
    #[error(
        "nth, every and times are 1 or more, nth and every not together; probability is above 0 and 1 \
         at most."
    )]
    When,
    /// It ends before it begins.
    #[error("until must be later than from, by the world's time.")]
    Window,
    /// It answers with what is no status of an answer.
    #[error("status: say which, 200 to 599.")]
    Status,
    /// It holds up for too long, or it is not said for how long.
    #[error("delay_s: say how long, 0 to {} s.", longest.as_secs())]
    Delay {
        /// The longest that there may be.
        longest: Duration,
    },
    /// No action has such a name.
    #[error("No action is called so; there are create, reboot, delete and others.")]
    Action,
    /// No host has a name that fits.
    #[error("host: no host is called {pattern:?}; there are {known}.")]
    Host {
        /// What was said.
        pattern: String,
        /// Some that there are, by name.
        known: String,
    },
    /// There are as many as there may be.
    #[error("A world has {} rules at most; take some out.", limits::FAULT_RULES_MAX)]
    TooMany,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fits(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern).is_ok_and(|pattern| pattern.fits(text))
    }

    #[test]
    fn a_star_is_any_text() {
        for (pattern, yes, no) in [
            ("*", &["", "a", "web"][..], &[][..]),
            ("web", &["web"], &["", "web-1", "a web"]),
            ("web-*", &["web-", "web-1"], &["web", "a web-1"]),
            ("*-1", &["-1", "web-1"], &["web-11", "1"]),
            ("a*b*c", &["abc", "axbxc", "abbc"], &["ac", "acb", "ab"]),
            ("a*a", &["aa", "aba"], &["a"]),
            ("**", &["", "x"], &[]),
            ("", &[""], &["x"]),
        ] {
            yes.iter().for_each(|text| assert!(fits(pattern, text), "{pattern} {text}"));
            no.iter().for_each(|text| assert!(!fits(pattern, text), "{pattern} {text}"));
        }
        assert_eq!(Pattern::new(&"*".repeat(100)), Err(RuleError::Pattern));
        assert_eq!(Pattern::new(&"a".repeat(300)), Err(RuleError::Pattern));
    }

    proptest! {
        #[test]
        fn a_pattern_is_the_regular_expression_that_it_looks_like(
            pattern in "[ab*é]{0,8}", text in "[abé]{0,10}",
        ) {
            let expression = format!("^(?s:{})$", regex::escape(&pattern).replace(r"\*", ".*"));
            let expected = regex::Regex::new(&expression).unwrap().is_match(&text);
            prop_assert_eq!(fits(&pattern, &text), expected);
        }
    }

    #[test]
    fn it_holds_from_an_instant_on_and_before_another() {
        let at = Timestamp::from_micros;
        let window = |from: Option<u64>, until: Option<u64>| {
            When { from: from.map(at), until: until.map(at), ..When::default() }.check()
        };
        let held = |when: When| (1..=4).filter(|us| when.holds_at(|| at(*us))).collect::<Vec<_>>();
        assert_eq!(held(window(None, None).unwrap()), [1, 2, 3, 4]);
        assert_eq!(held(window(Some(2), None).unwrap()), [2, 3, 4]);
        assert_eq!(held(window(None, Some(2)).unwrap()), [1]);
        assert_eq!(held(window(Some(2), Some(4)).unwrap()), [2, 3]);
        assert_eq!(window(Some(4), Some(4)), Err(RuleError::Window));
        assert_eq!(window(None, Some(0)), Err(RuleError::Window));
    }

    #[test]
    fn it_strikes_when_it_is_its_turn() {
        let struck = |when: When| {
            let mut struck = 0;
            let turns = (1..=6).filter(|seen| {
                let strikes = when.strikes(*seen, struck, *seen as f64 / 10.0);
                struck += u64::from(strikes);
                strikes
            });
            turns.collect::<Vec<u64>>()
        };
        assert_eq!(struck(When::default()), [1, 2, 3, 4, 5, 6]);
        assert_eq!(struck(When { nth: Some(3), ..When::default() }), [3]);
        assert_eq!(struck(When { every: Some(2), ..When::default() }), [2, 4, 6]);
        assert_eq!(struck(When { times: Some(2), ..When::default() }), [1, 2]);
        assert_eq!(struck(When { every: Some(2), times: Some(1), ..When::default() }), [2]);
        assert_eq!(struck(When { probability: Some(0.35), ..When::default() }), [1, 2, 3]);
        for wrong in [
            When { nth: Some(0), ..When::default() },
            When { nth: Some(1), every: Some(2), ..When::default() },
            When { probability: Some(0.0), ..When::default() },
            When { probability: Some(f64::NAN), ..When::default() },
            When { probability: Some(1.5), ..When::default() },
        ] {
            assert_eq!(wrong.check(), Err(RuleError::When));
        }
    }
}
