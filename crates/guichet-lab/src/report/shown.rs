//! Numbers and times as people read them.

use crate::words;

/// A count with its thousands apart.
pub fn count(count: u64) -> String {
    words::grouped(count)
}

/// A count with its noun.
pub fn counted(number: u64, noun: &str) -> String {
    words::counted(number, noun)
}

/// A time in the unit in which it has two or three digits.
pub fn time_us(micros: u64) -> String {
    let us = micros as f64;
    match us {
        us if us < 1_000.0 => format!("{us} µs"),
        us if us < 1_000_000.0 => format!("{} ms", short(us / 1e3)),
        us if us < 120.0 * 1e6 => format!("{} s", short(us / 1e6)),
        us if us < 2.0 * 3_600.0 * 1e6 => format!("{} min", short(us / 60e6)),
        us if us < 72.0 * 3_600.0 * 1e6 => format!("{} h", short(us / 3_600e6)),
        us => format!("{} days", short(us / 86_400e6)),
    }
}

/// Three digits that matter.
pub fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 99.95 => count(value.round().max(0.0) as u64),
        size if size >= 9.995 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// A unit for an axis of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// Its name.
    pub name: &'static str,
    /// How long it is, µs.
    pub us: f64,
}

impl Unit {
    /// The one that a time this long is told in.
    pub fn of(span_us: u64) -> Self {
        let units = [
            (1_000_000, "ms", 1e3),
            (120_000_000, "s", 1e6),
            (7_200_000_000, "min", 60e6),
            (259_200_000_000, "h", 3_600e6),
        ];
        let found = units.into_iter().find(|(below, ..)| span_us < *below);
        found.map_or(Self { name: "days", us: 86_400e6 }, |(_, name, us)| Self { name, us })
    }

    /// A time in it.
    pub fn times(&self, micros: u64) -> f64 {
        micros as f64 / self.us
    }
}

/// Words in a row: "a, b and c".
pub fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_easy_to_read() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(count(number), text);
        }
        for (us, text) in [
            (0, "0 µs"),
            (999, "999 µs"),
            (1_500, "1.50 ms"),
            (15_000, "15.0 ms"),
            (999_949, "1,000 ms"),
            (12_345_678, "12.3 s"),
            (130_000_000, "2.17 min"),
            (4 * 3_600_000_000, "4.00 h"),
            (149 * 86_400_000_000, "149 days"),
        ] {
            assert_eq!(time_us(us), text);
        }
        let words = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(listed(&words), "a, b and c");
        assert_eq!(counted(1, "server"), "1 server");
    }

    #[test]
    fn an_axis_has_the_unit_of_its_end() {
        assert_eq!(Unit::of(999_999).name, "ms");
        assert_eq!(Unit::of(1_000_000).name, "s");
        assert_eq!(Unit::of(u64::MAX).name, "days");
        assert!((Unit::of(1_000_000).times(1_500_000) - 1.5).abs() < 1e-12);
    }
}
