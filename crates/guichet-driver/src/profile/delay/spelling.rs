//! A delay as a profile spells it: a table of one key, the distribution's name, that holds its
//! parameters. Read by hand and not as a derived enum, whose errors would speak of Rust's types.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Expected, IgnoredAny, MapAccess, Visitor};

use super::{Delay, Shape};
use crate::profile::number::{Millis, Sigma};

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Fixed,
    Uniform,
    LogNormal,
    Exponential,
    Trace,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `ms`")]
struct Fixed {
    ms: Millis,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `min_ms` and `max_ms`")]
struct Uniform {
    min_ms: Millis,
    max_ms: Millis,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `median_ms`, `sigma` and maybe `max_ms`")]
struct LogNormal {
    median_ms: Millis,
    sigma: Sigma,
    #[serde(default = "Millis::most")]
    max_ms: Millis,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `mean_ms` and maybe `max_ms`")]
struct Exponential {
    mean_ms: Millis,
    #[serde(default = "Millis::most")]
    max_ms: Millis,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `samples_ms`")]
struct Trace {
    samples_ms: Vec<Millis>,
}

/// Whether the named value is not above `max_ms`: a bound below it is a slip of the pen.
fn at_most<E: Error>(key: &str, value: Millis, max: Millis) -> Result<(), E> {
    if value.0 <= max.0 {
        return Ok(());
    }
    let (value, max) = (value.0, max.0);
    Err(E::custom(format!(
        "`{key}` is {value} and `max_ms` is {max}, expected `{key}` <= `max_ms`"
    )))
}

/// The parameters under the distribution's name.
fn shape<'de, A: MapAccess<'de>>(kind: &Kind, map: &mut A) -> Result<Shape, A::Error> {
    match kind {
        Kind::Fixed => {
            let Fixed { ms } = map.next_value()?;
            Ok(Shape::Fixed { ms: ms.0 })
        }
        Kind::Uniform => {
            let Uniform { min_ms, max_ms } = map.next_value()?;
            at_most("min_ms", min_ms, max_ms)?;
            Ok(Shape::Uniform { min: min_ms.0, max: max_ms.0 })
        }
        Kind::LogNormal => {
            let LogNormal { median_ms, sigma, max_ms } = map.next_value()?;
            at_most("median_ms", median_ms, max_ms)?;
            Ok(Shape::LogNormal { median: median_ms.0, sigma: sigma.0, max: max_ms.0 })
        }
        Kind::Exponential => {
            let Exponential { mean_ms, max_ms } = map.next_value()?;
            at_most("mean_ms", mean_ms, max_ms)?;
            Ok(Shape::Exponential { mean: mean_ms.0, max: max_ms.0 })
        }
        Kind::Trace => {
            let Trace { samples_ms } = map.next_value()?;
            if samples_ms.is_empty() {
                return Err(A::Error::custom(
                    "`samples_ms` is empty, expected at least one sample",
                ));
            }
            Ok(Shape::Trace { samples: samples_ms.into_iter().map(|ms| ms.0).collect() })
        }
    }
}

impl<'de> Deserialize<'de> for Delay {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(OneDistribution).map(Self)
    }
}

struct OneDistribution;

impl<'de> Visitor<'de> for OneDistribution {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one distribution, such as { fixed = { ms = 5 } }")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shape, A::Error> {
        let Some(kind) = map.next_key::<Kind>()? else {
            return Err(A::Error::custom(format!("nothing, expected {}", &self as &dyn Expected)));
        };
        let shape = shape(&kind, &mut map)?;
        if map.next_key::<IgnoredAny>()?.is_some() {
            return Err(A::Error::custom(format!("several, expected {}", &self as &dyn Expected)));
        }
        Ok(shape)
    }
}
