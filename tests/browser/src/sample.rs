//! A report of everything that a report can hold, with text that would be a tag if it could: what
//! no command happens to draw must be sound too.

use std::path::{Path, PathBuf};

use guichet_locale::Locale;
use guichet_view::data::{
    Axis, BarSet, Bars, Block, Chart, Curve, Curves, Fact, Layer, Layers, Mark, Plot, Point,
    Report, Section, Shape, Span, Spans, Step, Table, Timeline,
};

/// Writes it to a folder.
pub(crate) fn write(folder: &Path) -> anyhow::Result<PathBuf> {
    let path = folder.join("sample.html");
    std::fs::write(&path, guichet_view::render(&report())?)?;
    Ok(path)
}

const TAG: &str = "<script>console.error('a tag')</script>";

fn report() -> Report {
    let section = |title: &str, blocks| Section {
        title: title.to_owned(),
        text: vec![format!("What is to be seen in “{title}”, and {TAG} as text.")],
        blocks,
    };
    Report {
        locale: Locale::English,
        title: format!("Sample {TAG}"),
        lead: vec!["Everything that a report can hold.".to_owned()],
        facts: vec![Fact { name: "command".to_owned(), value: format!("guichet --x {TAG}") }],
        sections: vec![
            section("Curves", vec![chart("curves", speed_up())]),
            section("Bars", vec![chart("bars", bars())]),
            section("Layers", vec![chart("layers", layers())]),
            section("Spans", vec![chart("spans", spans())]),
            section("Table", vec![Block::Table(table())]),
            section("Timeline", vec![Block::Timeline(timeline())]),
        ],
    }
}

fn chart(id: &str, plot: Plot) -> Block {
    let caption = format!("A caption; {TAG}");
    Block::Chart(Chart { id: id.to_owned(), title: format!("A chart of {id}"), caption, plot })
}

fn axis(title: &str, log: bool) -> Axis {
    Axis { title: format!("{title} {}", &TAG[..8]), log }
}

/// Measured with intervals, a law fitted to it, and a mark, on logarithmic axes.
fn speed_up() -> Plot {
    let pools = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];
    let curve = |name: &str, shape, serial: f64, spread: f64| {
        let points = pools.map(|pool: f64| {
            let y = pool / (1.0 + serial * (pool - 1.0));
            let interval = (spread > 0.0).then_some((y * (1.0 - spread), y * (1.0 + spread)));
            Point { x: pool, y, interval }
        });
        Curve { name: name.to_owned(), shape, points: points.to_vec() }
    };
    let curves = vec![
        curve("pool", Shape::Line, 0.05, 0.1),
        curve("async <b>", Shape::Line, 0.01, 0.05),
        curve("pool, fitted", Shape::Fitted, 0.049, 0.0),
        curve("steps", Shape::Steps, 0.2, 0.0),
    ];
    let marks = vec![Mark { x: 64.0, y: 15.4, text: "most <b>".to_owned() }];
    Plot::Curves(Curves { x: axis("workers", true), y: axis("speed-up", true), curves, marks })
}

fn bars() -> Plot {
    let set = |name: &str, values: [Option<f64>; 3]| BarSet {
        name: name.to_owned(),
        values: values.to_vec(),
    };
    Plot::Bars(Bars {
        y: axis("requests/s", false),
        groups: ["threads", "pool", "async <i>"].map(str::to_owned).to_vec(),
        sets: vec![
            set("8 workers", [Some(1_234.5), None, Some(4_321.0)]),
            set("64 workers", [Some(2_345.6), Some(3_000.0), Some(0.0)]),
        ],
    })
}

fn layers() -> Plot {
    let layer = |name: &str, by: f64| Layer {
        name: name.to_owned(),
        heights: (0..50).map(|n| by * f64::from(n % 10)).collect(),
    };
    let at = (0..50).map(f64::from).collect();
    let layers = vec![layer("ACTIVE", 3.0), layer("ERROR", 1.0)];
    Plot::Layers(Layers { x: axis("s", false), y: axis("servers", false), at, layers })
}

fn spans() -> Plot {
    let span = |n: usize| Span {
        lane: n % 4,
        kind: n % 3,
        from: (n / 4) as f64 + 0.1 * (n % 4) as f64,
        to: (n / 4) as f64 + 0.8,
        text: format!("span {n} {TAG}"),
    };
    Plot::Spans(Spans {
        x: axis("ms", false),
        lanes: (1..=4).map(|lane| format!("worker-{lane}")).collect(),
        kinds: ["create", "reboot", "delete"].map(str::to_owned).to_vec(),
        spans: (0..40).map(span).collect(),
    })
}

fn table() -> Table {
    let row = |n: u32| (0..9).map(|cell| format!("{} <b>", n * 1_000 + cell)).collect();
    Table {
        head: (0..9).map(|cell| format!("column {cell}")).collect(),
        rows: (0..6).map(row).collect(),
    }
}

fn timeline() -> Timeline {
    let step = |column, text: &str, note: &str, harm| Step {
        column,
        text: text.to_owned(),
        note: note.to_owned(),
        harm,
    };
    Timeline {
        title: format!("Two deletes of one server {TAG}"),
        columns: vec!["client 1".to_owned(), "client 2".to_owned()],
        steps: vec![
            step(0, "reads the row: ACTIVE", "web-1 ACTIVE, 1 of 10 in use", false),
            step(1, "reads the row: ACTIVE", "", false),
            step(0, "gives its room back", "web-1 gone, 0 of 10 in use", false),
            step(1, "gives its room back again", "-1 of 10 in use", true),
        ],
        outcome: "Usage is -1: the quota lets one server too many in.".to_owned(),
    }
}
