//! Numbers as people write them: the digits that matter, thousands apart.

use std::str::FromStr as _;
use std::sync::LazyLock;

use fixed_decimal::Decimal;
use icu_decimal::DecimalFormatter;
use icu_locale_core::locale;

use crate::locale::Locale;

/// How each locale writes numbers. The data of both are built in; without them a number would be
/// written as Rust does.
static ENGLISH: LazyLock<Option<DecimalFormatter>> =
    LazyLock::new(|| DecimalFormatter::try_new(locale!("en").into(), Default::default()).ok());
static FRENCH: LazyLock<Option<DecimalFormatter>> =
    LazyLock::new(|| DecimalFormatter::try_new(locale!("fr").into(), Default::default()).ok());

impl Locale {
    /// A number that Rust has written with as many digits as it is to have, as this locale writes
    /// it: `1234.5` is 1,234.5 or 1 234,5.
    pub fn decimal(self, plain: &str) -> String {
        let formatter = match self {
            Self::English => &ENGLISH,
            Self::French => &FRENCH,
        };
        match (Decimal::from_str(plain), formatter.as_ref()) {
            (Ok(number), Some(formatter)) => formatter.format(&number).to_string(),
            _ => plain.to_owned(),
        }
    }

    /// A whole number with its thousands apart: 1,000,000.
    pub fn grouped(self, number: impl Into<u128>) -> String {
        self.decimal(&number.into().to_string())
    }

    /// A value with so many decimals.
    pub fn fixed(self, value: f64, decimals: usize) -> String {
        self.decimal(&format!("{value:.decimals$}"))
    }

    /// A value with so many decimals and its thousands not apart: a figure that is searched for or
    /// copied.
    pub fn plain(self, value: f64, decimals: usize) -> String {
        let written = format!("{value:.decimals$}");
        match self {
            Self::English => written,
            Self::French => written.replace('.', ","),
        }
    }

    /// A value rounded to a whole number, with its thousands apart; nothing below zero.
    pub fn rounded(self, value: f64) -> String {
        self.grouped(value.max(0.0).round() as u128)
    }

    /// A measured value of any size, with as many digits as matter.
    pub fn figure(self, value: f64) -> String {
        match value.abs() {
            v if v >= 100.0 => self.rounded(value),
            v if v >= 10.0 => self.fixed(value, 1),
            v if v >= 0.1 => self.fixed(value, 2),
            0.0 => "0".to_owned(),
            v if v >= 0.01 => self.fixed(value, 3),
            v if v >= 0.001 => self.fixed(value, 4),
            _ => self.scientific(value),
        }
    }

    /// A small value with its power of ten: 1.3e-2.
    pub fn scientific(self, value: f64) -> String {
        let plain = format!("{value:.1e}");
        match plain.split_once('e') {
            Some((mantissa, power)) => format!("{}e{power}", self.decimal(mantissa)),
            None => plain,
        }
    }

    /// A number with its unit.
    pub fn unit(self, number: &str, unit: &str) -> String {
        format!("{number}{}{unit}", self.space())
    }

    /// A value with the three digits that matter.
    pub fn short(self, value: f64) -> String {
        match value.abs() {
            size if size >= 99.95 => self.grouped(value.round().max(0.0) as u64),
            size if size >= 9.995 => self.fixed(value, 1),
            _ => self.fixed(value, 2),
        }
    }

    /// A share of one, in whole percent.
    pub fn percent(self, share: f64) -> String {
        self.unit(&self.fixed(share * 100.0, 0), "%")
    }

    /// A factor by which something is larger or faster: 16.4 times.
    pub fn times(self, factor: f64) -> String {
        text!(self, "times", factor = self.figure(factor))
    }

    /// What stands between a number and its unit: French has a space there that no line breaks at.
    pub const fn space(self) -> &'static str {
        match self {
            Self::English => " ",
            Self::French => "\u{a0}",
        }
    }

    /// Words in a row: "a, b and c".
    pub fn listed(self, words: &[String]) -> String {
        match words {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => {
                text!(self, "listed", first = first.join(", "), last = last.as_str())
            }
        }
    }
}
