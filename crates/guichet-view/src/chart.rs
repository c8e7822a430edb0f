//! Charts: from the data to the traces of plotly.js. What they mean is said here, how they look
//! (colours, fonts, margins) by `report.js`, which knows the reader's colour scheme and screen.

use plotly::common::{DashType, ErrorData, ErrorType, Line, LineShape, Mode, Orientation, Title};
use plotly::layout::{Annotation, Axis as PlotlyAxis, AxisType, BarMode, RangeMode};
use plotly::{Bar, Layout, Plot as Plotly, Scatter, Trace};
use serde_json::json;

use crate::data::{Axis, Bars, Chart, Curve, Curves, Layers, Mark, Plot, Shape, Spans};
use crate::error::RenderError;
use crate::escape::{in_chart, json_in_script};

/// A chart as the page needs it.
pub(crate) struct Drawing<'a> {
    pub(crate) chart: &'a Chart,
    /// Traces, layout and styles, fit to stand inside a `<script>`.
    pub(crate) json: String,
    /// How many points each trace has, with commas between: what a test of the page counts.
    pub(crate) points: String,
    /// How high it is drawn, in pixels.
    pub(crate) height: usize,
}

/// Pixels of a chart without lanes.
const HEIGHT: usize = 400;
/// Pixels of a chart with lanes beside these, and of all its lanes at least.
const BESIDE_LANES: usize = 110;
const LANES_MIN: usize = 120;
/// Pixels that the name of a lane needs.
const LANE_NAME: usize = 14;

/// What a trace is, and in which colour of the palette: `report.js` makes looks of it.
#[derive(Debug, Clone, Copy)]
struct Style {
    kind: &'static str,
    colour: usize,
}

/// A chart in the making.
#[derive(Default)]
struct Traces {
    traces: Vec<Box<dyn Trace>>,
    styles: Vec<Style>,
    points: Vec<usize>,
}

impl Traces {
    fn add(&mut self, trace: Box<dyn Trace>, points: usize, kind: &'static str, colour: usize) {
        self.traces.push(trace);
        self.styles.push(Style { kind, colour });
        self.points.push(points);
    }
}

/// Turns the data of a chart into what the page draws.
pub(crate) fn draw(chart: &Chart) -> Result<Drawing<'_>, RenderError> {
    check(chart)?;
    let mut traces = Traces::default();
    let mut height = HEIGHT;
    let layout = match &chart.plot {
        Plot::Curves(curves) => draw_curves(curves, &mut traces),
        Plot::Bars(bars) => draw_bars(bars, &mut traces),
        Plot::Layers(layers) => draw_layers(layers, &mut traces),
        Plot::Spans(spans) => {
            height = LANES_MIN.max(spans.lanes.len() * lane_height(spans)) + BESIDE_LANES;
            draw_spans(spans, &mut traces)
        }
    };
    let styles: Vec<_> =
        traces.styles.iter().map(|style| json!([style.kind, style.colour])).collect();
    let points: Vec<_> = traces.points.iter().map(usize::to_string).collect();
    let mut plot = Plotly::new();
    plot.add_traces(traces.traces);
    plot.set_layout(layout);
    let kind = match &chart.plot {
        Plot::Curves(_) => "curves",
        Plot::Bars(_) => "bars",
        Plot::Layers(_) => "layers",
        Plot::Spans(_) => "spans",
    };
    let json = json!({ "plot": plot, "styles": styles, "kind": kind }).to_string();
    Ok(Drawing { chart, json: json_in_script(&json), points: points.join(","), height })
}

fn axis(axis: &Axis) -> PlotlyAxis {
    let drawn = PlotlyAxis::new().title(Title::with_text(in_chart(&axis.title)));
    if axis.log { drawn.type_(AxisType::Log) } else { drawn }
}

/// Up, from 0 unless that is endlessly far away.
fn upright(of: &Axis) -> PlotlyAxis {
    let drawn = axis(of);
    if of.log { drawn } else { drawn.range_mode(RangeMode::ToZero) }
}

