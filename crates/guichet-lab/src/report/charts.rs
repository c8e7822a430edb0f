//! Charts of what was recorded of one run.

use std::collections::{BTreeMap, BTreeSet};

use guichet_core::action::Action;
use guichet_core::event::EventKind;
use guichet_core::limits;
use guichet_core::state::Status;
use guichet_view::data::{
    Axis, BarSet, Bars, Chart, Curve, Curves, Layer, Layers, Mark, Plot, Point, Shape, Span, Spans,
};
use guichet_view::number::{TimeUnit, counted, grouped, time_us};

use crate::simulate::recorder::busiest::Ran;
use crate::simulate::recorder::series::{Bucket, Counts};
use crate::simulate::recorder::{Peak, Recorded};
use crate::simulate::scenario::Scenario;

fn chart(id: &str, title: &str, caption: String, plot: Plot) -> Chart {
    Chart { id: id.to_owned(), title: title.to_owned(), caption, plot }
}

fn linear(title: impl Into<String>) -> Axis {
    Axis { title: title.into(), log: false }
}

fn since_start(unit: TimeUnit) -> Axis {
    linear(format!("{} since the start", unit.name))
}

const fn point(x: f64, y: f64) -> Point {
    Point { x, y, interval: None }
}

/// A level over time, with its bound and the most there was.
struct Drawn<'a> {
    name: &'a str,
    level: fn(&Bucket) -> u64,
    peak: Peak,
    bound: usize,
}

/// Operations that waited, over the time of the run.
pub(super) fn queue(scenario: &Scenario, recorded: &Recorded) -> Chart {
    let waiting = Drawn {
        name: "waiting",
        level: |bucket| bucket.most.waiting,
        peak: recorded.waiting,
        bound: scenario.config.queue,
    };
    let mut plot = level(recorded, &waiting);
    if recorded.again.value > 0 {
        // Below the bound, which is the last.
        plot.curves.insert(1, steps(recorded, "for another attempt", |it| it.most.again));
    }
    let step = time_us(recorded.series.width_us());
    let caption = format!("Each step is the most there was within {step}.");
    chart("queue", "Operations waiting", caption, Plot::Curves(plot))
}

/// Operations that ran, over the time of the run.
pub(super) fn in_flight(scenario: &Scenario, recorded: &Recorded) -> Chart {
    let running = Drawn {
        name: "in flight",
        level: |bucket| bucket.most.running,
        peak: recorded.running,
        bound: scenario.config.in_flight_max(),
    };
    let plot = level(recorded, &running);
    let step = time_us(recorded.series.width_us());
    let caption = format!(
        "Each step is the most there was within {step}. An operation that is cancelled while it runs counts as over at once.",
    );
    chart("in-flight", "Operations in flight", caption, Plot::Curves(plot))
}

fn level(recorded: &Recorded, drawn: &Drawn<'_>) -> Curves {
    let unit = TimeUnit::of(recorded.end_us);
    let (bound, peak) = (drawn.bound as f64, drawn.peak);
    let mut curves = vec![steps(recorded, drawn.name, drawn.level)];
    // One that is far above everything would press it all to the ground.
    if bound <= peak.value as f64 * 2.0 {
        let name = format!("{} at most: {}", drawn.name, grouped(drawn.bound as u64));
        let points = vec![point(0.0, bound), point(unit.times(recorded.end_us), bound)];
        curves.push(Curve { name, shape: Shape::Fitted, points });
    }
    let mark = Mark {
        x: unit.times(peak.at_us),
        y: peak.value as f64,
        text: format!("most {}: {}, at {}", drawn.name, grouped(peak.value), time_us(peak.at_us)),
    };
    let marks = if peak.value > 0 { vec![mark] } else { Vec::new() };
    Curves { x: since_start(unit), y: linear("operations"), curves, marks }
}

