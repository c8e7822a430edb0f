//! Fault rules as a form has them, and as they are said.

use std::time::Duration;

use guichet_cloud::faults::{
    FaultRule, Filter, HostFault, OperationFault, Pattern, RequestFault, RuleError, Target, When,
};
use guichet_core::limits;
use guichet_http::query::Params;
use guichet_locale::{Locale, text};

use crate::form::given;

/// What may go wrong, by the word that the form sends.
pub(crate) const DEEDS: [&str; 10] = [
    "operation-error",
    "operation-again",
    "operation-done",
    "operation-stuck",
    "operation-slow",
    "request-answer",
    "request-delay",
    "request-close",
    "host-dies",
    "host-lost",
];

/// What is said of it.
pub(crate) fn deed(locale: Locale, word: &str) -> String {
    match word {
        "operation-error" => text!(locale, "console-fault-operation-error"),
        "operation-again" => text!(locale, "console-fault-operation-again"),
        "operation-done" => text!(locale, "console-fault-operation-done"),
        "operation-stuck" => text!(locale, "console-fault-operation-stuck"),
        "operation-slow" => text!(locale, "console-fault-operation-slow"),
        "request-answer" => text!(locale, "console-fault-request-answer"),
        "request-delay" => text!(locale, "console-fault-request-delay"),
        "request-close" => text!(locale, "console-fault-request-close"),
        "request-expire" => text!(locale, "console-fault-request-expire"),
        "request-lack" => text!(locale, "console-fault-request-lack"),
        "host-dies" => text!(locale, "console-fault-host-dies"),
        _ => text!(locale, "console-fault-host-lost"),
    }
}

/// The rule that a form asks for.
///
/// # Errors
/// [`RuleError`].
pub(crate) fn read(locale: Locale, fields: &Params) -> Result<FaultRule, RuleError> {
    let pattern = |name: &str| given(fields, name).map_or(Ok(Pattern::any()), Pattern::new);
    let said = || {
        let message = given(fields, "message").map(str::to_owned);
        message.unwrap_or_else(|| text!(locale, "console-fault-message"))
    };
    let operation = |fault| {
        let filter =
            [pattern("action")?, pattern("server")?, pattern("project")?, pattern("host")?];
        Ok::<_, RuleError>(Target::Operations(Filter(filter), fault))
    };
    let request = |fault| {
        let path = pattern("path")?;
        let project = pattern("project")?;
        let filter = [pattern("method")?, path, Pattern::any(), project, Pattern::any()];
        Ok::<_, RuleError>(Target::Requests(Filter(filter), fault))
    };
    let target = match given(fields, "do").unwrap_or_default() {
        "operation-error" => operation(OperationFault::Error { message: said(), transient: false }),
        "operation-again" => operation(OperationFault::Error { message: said(), transient: true }),
        "operation-done" => operation(OperationFault::FailedButDone { message: said() }),
        "operation-stuck" => operation(OperationFault::Stuck),
        "operation-slow" => {
            operation(OperationFault::Slow { delay: delay(fields, limits::FAULT_SLOW_MAX)? })
        }
        "request-delay" => {
            let delay = delay(fields, limits::FAULT_DELAY_MAX)?;
            request(RequestFault::Delay { delay, after: false })
        }
        "request-close" => request(RequestFault::Close { after: false }),
        "host-dies" => Ok(Target::Hosts(pattern("host")?, HostFault::ServersStay)),
        "host-lost" => Ok(Target::Hosts(pattern("host")?, HostFault::ServersFail)),
        _ => {
            let status = number(fields, "status", RuleError::Status)?.ok_or(RuleError::Status)?;
            let (message, retry_after, after) = (said(), None, false);
            request(RequestFault::Answer { status, message, retry_after, after })
        }
    };
    let percent: Option<f64> = number(fields, "percent", RuleError::When)?;
    let when = When {
        every: number(fields, "every", RuleError::When)?,
        times: number(fields, "times", RuleError::When)?,
        probability: percent.map(|percent| percent / 100.0),
        ..When::default()
    };
    Ok(FaultRule { target: target?, when: when.check()? })
}

fn delay(fields: &Params, longest: Duration) -> Result<Duration, RuleError> {
    let wrong = RuleError::Delay { longest };
    let seconds: Option<f64> = number(fields, "delay", wrong.clone())?;
    let delay = seconds.and_then(|it| Duration::try_from_secs_f64(it).ok());
    delay.ok_or(wrong)
}

fn number<T: std::str::FromStr>(
    fields: &Params,
    name: &str,
    wrong: RuleError,
) -> Result<Option<T>, RuleError> {
    given(fields, name).map(str::parse).transpose().map_err(|_| wrong)
}

