//! Charts of what was recorded of one run.

use std::collections::{BTreeMap, BTreeSet};

use guichet_core::action::Action;
use guichet_core::event::EventKind;
use guichet_core::limits;
use guichet_core::state::Status;
use guichet_locale::{Locale, text};
use guichet_view::data::{
    Axis, BarSet, Bars, Chart, Curve, Curves, Layer, Layers, Mark, Plot, Point, Shape, Span, Spans,
};
use guichet_view::number::TimeUnit;

use crate::simulate::recorder::busiest::Ran;
use crate::simulate::recorder::series::{Bucket, Counts};
use crate::simulate::recorder::{Peak, Recorded};
use crate::simulate::scenario::Scenario;

fn chart(id: &str, title: String, caption: String, plot: Plot) -> Chart {
    Chart { id: id.to_owned(), title, caption, plot }
}

fn linear(title: String) -> Axis {
    Axis { title, log: false }
}

fn since_start(unit: TimeUnit, locale: Locale) -> Axis {
    linear(text!(locale, "report-since-start", unit = unit.name(locale)))
}

const fn point(x: f64, y: f64) -> Point {
    Point { x, y, interval: None }
}

/// A level over time, with its bound and the most there was.
struct Drawn {
    name: String,
    level: fn(&Bucket) -> u64,
    peak: Peak,
    peak_text: String,
    bound: usize,
    bound_text: String,
}

/// Operations that waited, over the time of the run.
pub(super) fn queue(scenario: &Scenario, recorded: &Recorded, locale: Locale) -> Chart {
    let (bound, peak) = (scenario.config.queue, recorded.waiting);
    let (most, at) = (locale.grouped(peak.value), locale.time_us(peak.at_us));
    let waiting = Drawn {
        name: text!(locale, "report-waiting"),
        level: |bucket| bucket.most.waiting,
        peak,
        peak_text: text!(locale, "report-waiting-peak", peak = most, at = at),
        bound,
        bound_text: text!(locale, "report-waiting-bound", bound = bound),
    };
    let mut plot = level(recorded, waiting, locale);
    if recorded.again.value > 0 {
        // Below the bound, which is the last.
        let again = steps(recorded, text!(locale, "report-again"), |it| it.most.again);
        plot.curves.insert(1, again);
    }
    let step = locale.time_us(recorded.series.width_us());
    let caption = text!(locale, "report-step", step = step);
    chart("queue", text!(locale, "report-waiting-title"), caption, Plot::Curves(plot))
}

/// Operations that ran, over the time of the run.
pub(super) fn in_flight(scenario: &Scenario, recorded: &Recorded, locale: Locale) -> Chart {
    let (bound, peak) = (scenario.config.in_flight_max(), recorded.running);
    let (most, at) = (locale.grouped(peak.value), locale.time_us(peak.at_us));
    let running = Drawn {
        name: text!(locale, "report-running"),
        level: |bucket| bucket.most.running,
        peak,
        peak_text: text!(locale, "report-running-peak", peak = most, at = at),
        bound,
        bound_text: text!(locale, "report-running-bound", bound = bound),
    };
    let plot = level(recorded, running, locale);
    let step = locale.time_us(recorded.series.width_us());
    let caption = text!(locale, "report-step-cancelled", step = step);
    chart("in-flight", text!(locale, "report-running-title"), caption, Plot::Curves(plot))
}

fn level(recorded: &Recorded, drawn: Drawn, locale: Locale) -> Curves {
    let unit = TimeUnit::of(recorded.end_us);
    let (bound, peak) = (drawn.bound as f64, drawn.peak);
    let mut curves = vec![steps(recorded, drawn.name, drawn.level)];
    // One that is far above everything would press it all to the ground.
    if bound <= peak.value as f64 * 2.0 {
        let points = vec![point(0.0, bound), point(unit.times(recorded.end_us), bound)];
        curves.push(Curve { name: drawn.bound_text, shape: Shape::Fitted, points });
    }
    let (x, y) = (unit.times(peak.at_us), peak.value as f64);
    let mark = Mark { x, y, text: drawn.peak_text };
    let marks = if peak.value > 0 { vec![mark] } else { Vec::new() };
    let y = linear(text!(locale, "report-axis-operations"));
    Curves { x: since_start(unit, locale), y, curves, marks }
}

