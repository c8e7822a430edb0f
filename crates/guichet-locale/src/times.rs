//! Times as people write them: in the unit in which they have few digits.

use crate::locale::Locale;

impl Locale {
    /// A time, given in microseconds, in the unit in which it has two or three digits.
    pub fn time_us(self, micros: u64) -> String {
        let us = micros as f64;
        match us {
            us if us < 1_000.0 => self.unit(&micros.to_string(), "µs"),
            us if us < 1_000_000.0 => self.unit(&self.short(us / 1e3), "ms"),
            us if us < 120.0 * 1e6 => self.unit(&self.short(us / 1e6), "s"),
            us if us < 2.0 * 3_600.0 * 1e6 => self.unit(&self.short(us / 60e6), "min"),
            us if us < 72.0 * 3_600.0 * 1e6 => self.unit(&self.short(us / 3_600e6), "h"),
            us => {
                let days = us / 86_400e6;
                text!(self, "days", count = days, number = self.short(days))
            }
        }
    }

    /// A time, given in milliseconds, with the digits that matter: a cell of a table.
    pub fn time_ms(self, ms: f64) -> String {
        match ms {
            ms if ms >= 100_000.0 => self.unit(&self.fixed(ms / 1_000.0, 0), "s"),
            ms if ms >= 1_000.0 => self.unit(&self.fixed(ms / 1_000.0, 1), "s"),
            ms if ms >= 100.0 => self.unit(&self.fixed(ms, 0), "ms"),
            ms if ms >= 1.0 => self.unit(&self.fixed(ms, 1), "ms"),
            ms => self.unit(&self.fixed(ms * 1_000.0, 0), "µs"),
        }
    }

    /// How long something went on, given in seconds, with one decimal.
    pub fn span_s(self, seconds: f64) -> String {
        match seconds {
            s if s >= 86_400.0 => {
                let days = s / 86_400.0;
                text!(self, "days", count = days, number = self.fixed(days, 1))
            }
            s if s >= 3_600.0 => self.unit(&self.fixed(s / 3_600.0, 1), "h"),
            s if s >= 60.0 => self.unit(&self.fixed(s / 60.0, 1), "min"),
            s => self.unit(&self.fixed(s, 1), "s"),
        }
    }
}