/// A rule as it is said: what goes wrong, with what, and when.
pub(crate) fn said(locale: Locale, rule: &FaultRule) -> [String; 3] {
    let seconds = |time: &Duration| locale.unit(&locale.figure(time.as_secs_f64()), "s");
    let (word, more, about) = match &rule.target {
        Target::Operations(Filter(patterns), fault) => {
            let (word, more) = match fault {
                OperationFault::Error { message, transient: false } => {
                    ("operation-error", message.clone())
                }
                OperationFault::Error { message, .. } => ("operation-again", message.clone()),
                OperationFault::FailedButDone { message } => ("operation-done", message.clone()),
                OperationFault::Stuck => ("operation-stuck", String::new()),
                OperationFault::Slow { delay } => ("operation-slow", seconds(delay)),
            };
            (word, more, listed(&["action", "server", "project", "host"], patterns))
        }
        Target::Requests(Filter(patterns), fault) => {
            let (word, more) = match fault {
                RequestFault::Answer { status, message, .. } => {
                    ("request-answer", format!("{status} {message}"))
                }
                RequestFault::Delay { delay, .. } => ("request-delay", seconds(delay)),
                RequestFault::Close { .. } => ("request-close", String::new()),
                RequestFault::Expire => ("request-expire", String::new()),
                RequestFault::Omit { named } => ("request-lack", named.text().to_owned()),
            };
            let names = ["method", "path", "service", "project", "client"];
            (word, more, listed(&names, patterns))
        }
        Target::Hosts(host, fault) => {
            let word = match fault {
                HostFault::ServersStay => "host-dies",
                HostFault::ServersFail => "host-lost",
            };
            (word, String::new(), format!("host {}", host.text()))
        }
    };
    let what = deed(locale, word);
    let what = if more.is_empty() { what } else { format!("{what} ({more})") };
    [what, about, when(locale, &rule.when)]
}

/// What a rule looks at, in the words of `/guichet/v1`.
fn listed(names: &[&str], patterns: &[Pattern]) -> String {
    let pairs = names.iter().zip(patterns).filter(|(_, pattern)| pattern.text() != "*");
    let pairs: Vec<String> =
        pairs.map(|(name, pattern)| format!("{name} {}", pattern.text())).collect();
    if pairs.is_empty() { "*".to_owned() } else { pairs.join(", ") }
}

fn when(locale: Locale, when: &When) -> String {
    let parts = [
        when.nth.map(|nth| text!(locale, "console-fault-nth", nth = nth)),
        when.every.map(|every| text!(locale, "console-fault-every", every = every)),
        when.probability.map(|it| text!(locale, "console-fault-share", share = locale.percent(it))),
        when.times.map(|times| text!(locale, "console-fault-times", times = times)),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { text!(locale, "console-fault-always") } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(form: &str) -> Result<[String; 3], RuleError> {
        let rule = read(Locale::English, &Params::parse(form).unwrap())?;
        Ok(said(Locale::English, &rule))
    }

    #[test]
    fn a_form_is_the_rule_that_is_said() {
        let [_, about, when] =
            of("do=operation-slow&delay=1.5&action=create&server=web-*&every=3&times=2").unwrap();
        assert_eq!(about, "action create, server web-*");
        assert!(when.contains('3') && when.contains('2'), "{when}");
        let [what, about, _] =
            of("do=request-answer&status=503&message=No&path=/compute/*").unwrap();
        assert!(what.ends_with("(503 No)"), "{what}");
        assert_eq!(about, "path /compute/*");
        assert_eq!(of("do=host-lost&host=host-1").unwrap()[1], "host host-1");
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(of("do=request-answer"), Err(RuleError::Status));
        assert_eq!(of("do=operation-stuck&every=x"), Err(RuleError::When));
        assert_eq!(of("do=operation-stuck&percent=0"), Err(RuleError::When));
        let longest = limits::FAULT_DELAY_MAX;
        assert_eq!(of("do=request-delay"), Err(RuleError::Delay { longest }));
        assert_eq!(of("do=request-delay&delay=-1"), Err(RuleError::Delay { longest }));
    }

    #[test]
    fn every_deed_has_a_rule_and_a_name_of_its_own() {
        let mut names: Vec<String> = DEEDS.iter().map(|word| deed(Locale::English, word)).collect();
        for word in DEEDS {
            let form = format!("do={word}&delay=1&status=500");
            let [what, ..] = of(&form).unwrap();
            assert!(what.starts_with(&deed(Locale::English, word)), "{word}: {what}");
        }
        names.sort();
        names.dedup();
        assert_eq!(names.len(), DEEDS.len());
    }
}
