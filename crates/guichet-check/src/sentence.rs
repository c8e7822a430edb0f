//! What is said of a finding or a problem, in sentences.

use guichet_locale::{Locale, capitalised, digits, text};
use serde_json::Value;

use crate::message::{Found, Problem};

impl Problem {
    /// What is wrong with a file, and what to do.
    pub(crate) fn sentence(&self, locale: Locale) -> String {
        let there = match self.there.join(", ") {
            none if none.is_empty() => text!(locale, "check-none"),
            some => some,
        };
        let (line, name, reason) = (self.line, self.name.as_str(), self.text.as_str());
        let (call, class, kind) = (self.call.as_str(), self.cls.as_str(), self.kind.as_str());
        match self.what.as_str() {
            "syntax" => text!(locale, "check-syntax", line = line, reason = reason),
            "python" => text!(locale, "check-python", version = reason),
            "no_such_class" => text!(locale, "check-no-such-class", name = name, there = there),
            "no_class" => text!(locale, "check-no-class", there = there),
            "no_method" if name.is_empty() => {
                text!(locale, "check-no-method", class = class, kind = kind, there = there)
            }
            "no_method" => {
                text!(locale, "check-no-such-method", class = class, name = name, there = there)
            }
            "import" => text!(locale, "check-import", line = line, reason = reason),
            "import_ends_not" => text!(locale, "check-import-ends-not"),
            "refused_module" => text!(locale, "check-refused-module", line = line, name = name),
            "coroutine" => text!(locale, "check-coroutine"),
            "create_fails" => {
                text!(locale, "check-create-fails", line = line, call = call, reason = reason)
            }
            "grows_not" => text!(locale, "check-grows-not", call = call),
            "cannot_call" => text!(locale, "check-cannot-call", call = call),
            "delete_removes_not" => text!(locale, "check-delete-removes-not", call = call),
            "memory" => text!(locale, "check-memory"),
            "recursion" => text!(locale, "check-recursion"),
            other => text!(locale, "check-other", what = other),
        }
    }
}

/// The title of a kind.
pub(crate) fn title(kind: &str, locale: Locale) -> String {
    match kind {
        "lost_server" => text!(locale, "check-title-lost-server"),
        "too_many_servers" => text!(locale, "check-title-too-many-servers"),
        "double_delete" => text!(locale, "check-title-double-delete"),
        "resurrected" => text!(locale, "check-title-resurrected"),
        "duplicate_id" => text!(locale, "check-title-duplicate-id"),
        "wrong_count" => text!(locale, "check-title-wrong-count"),
        "wrong_answer" => text!(locale, "check-title-wrong-answer"),
        "empty_pop" => text!(locale, "check-title-empty-pop"),
        "uncaught_exception" => text!(locale, "check-title-uncaught-exception"),
        "deadlock" => text!(locale, "check-title-deadlock"),
        "lock_not_released" => text!(locale, "check-title-lock-not-released"),
        "lock_over_sleep" => text!(locale, "check-title-lock-over-sleep"),
        "never_ends" => text!(locale, "check-title-never-ends"),
        other => other.to_owned(),
    }
}

impl Found {
    /// A thread's name.
    pub(crate) fn name(&self, number: u64, locale: Locale) -> String {
        let task = self.tasks.iter().find(|task| task.task == number);
        task.map_or_else(|| text!(locale, "check-a-thread"), |task| task.name.clone())
    }

