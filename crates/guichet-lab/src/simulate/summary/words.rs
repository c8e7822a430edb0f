//! A summary in a few sentences: what somebody wants to know who has seen none before.

use guichet_engine::Drained;
use guichet_locale::{Locale, text};

use super::Summary;

impl Summary {
    /// What became of the requests, how long one took, and whether all that was checked holds.
    pub fn in_words(&self, interrupted: bool, drained: Drained, locale: Locale) -> Vec<String> {
        let mut sentences = vec![self.answers(interrupted, locale)];
        sentences.extend(self.ends(drained, locale));
        sentences.extend(self.durations(locale));
        sentences
    }

    /// Whether everything that was checked holds.
    pub fn verdict(&self, locale: Locale) -> String {
        let checks = self.invariants.checked;
        match self.invariants.violations.len() {
            0 => text!(locale, "simulate-holds", checks = checks),
            broken => text!(locale, "simulate-broken", broken = broken, checks = checks),
        }
    }

    /// How requests were answered.
    fn answers(&self, interrupted: bool, locale: Locale) -> String {
        let requests = &self.requests;
        let (sent, reads) = (requests.sent + self.queries.count, self.queries.count);
        let refused: u64 = requests.refused.values().sum();
        let mut parts = Vec::new();
        if requests.accepted > 0 {
            parts.push(text!(locale, "simulate-accepted", count = requests.accepted));
        }
        if requests.repeated > 0 {
            parts.push(text!(locale, "simulate-repeated", count = requests.repeated));
        }
        if refused > 0 {
            parts.push(text!(locale, "simulate-refused", count = refused));
        }
        if reads > 0 {
            parts.push(text!(locale, "simulate-reads", count = reads));
        }
        let parts = locale.listed(&parts);
        match (sent, interrupted) {
            (0, _) => text!(locale, "simulate-none-sent"),
            (_, false) => text!(locale, "simulate-answered", count = sent, parts = parts),
            (_, true) => text!(locale, "simulate-interrupted", count = sent, parts = parts),
        }
    }

    /// How what was accepted ended.
    fn ends(&self, drained: Drained, locale: Locale) -> Option<String> {
        let operations = &self.operations;
        if operations.accepted == 0 {
            return None;
        }
        let mut ends = Vec::new();
        if operations.succeeded > 0 {
            ends.push(text!(locale, "simulate-succeeded", count = operations.succeeded));
        }
        if operations.failed > 0 {
            ends.push(text!(locale, "simulate-failed", count = operations.failed));
        }
        if operations.cancelled > 0 {
            ends.push(text!(locale, "simulate-gave-way", count = operations.cancelled));
        }
        let ends = locale.listed(&ends);
        Some(match drained.left_queued + drained.left_running {
            0 => text!(locale, "simulate-ends", ends = ends),
            left => text!(locale, "simulate-ends-left", ends = ends, left = left),
        })
    }

    /// How long one took.
    fn durations(&self, locale: Locale) -> Option<String> {
        if self.samples.latency == 0 {
            return None;
        }
        let (latency, wait) = (&self.latency_ms, &self.wait_ms);
        Some(text!(
            locale,
            "simulate-durations",
            half = locale.time_ms(latency.p50),
            most = locale.time_ms(latency.p99),
            wait = locale.time_ms(wait.p50)
        ))
    }
}
