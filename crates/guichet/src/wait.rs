//! `guichet wait`: until a service answers. For scripts that have started one, and for health checks.

use std::time::Duration;

use guichet_clock::Stopwatch;
use guichet_core::limits;
use guichet_locale::{Locale, text};
use http::StatusCode;
use serde_json::Value;
use ureq::Agent;

use crate::cause::in_words;
use crate::cli::WaitArgs;
use crate::control::{agent, cause, refused, unanswered};
use crate::{Ended, output};

/// Bytes of an answer that says so: it has two words.
const HEALTH_MAX: u64 = 1_024;

/// Runs the command.
pub(crate) fn run(args: &WaitArgs, locale: Locale) -> anyhow::Result<Ended> {
    let watch = Stopwatch::start();
    let agent: Agent = agent(&args.url, &args.trust)?.max_redirects(0).build().into();
    let health = health(&args.url);
    loop {
        let left = args.timeout.0.saturating_sub(watch.elapsed());
        let problem = match asked(&agent, &health, left.max(limits::WAIT_PAUSE)) {
            Ok(()) => return Ok(Ended::Good),
            // What is not trusted now will not be after a pause.
            Err(Problem::Unanswered(error)) if refused(&error).is_some() => {
                return Err(unanswered(&args.url, false, error));
            }
            Err(problem) => problem,
        };
        if watch.elapsed() >= args.timeout.0 {
            let problem = problem.in_words(locale);
            let (url, timeout) = (args.url.as_str(), args.timeout.to_string());
            output::say_wrapped(&text!(
                locale,
                "wait-in-vain",
                url = url,
                timeout = timeout,
                problem = problem
            ));
            return Ok(Ended::Broken);
        }
        // Nobody wakes it, and if it wakes all the same it only asks once more.
        std::thread::park_timeout(limits::WAIT_PAUSE);
    }
}

/// Why it is not there yet.
enum Problem {
    /// Nobody answers.
    Unanswered(ureq::Error),
    /// What answers has another answer than a service that lives.
    Strange(StatusCode),
}

impl Problem {
    fn in_words(&self, locale: Locale) -> String {
        match self {
            Self::Unanswered(error) => in_words(cause(error), locale),
            Self::Strange(status) => text!(locale, "wait-strange", status = status.as_str()),
        }
    }
}

/// Where a service says that it lives; worlds have no such place of their own.
fn health(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let (place, _) = rest.split_once('/').unwrap_or((rest, ""));
    format!("{scheme}://{place}/healthz")
}

/// Asks once: whatever else listens there has no such answer.
fn asked(agent: &Agent, health: &str, patience: Duration) -> Result<(), Problem> {
    let asked = agent.get(health).config().timeout_global(Some(patience)).build().call();
    match asked {
        Ok(mut answer) => {
            let status = answer.status();
            let body = answer.body_mut().with_config().limit(HEALTH_MAX).read_to_string();
            let body = body.ok().and_then(|body| serde_json::from_str::<Value>(&body).ok());
            let lives = body.is_some_and(|body| body["alive"] == true);
            if status == StatusCode::OK && lives { Ok(()) } else { Err(Problem::Strange(status)) }
        }
        Err(error) => Err(Problem::Unanswered(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::health;

    #[test]
    fn health_is_asked_for_where_the_service_is() {
        for (url, expected) in [
            ("http://127.0.0.1:8774", "http://127.0.0.1:8774/healthz"),
            ("https://cloud/", "https://cloud/healthz"),
            ("http://cloud:1/w/0123456789ab", "http://cloud:1/healthz"),
        ] {
            assert_eq!(health(url), expected);
        }
    }
}
