//! A report as plain data: what is said and drawn, in order, and nothing of how.

mod play;
mod walk;

use guichet_locale::Locale;

pub use play::{Graph, Guard, Hold, Move, Named, Play, PlayCase, PlayState, Way};
pub use walk::{Walk, WalkFinding, WalkLine, WalkState, WalkThread, WalkTurn};

/// A page: what is said and drawn, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// What language it is in.
    pub locale: Locale,
    /// What it is of, such as `guichet compare`.
    pub title: String,
    /// What came of it, in a few sentences: the first thing read.
    pub lead: Vec<String>,
    /// What it was made with: command, seed, versions, machine, creation time.
    pub facts: Vec<Fact>,
    /// The rest, in order.
    pub sections: Vec<Section>,
}

/// A named value of the page's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What the value is of.
    pub name: String,
    /// The value, as it is shown.
    pub value: String,
}

/// A part of the page under a heading of its own.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// Paragraphs above what is drawn: what to look at, and what it says.
    pub text: Vec<String>,
    /// What is drawn, in order.
    pub blocks: Vec<Block>,
}

/// One thing drawn in a section.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A chart that one can hover, zoom and toggle.
    Chart(Chart),
    /// A table of text and numbers.
    Table(Table),
    /// What several clients do, step by step.
    Timeline(Timeline),
    /// A race that the reader schedules.
    Play(Play),
    /// A program whose threads the reader schedules.
    Walk(Walk),
}

/// A chart one can hover, zoom and toggle.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Its name in the page: letters, digits and `-`, unique in the report.
    pub id: String,
    /// What it shows, above it.
    pub title: String,
    /// How to read it, below it; may be empty.
    pub caption: String,
    /// What is in it.
    pub plot: Plot,
}

/// The kinds of chart.
#[derive(Debug, Clone, PartialEq)]
pub enum Plot {
    /// Curves over a common axis.
    Curves(Curves),
    /// Bars side by side, in groups.
    Bars(Bars),
    /// Layers that add up, over a common axis.
    Layers(Layers),
    /// Spans of time in lanes, as in a Gantt chart.
    Spans(Spans),
}

/// An axis of a chart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Axis {
    /// What it is, with the unit, such as `requests/s`.
    pub title: String,
    /// Whether it is logarithmic; then nothing on it is 0 or less.
    pub log: bool,
}

/// Curves over a common axis.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curves {
    /// The axis across, from left to right.
    pub x: Axis,
    /// The upright axis.
    pub y: Axis,
    /// The curves, in the order of the legend.
    pub curves: Vec<Curve>,
    /// Places pointed out, such as peaks.
    pub marks: Vec<Mark>,
}

/// One curve of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Its name in the legend.
    pub name: String,
    /// How it is drawn.
    pub shape: Shape,
    /// Its points, from left to right.
    pub points: Vec<Point>,
}

/// How a curve is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Points joined by lines: what was measured.
    Line,
    /// A dashed line without points: what a formula says. It has the colour of the measured curve
    /// whose name its own begins with, or else of the last one before it.
    Fitted,
    /// A value that holds until the next point.
    Steps,
}

/// A point of a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Its value on the axis across.
    pub x: f64,
    /// Its value on the upright axis.
    pub y: f64,
    /// Within which bounds the true value lies, if that is known.
    pub interval: Option<(f64, f64)>,
}

/// A place pointed out.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Its value on the axis across.
    pub x: f64,
    /// Its value on the upright axis.
    pub y: f64,
    /// What is pointed out there.
    pub text: String,
}

/// Bars side by side, in groups.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bars {
    /// The upright axis.
    pub y: Axis,
    /// The groups, from left to right.
    pub groups: Vec<String>,
    /// The bars of each group, in the order of the legend.
    pub sets: Vec<BarSet>,
}

/// Bars of one colour: one for each group.
#[derive(Debug, Clone, PartialEq)]
pub struct BarSet {
    /// Its name in the legend.
    pub name: String,
    /// A value for each group; none where there is no bar.
    pub values: Vec<Option<f64>>,
}

/// Layers that add up.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layers {
    /// The axis across, from left to right.
    pub x: Axis,
    /// The upright axis.
    pub y: Axis,
    /// The places that each layer has a value for, from left to right.
    pub at: Vec<f64>,
    /// The layers, from the lowest.
    pub layers: Vec<Layer>,
}

/// One layer of those that add up.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Its name in the legend.
    pub name: String,
    /// Its height at each place.
    pub heights: Vec<f64>,
}

/// Spans of time in lanes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spans {
    /// The axis across, from left to right.
    pub x: Axis,
    /// The lanes, from the top.
    pub lanes: Vec<String>,
    /// What kinds of span there are: one colour and one legend entry each.
    pub kinds: Vec<String>,
    /// The spans, in any order.
    pub spans: Vec<Span>,
}

/// A span of time in a lane.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// Which lane, from 0.
    pub lane: usize,
    /// Which kind, from 0.
    pub kind: usize,
    /// Where it begins on the axis.
    pub from: f64,
    /// Where it ends on the axis.
    pub to: f64,
    /// What it is, shown when pointed at.
    pub text: String,
}

/// A table of text and numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The head; the first column is to the left, all others are numbers to the right.
    pub head: Vec<String>,
    /// The rows, each as long as the head.
    pub rows: Vec<Vec<String>>,
}

/// What several clients do, step by step: one column each, time goes down.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Timeline {
    /// What it shows, above it.
    pub title: String,
    /// The columns, from the left.
    pub columns: Vec<String>,
    /// The steps, from the top.
    pub steps: Vec<Step>,
    /// What came of it, below.
    pub outcome: String,
}

/// One step of a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The column of the client that takes it, from 0.
    pub column: usize,
    /// What is done.
    pub text: String,
    /// What is in the shared rows afterwards, if it is worth showing.
    pub note: String,
    /// Whether harm is done by it.
    pub harm: bool,
}
