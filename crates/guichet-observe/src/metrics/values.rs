//! The values of metrics, and how they are written.

use std::fmt;

use guichet_core::times::{BUCKETS, ENDS_US, Times};
use guichet_http::answered::Exemplar;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;

use super::exemplars::Exemplars;
use super::table::{Kind, METRICS, Metric};

/// Labels of one value.
pub(super) type Labels = Vec<(&'static str, String)>;

/// A value.
#[derive(Debug)]
pub(super) enum Value {
    Number(f64),
    /// Counts by size.
    Histogram(Times),
    /// The same, with one of each bucket.
    Exemplified(Times, Box<[Option<Exemplar>; BUCKETS]>),
}

/// All values of the metrics, in the order of [`METRICS`].
#[derive(Debug)]
pub(super) struct Values(Vec<Vec<(Labels, Value)>>);

impl Values {
    pub(super) fn none() -> Self {
        Self(METRICS.iter().map(|_| Vec::new()).collect())
    }

    /// Adds a value; a name that is not in the table has none, and a test says so.
    pub(super) fn add(&mut self, name: &str, labels: Labels, value: Value) {
        let place = METRICS.iter().position(|metric| metric.name == name);
        debug_assert!(place.is_some(), "{name} is not in the table");
        if let Some(values) = place.and_then(|place| self.0.get_mut(place)) {
            values.push((labels, value));
        }
    }

    pub(super) fn number(&mut self, name: &str, labels: Labels, value: f64) {
        self.add(name, labels, Value::Number(value));
    }

    /// A histogram; nothing if it counted nothing.
    pub(super) fn times(&mut self, name: &str, labels: Labels, times: &Times) {
        if times.count() > 0 {
            self.add(name, labels, Value::Histogram(*times));
        }
    }

    /// The exemplars of the histograms that have any, in the order in which they are written.
    pub(super) fn exemplars(&self) -> Vec<Exemplars> {
        let of = |(metric, values): (&Metric, &Vec<(Labels, Value)>)| {
            let rows = values.iter().filter_map(|(_, value)| match value {
                Value::Exemplified(_, exemplars) => Some(**exemplars),
                Value::Histogram(_) | Value::Number(_) => None,
            });
            let of_lines: Vec<_> = rows.flatten().collect();
            (!of_lines.is_empty()).then_some(Exemplars { name: metric.name, of_lines })
        };
        METRICS.iter().zip(&self.0).filter_map(of).collect()
    }

    pub(super) fn one(&mut self, name: &str, value: f64) {
        self.number(name, Vec::new(), value);
    }
}

impl Collector for Values {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        for (metric, values) in METRICS.iter().zip(&self.0) {
            if values.is_empty() {
                continue;
            }
            let kind = match metric.kind {
                Kind::Counter => MetricType::Counter,
                Kind::Gauge => MetricType::Gauge,
                Kind::Histogram => MetricType::Histogram,
            };
            let mut of_metric = encoder.encode_descriptor(metric.name, metric.help, None, kind)?;
            for (labels, value) in values {
                if labels.is_empty() {
                    written(&mut of_metric, metric.kind, value)?;
                } else {
                    written(&mut of_metric.encode_family(labels)?, metric.kind, value)?;
                }
            }
        }
        Ok(())
    }
}

fn written(encoder: &mut MetricEncoder<'_>, kind: Kind, value: &Value) -> fmt::Result {
    match (value, kind) {
        (Value::Histogram(times) | Value::Exemplified(times, _), _) => {
            let ends = ENDS_US.iter().map(|end| *end as f64 / 1e6).chain([f64::INFINITY]);
            let buckets: Vec<(f64, u64)> = ends.zip(times.buckets).collect();
            let sum_s = times.sum_us as f64 / 1e6;
            encoder.encode_histogram::<NoLabelSet>(sum_s, times.count(), &buckets, None)
        }
        (Value::Number(number), Kind::Counter) => {
            encoder.encode_counter::<NoLabelSet, f64, f64>(number, None)
        }
        (Value::Number(number), _) => encoder.encode_gauge(number),
    }
}
