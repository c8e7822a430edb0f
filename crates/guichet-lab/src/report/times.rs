//! Latencies: as a chart of every part of the distribution, and as a table.

use guichet_locale::{Locale, text};
use guichet_view::data::{Axis, Chart, Curve, Curves, Plot, Point, Shape, Table};
use hdrhistogram::Histogram;

use crate::simulate::scenario::Scenario;
use crate::simulate::summary::{Summary, Times};
use crate::simulate::tally::Counted;

/// The shortest time that is drawn, ms: clocks count microseconds, and 0 has no place on a
/// logarithmic axis.
const SHORTEST_MS: f64 = 0.001;

/// Points for each tenfold.
const STEPS: [f64; 8] = [1.0, 1.25, 1.6, 2.0, 3.0, 4.0, 5.0, 7.5];

/// How long the slowest one in 2, in 10, in 100 … takes at least; none if nothing was timed.
pub(super) fn chart(scenario: &Scenario, counted: &Counted, locale: Locale) -> Option<Chart> {
    let mut of = vec![
        (text!(locale, "report-time-wait"), &counted.wait),
        (text!(locale, "report-time-service"), &counted.service),
        (text!(locale, "report-time-latency"), &counted.latency),
    ];
    // In virtual time a read takes none.
    if !scenario.virtual_time {
        of.push((text!(locale, "report-time-reads"), &counted.query_latency));
    }
    let curves: Vec<Curve> = of
        .into_iter()
        .filter(|(_, times)| !times.is_empty())
        .map(|(name, times)| Curve { name, shape: Shape::Line, points: tail(times) })
        .collect();
    let log = |title: String| Axis { title, log: true };
    let x = log(text!(locale, "report-tail-axis"));
    let plot = Plot::Curves(Curves { x, y: log("ms".to_owned()), curves, marks: Vec::new() });
    let chart = Chart {
        id: "latency".to_owned(),
        title: text!(locale, "report-tail-title"),
        caption: text!(locale, "report-tail-caption"),
        plot,
    };
    matches!(&chart.plot, Plot::Curves(curves) if !curves.curves.is_empty()).then_some(chart)
}

/// Upper quantiles: the shortest time of the slowest one in n, for n from 2 (the median) to as
/// many as were timed.
fn tail(micros: &Histogram<u64>) -> Vec<Point> {
    let all = micros.len() as f64;
    let tens = std::iter::successors(Some(1.0), |ten| Some(ten * 10.0));
    let ones = tens.take_while(|ten| *ten <= all).flat_map(|ten| STEPS.map(|step| ten * step));
    let at = |one_in: f64, micros: u64| Point {
        x: one_in,
        y: (micros as f64 / 1_000.0).max(SHORTEST_MS),
        interval: None,
    };
    let inner = ones.take_while(|one_in| *one_in < all).filter(|one_in| *one_in >= 2.0);
    let mut points: Vec<Point> =
        inner.map(|one_in| at(one_in, micros.value_at_quantile(1.0 - 1.0 / one_in))).collect();
    points.push(at(all, micros.max()));
    points
}

/// The same in numbers.
pub(super) fn table(summary: &Summary, locale: Locale) -> Table {
    let mut head = vec![String::new(), text!(locale, "report-time-count")];
    head.extend(["p50", "p90", "p99"].map(str::to_owned));
    head.push(format!("p{}", locale.decimal("99.9")));
    head.push("max".to_owned());
    let row = |what: String, samples: u64, times: &Times| {
        let mut row = vec![what, locale.grouped(samples)];
        let values = [times.p50, times.p90, times.p99, times.p999, times.max];
        row.extend(values.map(|ms| if samples > 0 { locale.time_ms(ms) } else { "–".to_owned() }));
        row
    };
    let samples = summary.samples;
    let reads = &summary.queries;
    let rows = vec![
        row(text!(locale, "report-time-wait"), samples.wait, &summary.wait_ms),
        row(text!(locale, "report-time-service"), samples.service, &summary.service_ms),
        row(text!(locale, "report-time-latency"), samples.latency, &summary.latency_ms),
        row(text!(locale, "report-time-reads"), reads.count, &reads.latency_ms),
    ];
    Table { head, rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_reaches_from_the_median_to_the_slowest() {
        let mut times = Histogram::new(3).unwrap();
        for micros in 0..=1_000u64 {
            times.record(micros).unwrap();
        }
        let points = tail(&times);
        assert!((points[0].x - 2.0).abs() < 1e-9 && (points[0].y - 0.5).abs() < 0.01);
        let last = points.last().unwrap();
        assert!((last.x - 1_001.0).abs() < 1e-9 && (last.y - 1.0).abs() < 0.01);
        assert!(points.windows(2).all(|two| two[0].x < two[1].x && two[0].y <= two[1].y));
        let mut instant = Histogram::new(3).unwrap();
        instant.record(0).unwrap();
        let points = tail(&instant);
        assert_eq!(points.len(), 1);
        assert!(points[0].y > 0.0, "there is no 0 on a logarithmic axis");
    }
}
