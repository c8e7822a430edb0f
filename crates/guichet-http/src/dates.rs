//! Dates as ISO 8601 has them, in UTC. Each field of an API has its own form, and keeps it.
//!
//! | function | looks like |
//! | --- | --- |
//! | [`seconds`] | `2026-01-02T03:04:05Z` |
//! | [`bare`] | `2026-01-02T03:04:05.000000` |
//! | [`micros`] | `2026-01-02T03:04:05.000000Z` |

use std::fmt;

use guichet_core::time::Timestamp;
use serde::{Serialize, Serializer};

/// Bytes of the longest form, `2026-01-02T03:04:05.000000Z`.
const LONGEST: usize = 27;

/// A date as text. Costs no allocation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Date {
    text: [u8; LONGEST],
    length: usize,
}

/// To the second: `2026-01-02T03:04:05Z`.
pub fn seconds(at: Timestamp) -> Date {
    let mut date = written(at);
    date.text[19] = b'Z';
    date.length = 20;
    date
}

/// To the microsecond and without a zone, `2026-01-02T03:04:05.000000`: for fields whose clients
/// fail on a zone.
pub fn bare(at: Timestamp) -> Date {
    written(at)
}

/// To the microsecond: `2026-01-02T03:04:05.000000Z`.
pub fn micros(at: Timestamp) -> Date {
    let mut date = written(at);
    date.text[26] = b'Z';
    date.length = 27;
    date
}

impl Date {
    /// The text.
    pub fn as_str(&self) -> &str {
        // Digits and punctuation were written there, nothing else.
        std::str::from_utf8(&self.text[..self.length]).unwrap_or("")
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// To the microsecond, without a zone.
fn written(at: Timestamp) -> Date {
    let at =
        i64::try_from(at.micros()).ok().and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
    // Past the year 9999 there is nothing to write.
    let at = jiff::tz::Offset::UTC.to_datetime(at.unwrap_or(jiff::Timestamp::MAX));
    let mut text = *b"0000-00-00T00:00:00.000000\0";
    let mut put = |from: usize, number: u32| {
        text[from] = b'0' + (number / 10 % 10) as u8;
        text[from + 1] = b'0' + (number % 10) as u8;
    };
    // None is negative: the clock starts in 1970.
    let year = u32::from(at.year().unsigned_abs());
    put(0, year / 100);
    put(2, year % 100);
    put(5, u32::from(at.month().unsigned_abs()));
    put(8, u32::from(at.day().unsigned_abs()));
    put(11, u32::from(at.hour().unsigned_abs()));
    put(14, u32::from(at.minute().unsigned_abs()));
    put(17, u32::from(at.second().unsigned_abs()));
    let micros = at.subsec_nanosecond().unsigned_abs() / 1_000;
    put(20, micros / 10_000);
    put(22, micros / 100 % 100);
    put(24, micros % 100);
    Date { text, length: 26 }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use guichet_core::time::VIRTUAL_START;

    use super::*;

    #[test]
    fn each_form_is_written_to_its_own_precision() {
        let at = VIRTUAL_START.after(Duration::from_micros(97_445_000_789));
        assert_eq!(seconds(at).as_str(), "2026-01-02T03:04:05Z");
        assert_eq!(bare(at).as_str(), "2026-01-02T03:04:05.000789");
        assert_eq!(micros(at).as_str(), "2026-01-02T03:04:05.000789Z");
        assert_eq!(serde_json::json!(bare(at)), "2026-01-02T03:04:05.000789");
    }

    #[test]
    fn every_instant_can_be_written() {
        assert_eq!(seconds(Timestamp::from_micros(0)).as_str(), "1970-01-01T00:00:00Z");
        assert_eq!(seconds(Timestamp::from_micros(u64::MAX)).as_str().len(), 20);
        assert_eq!(bare(Timestamp::from_micros(u64::MAX)).as_str().len(), 26);
        let leap = Timestamp::from_micros(1_709_164_800_000_000);
        assert_eq!(seconds(leap).as_str(), "2024-02-29T00:00:00Z");
    }
}