fn draw_curves(curves: &Curves, traces: &mut Traces) -> Layout {
    for (index, curve) in curves.curves.iter().enumerate() {
        let (kind, colour) = match curve.shape {
            Shape::Line => ("line", colour_of(&curves.curves, index)),
            Shape::Steps => ("steps", colour_of(&curves.curves, index)),
            Shape::Fitted => ("fitted", colour_of(&curves.curves, index)),
        };
        traces.add(curve_trace(curve), curve.points.len(), kind, colour);
    }
    let mut layout = Layout::new().x_axis(axis(&curves.x)).y_axis(upright(&curves.y));
    if !curves.marks.is_empty() {
        let texts: Vec<String> = curves.marks.iter().map(|mark| in_chart(&mark.text)).collect();
        let (x, y) = curves.marks.iter().map(|mark| (mark.x, mark.y)).unzip();
        let dots = Scatter::new(x, y).mode(Mode::Markers).show_legend(false);
        let dots = dots
            .name("marked")
            .hover_text_array(texts)
            .hover_template("%{hovertext}<extra></extra>");
        traces.add(dots, curves.marks.len(), "mark", 0);
        layout = layout.annotations(annotations(curves));
    }
    layout
}

/// The number in the palette: measured curves in their order; what a formula says has the colour
/// of the curve whose name its own begins with, or of the one before it.
fn colour_of(curves: &[Curve], index: usize) -> usize {
    let measured =
        |until: usize| curves[..until].iter().filter(|curve| curve.shape != Shape::Fitted).count();
    if curves[index].shape != Shape::Fitted {
        return measured(index);
    }
    let name = &curves[index].name;
    let named = curves
        .iter()
        .enumerate()
        .filter(|(_, curve)| curve.shape != Shape::Fitted && name.starts_with(&curve.name))
        .max_by_key(|(_, curve)| curve.name.len());
    match named {
        Some((same, _)) => measured(same),
        None => measured(index).saturating_sub(1),
    }
}

fn curve_trace(curve: &Curve) -> Box<dyn Trace> {
    let (x, y) = curve.points.iter().map(|point| (point.x, point.y)).unzip();
    let trace = Scatter::new(x, y).name(in_chart(&curve.name));
    let trace = match curve.shape {
        Shape::Line => trace.mode(Mode::LinesMarkers).line(Line::new().width(2.0)),
        Shape::Steps => trace.mode(Mode::Lines).line(Line::new().width(1.5).shape(LineShape::Hv)),
        Shape::Fitted => trace.mode(Mode::Lines).line(Line::new().width(1.5).dash(DashType::Dash)),
    };
    if curve.points.iter().all(|point| point.interval.is_none()) {
        return trace;
    }
    let bound = |pick: fn(f64, (f64, f64)) -> f64| -> Vec<f64> {
        let of = |point: &crate::data::Point| {
            point.interval.map_or(0.0, |interval| pick(point.y, interval).max(0.0))
        };
        curve.points.iter().map(of).collect()
    };
    let intervals = ErrorData::new(ErrorType::Data)
        .symmetric(false)
        .array(bound(|y, (_, high)| high - y))
        .array_minus(bound(|y, (low, _)| y - low));
    trace.error_y(intervals)
}

/// What is written beside marks: to the side that is free.
fn annotations(curves: &Curves) -> Vec<Annotation> {
    let position = |value: f64, axis: &Axis| if axis.log { value.log10() } else { value };
    let xs = || {
        let points = curves.curves.iter().flat_map(|curve| &curve.points);
        points.map(|point| position(point.x, &curves.x))
    };
    let (left, right) =
        (xs().fold(f64::INFINITY, f64::min), xs().fold(f64::NEG_INFINITY, f64::max));
    let one = |(mark, n): (&Mark, usize)| {
        let (x, y) = (position(mark.x, &curves.x), position(mark.y, &curves.y));
        let leftwards = x > left + (right - left) * 0.6;
        Annotation::new()
            .x(x)
            .y(y)
            .text(in_chart(&mark.text))
            .ax(if leftwards { -36 } else { 36 })
            // Neighbours stand at different heights.
            .ay(if n % 2 == 0 { -14 } else { 22 })
            .show_arrow(true)
    };
    curves.marks.iter().zip(0..).map(one).collect()
}

