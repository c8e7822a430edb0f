//! Numbers as a configuration spells them.

use std::fmt;

use guichet_core::limits::NUMBER_MAX;
use serde::de::{self, Deserialize, Deserializer, Unexpected, Visitor};
use toml::Spanned;

use super::mistake::Mistake;

/// A whole number, not negative.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole(pub(super) u64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WholeVisitor;
        impl Visitor<'_> for WholeVisitor {
            type Value = Whole;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number from 0")
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Whole, E> {
                let whole = u64::try_from(number);
                whole.map(Whole).map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Whole, E> {
                Ok(Whole(number))
            }
        }
        deserializer.deserialize_any(WholeVisitor)
    }
}

/// A number from `MIN`, or `"unlimited"`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Most<const MIN: u32>(pub(super) Option<u32>);

impl<'de, const MIN: u32> Deserialize<'de> for Most<MIN> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MostVisitor<const MIN: u32>;
        impl<const MIN: u32> Visitor<'_> for MostVisitor<MIN> {
            type Value = Most<MIN>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a whole number from {MIN} to {NUMBER_MAX}, or \"unlimited\"")
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Most<MIN>, E> {
                let most = u32::try_from(number).ok();
                let most = most.filter(|most| *most >= MIN && u64::from(*most) <= NUMBER_MAX);
                most.map(|most| Most(Some(most)))
                    .ok_or_else(|| E::invalid_value(Unexpected::Signed(number), &self))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Most<MIN>, E> {
                if text == "unlimited" {
                    return Ok(Most(None));
                }
                Err(E::invalid_value(Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_any(MostVisitor)
    }
}

/// The number, if it is within its range.
pub(super) fn within(
    field: &str,
    number: &Spanned<Whole>,
    min: u64,
    max: u64,
) -> Result<u64, Mistake> {
    let Whole(value) = *number.get_ref();
    if (min..=max).contains(&value) {
        return Ok(value);
    }
    let problem = format!("`{field}` is {value}, expected {min} to {max}");
    Err(Mistake::at(&number.span(), problem))
}

/// A number up to [`NUMBER_MAX`]; 0 if it is left out.
pub(super) fn or_zero(field: &str, number: Option<&Spanned<Whole>>) -> Result<u32, Mistake> {
    number.map_or(Ok(0), |number| small(field, number, 0))
}

/// A number up to [`NUMBER_MAX`].
pub(super) fn small(field: &str, number: &Spanned<Whole>, min: u64) -> Result<u32, Mistake> {
    let value = within(field, number, min, NUMBER_MAX)?;
    Ok(u32::try_from(value).unwrap_or(u32::MAX))
}