    /// What happens, in a sentence or two.
    pub(crate) fn sentence(&self, locale: Locale) -> String {
        let details = &self.details;
        let part = |key: &str| details[key].as_str().unwrap_or("?").to_owned();
        match self.kind.as_str() {
            "lost_server" | "too_many_servers" => text!(
                locale,
                "check-servers",
                count = details["count"].as_u64().unwrap_or_default(),
                expected = alternatives(&details["expected"], locale)
            ),
            "double_delete" => {
                let deletes = details["deletes"].as_u64().unwrap_or_default();
                text!(locale, "check-double-delete", deletes = deletes)
            }
            "resurrected" => {
                let labels = alternatives(&details["labels"], locale);
                text!(locale, "check-resurrected", labels = labels)
            }
            "duplicate_id" => {
                let count = details["count"].as_u64().unwrap_or_default();
                text!(locale, "check-duplicate-id", count = count)
            }
            "wrong_count" => counters(&details["counters"], locale),
            "wrong_answer" => text!(locale, "check-wrong-answer"),
            "empty_pop" | "uncaught_exception" => raised(details, locale),
            "deadlock" => deadlock(self, locale),
            "lock_not_released" => {
                text!(locale, "check-not-released", call = part("call"), lock = part("lock"))
            }
            "lock_over_sleep" => over_sleep(details, locale),
            "never_ends" => {
                let steps = details["steps"].as_u64().unwrap_or_default();
                text!(locale, "check-never-ends", steps = digits(steps))
            }
            _ => String::new(),
        }
    }
}

/// Values with an "or" between them.
fn alternatives(values: &Value, locale: Locale) -> String {
    let values = values.as_array().into_iter().flatten();
    let values = values.map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned));
    let joined = values.reduce(|first, last| text!(locale, "check-or", first = first, last = last));
    joined.unwrap_or_default()
}

/// An exception where a refusal is due.
fn raised(details: &Value, locale: Locale) -> String {
    let line = details["line"].as_u64().unwrap_or_default();
    let call = details["call"].as_str().unwrap_or("?");
    let error = details["error"].as_str().unwrap_or("?");
    if details["alone"].as_bool().unwrap_or(false) {
        text!(locale, "check-raised-alone", line = line, call = call, error = error)
    } else {
        text!(locale, "check-raised", line = line, call = call, error = error)
    }
}

fn counters(counters: &Value, locale: Locale) -> String {
    let sentences = counters.as_array().into_iter().flatten().map(|counter| {
        text!(
            locale,
            "check-counter",
            name = counter["name"].as_str().unwrap_or("?"),
            value = counter["value"].to_string(),
            expected = alternatives(&counter["expected"], locale)
        )
    });
    sentences.collect::<Vec<_>>().join(" ")
}

fn deadlock(found: &Found, locale: Locale) -> String {
    let name = |number: &Value| found.name(number.as_u64().unwrap_or(u64::MAX), locale);
    let waiting = found.details["waiting"].as_array().cloned().unwrap_or_default();
    let sentences = waiting.iter().map(|waits| {
        let who = capitalised(&name(&waits["task"]));
        let line = waits["line"].as_u64().unwrap_or_default();
        let what = waits["waits_for"].as_str().unwrap_or("?");
        match waits["owners"].as_array().and_then(|owners| owners.first()) {
            Some(owner) if *owner == waits["task"] => {
                text!(locale, "check-waits-itself", who = who, line = line, what = what)
            }
            Some(owner) => text!(
                locale,
                "check-waits-other",
                who = who,
                line = line,
                what = what,
                owner = name(owner)
            ),
            None => text!(locale, "check-waits-nobody", who = who, line = line, what = what),
        }
    });
    sentences.collect::<Vec<_>>().join(" ")
}

fn over_sleep(details: &Value, locale: Locale) -> String {
    let took = details["took"].as_f64().unwrap_or(0.0);
    let without = details["without"].as_f64().unwrap_or(0.0);
    let times = if without > 0.0 { took / without } else { 0.0 };
    text!(
        locale,
        "check-over-sleep",
        line = details["line"].as_u64().unwrap_or_default(),
        lock = match details["lock"].as_str() {
            Some(lock) => lock.to_owned(),
            None => text!(locale, "check-a-lock"),
        },
        requests = details["requests"].as_u64().unwrap_or_default(),
        method = details["method"].as_str().unwrap_or("?"),
        workers = details["workers"].as_u64().unwrap_or_default(),
        took = locale.fixed(took, 2),
        without = locale.fixed(without, 2),
        times = locale.fixed(times, 1)
    )
}