/// The most there was, stretch by stretch.
fn steps(recorded: &Recorded, name: &str, level: fn(&Bucket) -> u64) -> Curve {
    let (series, unit) = (&recorded.series, TimeUnit::of(recorded.end_us));
    let starts = (0..).map(|index| unit.times(index * series.width_us()));
    let heights = series.buckets().iter().map(|bucket| level(bucket) as f64);
    let mut points: Vec<Point> = starts.zip(heights).map(|(x, y)| point(x, y)).collect();
    // The last one holds to the end.
    let end = unit.times(recorded.end_us);
    points.extend(points.last().map(|last| point(end.max(last.x), last.y)));
    Curve { name: name.to_owned(), shape: Shape::Steps, points }
}

/// What was counted in stretches that each hold enough for a rate: where each begins and how
/// long it is, µs.
pub(super) fn stretches(recorded: &Recorded) -> Vec<(u64, u64, Counts)> {
    let series = &recorded.series;
    let each = series.buckets().len().div_ceil(limits::REPORT_RATES_MAX).max(1);
    let width_us = each as u64 * series.width_us();
    let mut found: Vec<(u64, u64, Counts)> = Vec::new();
    for (buckets, begin) in series.buckets().chunks(each).zip((0..).map(|n| n * width_us)) {
        let counts = Counts::sum(buckets.iter().map(|bucket| &bucket.counts));
        let long = recorded.end_us.saturating_sub(begin).min(width_us);
        match found.last_mut() {
            // A short rest would look like a peak, or like a gap.
            Some(last) if long < width_us / 2 => {
                last.1 += long;
                last.2 = Counts::sum([&last.2, &counts]);
            }
            _ => found.push((begin, long.max(1), counts)),
        }
    }
    found
}

/// Requests a second by what became of them.
pub(super) fn requests(recorded: &Recorded) -> Chart {
    let unit = TimeUnit::of(recorded.end_us);
    let stretches = stretches(recorded);
    let mut at: Vec<f64> = stretches.iter().map(|(begin, ..)| unit.times(*begin)).collect();
    at.extend(stretches.last().map(|(begin, long, _)| unit.times(begin + long)));
    let layer = |name: String, counted: &dyn Fn(&Counts) -> u64| {
        let rate =
            |(_, long, counts): &(u64, u64, Counts)| counted(counts) as f64 * 1e6 / *long as f64;
        let mut heights: Vec<f64> = stretches.iter().map(rate).collect();
        heights.extend(heights.last().copied());
        Layer { name, heights }
    };
    let mut layers: Vec<Layer> = Action::LAB
        .iter()
        .enumerate()
        .map(|(index, action)| {
            layer(action.as_str().to_owned(), &move |counts| counts.accepted[index])
        })
        .collect();
    layers.push(layer("refused".to_owned(), &|counts| counts.refused.iter().sum()));
    layers.retain(|layer| layer.heights.iter().any(|height| *height > 0.0));
    let long = stretches.first().map_or(0, |(_, long, _)| *long);
    let caption = format!(
        "Accepted ones by what they ask for, on top of them the refused. Counted in stretches of {}; reads are left out.",
        time_us(long)
    );
    let plot = Layers { x: since_start(unit), y: linear("requests/s"), at, layers };
    chart("requests", "Requests a second, by what became of them", caption, Plot::Layers(plot))
}

/// Refused requests by kind.
pub(super) fn refusals(refusals: &[(&str, u64)]) -> Chart {
    let groups = refusals.iter().map(|(kind, _)| (*kind).to_owned()).collect();
    let values = refusals.iter().map(|(_, refused)| Some(*refused as f64)).collect();
    let sets = vec![BarSet { name: "refused".to_owned(), values }];
    let plot = Bars { y: linear("requests"), groups, sets };
    let caption = "A refusal says why and what to do, and changes nothing.".to_owned();
    chart("refusals", "Refused requests, by kind", caption, Plot::Bars(plot))
}