fn draw_bars(bars: &Bars, traces: &mut Traces) -> Layout {
    let groups: Vec<String> = bars.groups.iter().map(|group| in_chart(group)).collect();
    for (set, colour) in bars.sets.iter().zip(0..) {
        let bar = Bar::new(groups.clone(), set.values.clone()).name(in_chart(&set.name));
        traces.add(bar, set.values.len(), "bar", colour);
    }
    let across = PlotlyAxis::new().type_(AxisType::Category);
    Layout::new().x_axis(across).y_axis(upright(&bars.y)).bar_mode(BarMode::Group)
}

fn draw_layers(layers: &Layers, traces: &mut Traces) -> Layout {
    for (layer, colour) in layers.layers.iter().zip(0..) {
        let trace = Scatter::new(layers.at.clone(), layer.heights.clone())
            .name(in_chart(&layer.name))
            .mode(Mode::Lines)
            .line(Line::new().width(0.5).shape(LineShape::Hv))
            .stack_group("all");
        traces.add(trace, layers.at.len(), "layer", colour);
    }
    Layout::new().x_axis(axis(&layers.x)).y_axis(upright(&layers.y))
}

/// Pixels of a lane: many are low, so that one sees them all.
fn lane_height(spans: &Spans) -> usize {
    match spans.lanes.len() {
        0..=20 => 22,
        21..=40 => 15,
        _ => 9,
    }
}

/// One trace for each kind: from, middle, to, gap. The middle is where one points at.
fn draw_spans(spans: &Spans, traces: &mut Traces) -> Layout {
    let lane = lane_height(spans);
    for (kind, name) in spans.kinds.iter().enumerate() {
        let (mut x, mut y, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for span in spans.spans.iter().filter(|span| span.kind == kind) {
            let middle = span.from + (span.to - span.from) / 2.0;
            x.extend([Some(span.from), Some(middle), Some(span.to), None]);
            y.extend([Some(span.lane), Some(span.lane), Some(span.lane), None]);
            // Once each: `report.js` has it at each of the span's points.
            texts.push(in_chart(&span.text));
        }
        let points = x.len();
        let trace = Scatter::new(x, y)
            .name(in_chart(name))
            .mode(Mode::Lines)
            .orientation(Orientation::Horizontal)
            .line(Line::new().width(lane as f64 * 0.7))
            .hover_text_array(texts)
            .hover_template("%{hovertext}<extra></extra>");
        traces.add(trace, points, "span", kind);
    }
    // Where lanes are lower than their names, every second or so has its name.
    let each = LANE_NAME.div_ceil(lane);
    let lanes = PlotlyAxis::new()
        .tick_values((0..spans.lanes.len()).step_by(each).map(|lane| lane as f64).collect())
        .tick_text(spans.lanes.iter().step_by(each).map(|lane| in_chart(lane)).collect())
        // The first lane is at the top.
        .range(vec![spans.lanes.len() as f64 - 0.4, -0.6]);
    Layout::new().x_axis(axis(&spans.x)).y_axis(lanes)
}

/// Data that contradict themselves would be drawn as something else.
fn check(chart: &Chart) -> Result<(), RenderError> {
    let wrong = |found: &str| Err(RenderError::data(&chart.id, found));
    match &chart.plot {
        Plot::Curves(curves) => {
            let points = || curves.curves.iter().flat_map(|curve| &curve.points);
            if curves.x.log && points().any(|point| point.x <= 0.0)
                || curves.y.log && points().any(|point| point.y <= 0.0)
            {
                return wrong("a value of 0 or less on a logarithmic axis");
            }
        }
        Plot::Bars(bars) => {
            if bars.sets.iter().any(|set| set.values.len() != bars.groups.len()) {
                return wrong("not one bar for each group");
            }
        }
        Plot::Layers(layers) => {
            if layers.layers.iter().any(|layer| layer.heights.len() != layers.at.len()) {
                return wrong("not one height for each place");
            }
        }
        Plot::Spans(spans) => {
            let (lanes, kinds) = (spans.lanes.len(), spans.kinds.len());
            if spans.spans.iter().any(|span| span.lane >= lanes || span.kind >= kinds) {
                return wrong("a span in a lane or of a kind that is not there");
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
