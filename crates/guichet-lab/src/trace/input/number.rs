//! Numbers as people and files write them: digits only. Signs, exponents, `inf`, `NaN` and
//! separators are refused, so that no number means something else than it looks like.

use std::time::Duration;

use guichet_core::limits;

/// Nanoseconds of a second.
pub(crate) const SECOND_NS: u128 = 1_000_000_000;

/// Decimals that count. More are cut off: at 18 an hour is split far below the nanosecond.
const DECIMALS_MAX: usize = 18;

/// A whole number from 0 to `max`.
pub(crate) fn whole(text: &str, max: u64) -> Option<u64> {
    if !is_digits(text) {
        return None;
    }
    text.parse().ok().filter(|number| *number <= max)
}

/// The same where it may have decimals that say nothing, as spreadsheets write them: `2.0`.
pub(crate) fn whole_with_zeros(text: &str, max: u64) -> Option<u64> {
    match text.split_once('.') {
        Some((units, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => {
            whole(units, max)
        }
        _ => whole(text, max),
    }
}

/// A decimal number (`12`, `0.5`) of units of `unit_ns` nanoseconds, at most [`limits::INPUT_TIME_MAX`].
/// Exact: what is finer than a nanosecond is cut off, nothing is rounded.
pub(crate) fn scaled(text: &str, unit_ns: u128) -> Option<Duration> {
    let (units, decimals) = text.split_once('.').unwrap_or((text, "0"));
    if !is_digits(units) || !is_digits(decimals) {
        return None;
    }
    let units: u64 = units.parse().ok()?;
    let decimals = &decimals[..decimals.len().min(DECIMALS_MAX)];
    let fraction: u64 = decimals.parse().ok()?;
    let whole_ns = u128::from(units).checked_mul(unit_ns)?;
    let fraction_ns = u128::from(fraction) * unit_ns / 10u128.pow(decimals.len() as u32);
    let ns = whole_ns.checked_add(fraction_ns)?;
    if ns > limits::INPUT_TIME_MAX.as_nanos() {
        return None;
    }
    let seconds = u64::try_from(ns / SECOND_NS).ok()?;
    Some(Duration::new(seconds, (ns % SECOND_NS) as u32))
}

/// A positive decimal number (`5000`, `0.5`) of at most `max`.
pub(crate) fn positive(text: &str, max: f64) -> Option<f64> {
    let (units, decimals) = text.split_once('.').unwrap_or((text, "0"));
    if !is_digits(units) || !is_digits(decimals) {
        return None;
    }
    text.parse().ok().filter(|number| *number > 0.0 && *number <= max)
}

/// A time as decimal seconds, exactly; [`scaled`] reads it back.
pub(crate) fn seconds(time: Duration) -> String {
    let text = format!("{}.{:09}", time.as_secs(), time.subsec_nanos());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