/// Servers by status, over the time of the run.
pub(super) fn servers(recorded: &Recorded) -> Chart {
    let unit = TimeUnit::of(recorded.end_us);
    let series = &recorded.series;
    let ends = (1..).map(|number| unit.times((number * series.width_us()).min(recorded.end_us)));
    let mut at = vec![0.0];
    at.extend(ends.take(series.buckets().len()));
    // Stable ones below, what passes above.
    let order = [
        Status::Active,
        Status::Shutoff,
        Status::Build,
        Status::Reboot,
        Status::HardReboot,
        Status::Error,
        Status::Paused,
        Status::Suspended,
    ];
    let layers = order.into_iter().filter_map(|status| {
        let index = Status::ALL.iter().position(|known| *known == status)?;
        let mut heights = vec![0.0];
        heights.extend(series.buckets().iter().map(|bucket| bucket.servers[index] as f64));
        let ever = heights.iter().any(|height| *height > 0.0);
        ever.then(|| Layer { name: status.as_str().to_owned(), heights })
    });
    let layers = layers.collect();
    let caption =
        "A server that is being deleted keeps the status it had until it is gone.".to_owned();
    let plot = Layers { x: since_start(unit), y: linear("servers"), at, layers };
    chart("servers", "Servers over time, by status", caption, Plot::Layers(plot))
}

/// What did not go the usual way has a kind of its own, behind those of the actions.
const CUT_SHORT: &str = "failed or cancelled";

/// What each worker ran.
pub(super) fn workers(recorded: &Recorded) -> Chart {
    let spans = &recorded.spans;
    let begin = spans.iter().map(|ran| ran.from_us).min().unwrap_or(0);
    let end = spans.iter().map(|ran| ran.to_us).max().unwrap_or(0);
    let whole = recorded.spans_total == spans.len() as u64;
    let origin = if whole { 0 } else { begin };
    let unit = TimeUnit::of(end - origin);
    let numbers: BTreeSet<u32> = spans.iter().map(|ran| ran.worker).collect();
    let lanes: BTreeMap<u32, usize> =
        numbers.iter().copied().take(limits::REPORT_LANES_MAX).zip(0..).collect();
    let good = |ran: &Ran| ran.end == EventKind::Succeeded;
    let mut kinds: Vec<&str> = Action::LAB
        .iter()
        .filter(|action| spans.iter().any(|ran| good(ran) && ran.action == **action))
        .map(|action| action.as_str())
        .collect();
    if !spans.iter().all(good) {
        kinds.push(CUT_SHORT);
    }
    let drawn = spans.iter().filter_map(|ran| {
        let word = if good(ran) { ran.action.as_str() } else { CUT_SHORT };
        Some(Span {
            lane: *lanes.get(&ran.worker)?,
            kind: kinds.iter().position(|kind| *kind == word)?,
            from: unit.times(ran.from_us - origin),
            to: unit.times(ran.to_us - origin),
            text: described(ran),
        })
    });
    let mut caption =
        String::from("One line for each worker; a gap is a worker that has nothing to do.");
    if lanes.len() < numbers.len() {
        let (shown, all) = (lanes.len() as u64, numbers.len() as u64);
        caption = format!("{caption} Shown are {} of {}.", grouped(shown), counted(all, "worker"));
    }
    let title = match origin {
        0 => format!("{} since the start", unit.name),
        origin => format!("{}, counted from {} after the start", unit.name, time_us(origin)),
    };
    let plot = Spans {
        x: linear(title),
        spans: drawn.collect(),
        lanes: lanes.keys().map(|worker| format!("worker-{worker}")).collect(),
        kinds: kinds.into_iter().map(str::to_owned).collect(),
    };
    chart("workers", "What each worker ran", caption, Plot::Spans(plot))
}

/// An attempt in words.
fn described(ran: &Ran) -> String {
    let server = ran.operation.server.to_string();
    let short = server.get(..8).unwrap_or(&server);
    let attempt = match ran.attempt {
        1 => String::new(),
        attempt => format!(", attempt {attempt}"),
    };
    let why = ran.failure.map_or_else(String::new, |failure| format!(" ({failure})"));
    format!(
        "worker-{}: {} of {short}… for client {}{attempt}, {} in {}{why}",
        ran.worker,
        ran.action,
        ran.client,
        ran.end,
        time_us(ran.to_us - ran.from_us),
    )
}