/// The most there was, stretch by stretch.
fn steps(recorded: &Recorded, name: String, level: fn(&Bucket) -> u64) -> Curve {
    let (series, unit) = (&recorded.series, TimeUnit::of(recorded.end_us));
    let starts = (0..).map(|index| unit.times(index * series.width_us()));
    let heights = series.buckets().iter().map(|bucket| level(bucket) as f64);
    let mut points: Vec<Point> = starts.zip(heights).map(|(x, y)| point(x, y)).collect();
    // The last one holds to the end.
    let end = unit.times(recorded.end_us);
    points.extend(points.last().map(|last| point(end.max(last.x), last.y)));
    Curve { name, shape: Shape::Steps, points }
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
pub(super) fn requests(recorded: &Recorded, locale: Locale) -> Chart {
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
    layers.push(layer(text!(locale, "report-refused"), &|counts| counts.refused.iter().sum()));
    layers.retain(|layer| layer.heights.iter().any(|height| *height > 0.0));
    let long = stretches.first().map_or(0, |(_, long, _)| *long);
    let caption = text!(locale, "report-rates-caption", step = locale.time_us(long));
    let y = linear(text!(locale, "report-axis-requests-s"));
    let plot = Layers { x: since_start(unit, locale), y, at, layers };
    chart("requests", text!(locale, "report-rates-title"), caption, Plot::Layers(plot))
}

/// Refused requests by kind.
pub(super) fn refusals(refusals: &[(&str, u64)], locale: Locale) -> Chart {
    let groups = refusals.iter().map(|(kind, _)| (*kind).to_owned()).collect();
    let values = refusals.iter().map(|(_, refused)| Some(*refused as f64)).collect();
    let sets = vec![BarSet { name: text!(locale, "report-refused"), values }];
    let plot = Bars { y: linear(text!(locale, "report-axis-requests")), groups, sets };
    let caption = text!(locale, "report-refusals-caption");
    chart("refusals", text!(locale, "report-refusals-title"), caption, Plot::Bars(plot))
}

/// Servers by status, over the time of the run.
pub(super) fn servers(recorded: &Recorded, locale: Locale) -> Chart {
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
    let caption = text!(locale, "report-status-caption");
    let y = linear(text!(locale, "report-axis-servers"));
    let plot = Layers { x: since_start(unit, locale), y, at, layers };
    chart("servers", text!(locale, "report-status-title"), caption, Plot::Layers(plot))
}

/// What each worker ran.
pub(super) fn workers(recorded: &Recorded, locale: Locale) -> Chart {
    // What did not go the usual way has a kind of its own, behind those of the actions.
    let cut_short = text!(locale, "report-cut-short");
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
    let mut kinds: Vec<String> = Action::LAB
        .iter()
        .filter(|action| spans.iter().any(|ran| good(ran) && ran.action == **action))
        .map(|action| action.as_str().to_owned())
        .collect();
    if !spans.iter().all(good) {
        kinds.push(cut_short.clone());
    }
    let drawn = spans.iter().filter_map(|ran| {
        let word = if good(ran) { ran.action.as_str() } else { cut_short.as_str() };
        Some(Span {
            lane: *lanes.get(&ran.worker)?,
            kind: kinds.iter().position(|kind| *kind == word)?,
            from: unit.times(ran.from_us - origin),
            to: unit.times(ran.to_us - origin),
            text: described(ran, locale),
        })
    });
    let mut caption = text!(locale, "report-spans-caption");
    if lanes.len() < numbers.len() {
        let shown = lanes.len();
        let shown = text!(locale, "report-spans-shown", shown = shown, all = numbers.len());
        caption = format!("{caption} {shown}");
    }
    let title = match origin {
        0 => text!(locale, "report-since-start", unit = unit.name(locale)),
        origin => {
            let (unit, origin) = (unit.name(locale), locale.time_us(origin));
            text!(locale, "report-since-start-from", unit = unit, origin = origin)
        }
    };
    let plot = Spans {
        x: linear(title),
        spans: drawn.collect(),
        lanes: lanes.keys().map(|worker| format!("worker-{worker}")).collect(),
        kinds,
    };
    chart("workers", text!(locale, "report-spans-title"), caption, Plot::Spans(plot))
}

/// An attempt in words.
fn described(ran: &Ran, locale: Locale) -> String {
    let server = ran.operation.server.to_string();
    let server = server.get(..8).unwrap_or(&server).to_owned();
    let (worker, action) = (format!("worker-{}", ran.worker), ran.action.to_string());
    let (client, end) = (ran.client.to_string(), ran.end.to_string());
    let time = locale.time_us(ran.to_us - ran.from_us);
    let span = match ran.attempt {
        1 => text!(
            locale,
            "report-span",
            worker = worker,
            action = action,
            server = server,
            client = client,
            end = end,
            time = time
        ),
        attempt => text!(
            locale,
            "report-span-attempt",
            worker = worker,
            action = action,
            server = server,
            client = client,
            attempt = attempt,
            end = end,
            time = time
        ),
    };
    match ran.failure {
        Some(failure) => {
            text!(locale, "report-span-why", span = span, why = failure.to_string())
        }
        None => span,
    }
}
