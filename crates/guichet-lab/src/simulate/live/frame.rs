//! One frame of the live view, as text: pure, from what was seen.

use std::time::Duration;

use anstyle::AnsiColor;
use console::{measure_text_width, truncate_str};
use guichet_core::state::Status;
use guichet_locale::{Locale, text};

use crate::simulate::paint::painted;

/// What one look at a run saw.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    /// Requests that are over, reads included.
    pub over: u64,
    /// Requests in all.
    pub all: u64,
    /// How much of the run is over, from 0 to 1.
    pub share: f64,
    /// Requests a second, lately.
    pub per_s: f64,
    /// How long it will still take; not known at the start.
    pub left: Option<Duration>,
    /// How much virtual time has passed, s, if time is virtual.
    pub virtual_s: Option<f64>,
    /// Operations that run.
    pub in_flight: usize,
    /// Operations that wait for their first start.
    pub waiting: usize,
    /// Operations that wait for another attempt.
    pub requeued: usize,
    /// How many may wait.
    pub queue: usize,
    /// Operations that did what was asked for.
    pub succeeded: u64,
    /// Operations that failed for good.
    pub failed: u64,
    /// Operations that were given up for another.
    pub cancelled: u64,
    /// Servers by status, in the order of [`Status::ALL`].
    pub servers: Vec<u64>,
    /// The latest transitions as lines, the oldest first.
    pub latest: Vec<String>,
}

/// Lines that a frame has whatever the screen's height: three of figures, a blank one, the bar.
const LINES_MIN: usize = 5;

/// How wide the words at the beginning of lines are.
const LABEL: usize = 12;

impl Seen {
    /// The whole view for a screen of so many columns and rows.
    pub fn frame(&self, (width, height): (usize, usize), color: bool, locale: Locale) -> String {
        let mut lines = self.figures(locale);
        lines.push(String::new());
        // A blank line below the transitions, and the cursor's own.
        let place = height.saturating_sub(LINES_MIN + 2);
        let skipped = self.latest.len().saturating_sub(place);
        if skipped < self.latest.len() {
            lines.extend(self.latest.iter().skip(skipped).cloned());
            lines.push(String::new());
        }
        lines.push(self.bar(width, color, locale));
        let fitted = lines.iter().map(|line| truncate_str(line, width, "…"));
        fitted.collect::<Vec<_>>().join("\n")
    }

    /// The lines of figures.
    fn figures(&self, locale: Locale) -> Vec<String> {
        let line = |label: String, text: String| format!("{label:LABEL$}{text}");
        vec![
            line(text!(locale, "simulate-label-requests"), self.requests(locale)),
            line(text!(locale, "simulate-label-operations"), self.operations(locale)),
            line(text!(locale, "simulate-label-servers"), self.by_status(locale)),
        ]
    }

    fn requests(&self, locale: Locale) -> String {
        let (over, all, rate) = (self.over, self.all, locale.rounded(self.per_s));
        match self.virtual_s.map(|seconds| locale.span_s(seconds)) {
            None => text!(locale, "live-requests", over = over, all = all, rate = rate),
            Some(span) => {
                text!(
                    locale,
                    "live-requests-virtual",
                    over = over,
                    all = all,
                    rate = rate,
                    span = span
                )
            }
        }
    }

    fn operations(&self, locale: Locale) -> String {
        let mut ends = vec![text!(locale, "live-succeeded", count = self.succeeded)];
        if self.failed > 0 {
            ends.push(text!(locale, "live-failed", count = self.failed));
        }
        if self.cancelled > 0 {
            ends.push(text!(locale, "live-cancelled", count = self.cancelled));
        }
        let (flight, waiting, queue) = (self.in_flight, self.waiting, self.queue);
        let ends = ends.join(", ");
        if self.requeued == 0 {
            return text!(
                locale,
                "live-operations",
                flight = flight,
                waiting = waiting,
                queue = queue,
                ends = ends
            );
        }
        text!(
            locale,
            "live-operations-again",
            flight = flight,
            waiting = waiting,
            queue = queue,
            again = self.requeued,
            ends = ends
        )
    }

