//! How often something happens, from counts of samples. Pure.

use std::collections::BTreeMap;

use super::seen::Sample;

/// What happens to operations, in the order in which it is shown.
pub(super) const OUTCOMES: [&str; 6] =
    ["accepted", "started", "succeeded", "failed", "requeued", "cancelled"];

/// An action, and how often in a second each outcome is counted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) action: String,
    pub(super) a_second: [f64; OUTCOMES.len()],
}

impl Row {
    fn sum(&self) -> f64 {
        self.a_second.iter().sum()
    }
}

/// How long these samples are together; never nothing.
fn seconds<'a>(samples: impl Iterator<Item = &'a Sample>) -> f64 {
    samples.map(|sample| sample.seconds).sum::<f64>().max(1e-3)
}

/// The actions of these samples, those first of which most happens.
pub(super) fn by_action<'a>(samples: impl Iterator<Item = &'a Sample> + Clone) -> Vec<Row> {
    let long = seconds(samples.clone());
    let mut rows: BTreeMap<&str, [f64; OUTCOMES.len()]> = BTreeMap::new();
    for count in samples.flat_map(|sample| sample.operations.iter().flatten()) {
        if let Some(at) = OUTCOMES.iter().position(|outcome| *outcome == count.outcome) {
            rows.entry(&count.action).or_default()[at] += count.count as f64 / long;
        }
    }
    let rows = rows.into_iter();
    let mut rows: Vec<Row> =
        rows.map(|(action, a_second)| Row { action: action.to_owned(), a_second }).collect();
    // By name where it is the same: the order is that of the map.
    rows.sort_by(|one, other| other.sum().total_cmp(&one.sum()));
    rows
}

/// These rows as one.
pub(super) fn together(action: String, rows: &[Row]) -> Row {
    let mut a_second = [0.0; OUTCOMES.len()];
    for row in rows {
        a_second.iter_mut().zip(row.a_second).for_each(|(sum, more)| *sum += more);
    }
    Row { action, a_second }
}

/// How many requests are refused in a second, and the reason of most of them.
pub(super) fn refused<'a>(
    samples: impl Iterator<Item = &'a Sample> + Clone,
) -> Option<(f64, String)> {
    let long = seconds(samples.clone());
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for count in samples.flat_map(|sample| sample.refused.iter().flatten()) {
        *reasons.entry(&count.reason).or_default() += count.count;
    }
    let all: u64 = reasons.values().sum();
    let (reason, _) = reasons.into_iter().max_by_key(|(_, count)| *count)?;
    Some((all as f64 / long, reason.to_owned()))
}

/// How many operations a sample has taken in a second.
pub(super) fn accepted(sample: &Sample) -> f64 {
    let counts = sample.operations.iter().flatten();
    let accepted: u64 = counts.filter(|it| it.outcome == OUTCOMES[0]).map(|it| it.count).sum();
    accepted as f64 / sample.seconds.max(1e-3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::top::seen::{OperationCount, RefusedCount};

    fn sample(seconds: f64, counts: &[(&str, &str, u64)], refused: &[(&str, u64)]) -> Sample {
        let operations = counts.iter().map(|(action, outcome, count)| OperationCount {
            action: (*action).to_owned(),
            outcome: (*outcome).to_owned(),
            count: *count,
        });
        let refused = refused
            .iter()
            .map(|(reason, count)| RefusedCount { reason: (*reason).to_owned(), count: *count });
        let (operations, refused) = (Some(operations.collect()), Some(refused.collect()));
        Sample { seconds, operations, refused, ..Sample::default() }
    }

    #[test]
    fn counts_are_divided_by_how_long_the_samples_are() {
        let all = [
            sample(
                1.0,
                &[("create", "accepted", 30), ("delete", "accepted", 3)],
                &[("over_quota", 2)],
            ),
            sample(
                2.0,
                &[("create", "accepted", 30), ("create", "succeeded", 6)],
                &[("queue_full", 7)],
            ),
        ];
        let rows = by_action(all.iter());
        assert_eq!(rows[0].action, "create");
        assert_eq!(rows[0].a_second, [20.0, 0.0, 2.0, 0.0, 0.0, 0.0]);
        assert_eq!(rows[1].a_second, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(together("all".to_owned(), &rows).a_second[0], 21.0);
        assert_eq!((accepted(&all[0]), accepted(&all[1])), (33.0, 15.0));
        assert_eq!(refused(all.iter()), Some((3.0, "queue_full".to_owned())));
        assert_eq!(refused([].iter()), None);
    }
}
