//! A verdict as text for a terminal of 80 columns.

use guichet_locale::{Locale, digits, text};

use crate::layout::{WIDTH, wrapped};
use crate::message::Found;
use crate::sentence::title;
use crate::timeline;
use crate::verdict::Verdict;

impl Verdict {
    /// The verdict as lines.
    pub fn lines(&self, locale: Locale) -> Vec<String> {
        let mut lines = Vec::new();
        lines.extend(wrapped(&self.heading(locale), "", WIDTH));
        lines.extend(wrapped(&self.summary(locale), "  ", WIDTH));
        for (number, found) in self.found.iter().enumerate() {
            lines.push(String::new());
            lines.push(format!("{}. {}", number + 1, headed(found, locale)));
            lines.extend(wrapped(&found.sentence(locale), "   ", WIDTH));
            if !found.steps.is_empty() {
                lines.push(String::new());
                lines.extend(wrapped(&before(found, locale), "   ", WIDTH));
                lines.extend(timeline::lines(found, &self.source, locale));
            }
        }
        for kind in &self.untold {
            lines.push(String::new());
            let title = title(kind, locale);
            lines.push(format!("-  {}", text!(locale, "check-not-shown", title = title)));
        }
        lines
    }

    pub(crate) fn heading(&self, locale: Locale) -> String {
        let file = self.path.display().to_string();
        let Some(subject) = &self.subject else { return file };
        let methods: Vec<&str> = subject.methods.values().map(String::as_str).collect();
        let (class, methods) = (subject.class.as_str(), methods.join(", "));
        text!(locale, "check-heading", file = file, class = class, methods = methods)
    }

    pub(crate) fn summary(&self, locale: Locale) -> String {
        let Some(done) = &self.done else {
            return text!(locale, "check-cut-short");
        };
        let kinds = self.found.len() + self.untold.len();
        let schedules = text!(locale, "check-schedules", count = digits(done.schedules));
        let mut sentence = if kinds == 0 {
            text!(locale, "check-nothing", schedules = schedules)
        } else {
            text!(locale, "check-kinds", count = kinds, schedules = schedules)
        };
        match done.preemptions {
            -1 => {}
            0 => sentence += &text!(locale, "check-depth-none"),
            most => sentence += &text!(locale, "check-depth", count = most),
        }
        sentence += &match done.stopped.as_deref() {
            Some("time") => text!(locale, "check-stopped-time"),
            Some("schedules") => text!(locale, "check-stopped-schedules"),
            Some("stuck") => text!(locale, "check-stopped-stuck"),
            Some("stubborn") => text!(locale, "check-stopped-stubborn"),
            _ if done.cut => text!(locale, "check-stopped-cut"),
            _ => String::new(),
        };
        let mut sentences = vec![sentence + "."];
        if !self.is_bad() {
            sentences.push(text!(locale, "check-no-proof"));
        }
        if done.stray {
            sentences.push(text!(locale, "check-stray"));
        }
        sentences.join(" ")
    }
}

/// What was done before the clients.
pub(crate) fn before(found: &Found, locale: Locale) -> String {
    let start: Vec<&str> = found.start.iter().map(|call| call.text.as_str()).collect();
    if start.is_empty() {
        text!(locale, "check-before-nothing")
    } else {
        text!(locale, "check-before", calls = start.join(", "))
    }
}

/// The title of something found, and how many preemptions it takes.
pub(crate) fn headed(found: &Found, locale: Locale) -> String {
    let title = title(&found.kind, locale);
    match found.preemptions {
        _ if found.steps.is_empty() => title,
        0 => text!(locale, "check-headed-none", title = title),
        count => text!(locale, "check-headed", title = title, count = count),
    }
}