    fn by_status(&self, locale: Locale) -> String {
        let there = self.servers.iter().zip(Status::ALL).filter(|(count, _)| **count > 0);
        let there: Vec<String> =
            there.map(|(count, status)| format!("{} {status}", locale.grouped(*count))).collect();
        if there.is_empty() { text!(locale, "simulate-no-server") } else { there.join(", ") }
    }

    /// The bar alone, with what is left.
    pub fn bar(&self, width: usize, color: bool, locale: Locale) -> String {
        let left = self.left.map_or_else(
            || "…".to_owned(),
            |left| text!(locale, "live-left", span = locale.span_s(left.as_secs_f64())),
        );
        let share = self.share.clamp(0.0, 1.0);
        let text = format!("  {:>5}  {left}", locale.percent(share));
        let cells = width.saturating_sub(measure_text_width(&text).max(18)).min(60);
        let done = (share * cells as f64) as usize;
        let (full, empty) = ("█".repeat(done), "░".repeat(cells - done));
        painted(&full, AnsiColor::Green, color) + &empty + &text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen() -> Seen {
        let mut servers = vec![0; Status::ALL.len()];
        servers[0] = 20;
        servers[1] = 1_377;
        Seen {
            over: 4_213,
            all: 10_000,
            share: 0.4213,
            per_s: 5_870.4,
            left: Some(Duration::from_millis(1_234)),
            in_flight: 64,
            waiting: 120,
            queue: 10_000,
            succeeded: 3_921,
            servers,
            latest: (0..8).map(|n| format!("transition {n} {}", "x".repeat(200))).collect(),
            ..Seen::default()
        }
    }

    #[test]
    fn a_frame_says_where_the_run_is() {
        let frame = seen().frame((80, 24), false, Locale::English);
        let lines: Vec<&str> = frame.lines().collect();
        assert_eq!(lines[0], "requests    4,213 of 10,000, 5,870 a second");
        assert_eq!(lines[1], "operations  64 in flight, 120 of 10,000 waiting; 3,921 succeeded");
        assert_eq!(lines[2], "servers     20 BUILD, 1,377 ACTIVE");
        assert!(lines[4].starts_with("transition 0 xxx"), "{frame}");
        let bar = lines.last().unwrap();
        assert!(bar.starts_with("███") && bar.ends_with("░   42 %  1.2 s left"), "{bar}");
    }

    #[test]
    fn a_frame_is_in_french_too() {
        let frame =
            seen().frame((80, 24), false, Locale::French).replace(['\u{a0}', '\u{202f}'], " ");
        let lines: Vec<&str> = frame.lines().collect();
        assert_eq!(lines[0], "requêtes    4 213 sur 10 000, 5 870 par seconde");
        assert_eq!(lines[1], "opérations  64 en cours, 120 sur 10 000 en attente ; 3 921 réussies");
        assert!(lines.last().unwrap().ends_with("░   42 %  encore 1,2 s"), "{frame}");
    }

    #[test]
    fn a_frame_fits_every_screen() {
        let everything = Seen {
            requeued: 12_345,
            failed: 9_999,
            cancelled: 99_999,
            virtual_s: Some(1e9),
            servers: vec![1_000_000; Status::ALL.len()],
            ..seen()
        };
        for width in [60, 80, 100, 140] {
            for height in [6, 12, 24, 60] {
                for (color, locale) in
                    [false, true].into_iter().flat_map(|color| Locale::ALL.map(|it| (color, it)))
                {
                    let frame = everything.frame((width, height), color, locale);
                    let wide = frame.lines().map(measure_text_width).max().unwrap();
                    assert!(wide <= width, "{wide} of {width}:\n{frame}");
                    assert!(frame.lines().count() < height, "{height}:\n{frame}");
                    assert_eq!(frame.contains('\u{1b}'), color);
                }
            }
        }
    }

    #[test]
    fn the_latest_stay_when_the_screen_is_low() {
        let frame = seen().frame((80, 11), false, Locale::English);
        assert!(frame.contains("transition 7") && !frame.contains("transition 3"), "{frame}");
        assert!(!seen().frame((80, 7), false, Locale::English).contains("transition"));
    }
}
