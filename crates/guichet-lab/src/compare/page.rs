//! A comparison as a report: plain data for [`guichet_view`].

use guichet_engine::Model;
use guichet_locale::Locale;
use guichet_view::data::{
    Axis, BarSet, Bars, Block, Chart, Curve, Curves, Fact, Mark, Plot, Point, Report, Section,
    Shape, Table,
};
use guichet_view::number::{figure, rounded};

use super::Comparison;
use super::fit::amdahl;
use super::output;
use super::plan::Work;
use super::result::{Fit, Row};
use super::stats::Interval;

/// The report. `facts` say what it was made with.
pub fn report(comparison: &Comparison, facts: Vec<Fact>) -> Report {
    let mut sections = vec![Section {
        title: "What the figures say".to_owned(),
        text: comparison.commentary.clone(),
        blocks: Vec::new(),
    }];
    for work in [Work::Io, Work::Cpu] {
        let rows: Vec<&Row> =
            comparison.rows.iter().filter(|row| row.setting.work == work).collect();
        if !rows.is_empty() {
            sections.push(work_section(work, &rows, &comparison.fits));
        }
    }
    sections.push(all_figures(comparison));
    Report {
        locale: Locale::English,
        title: "guichet compare".to_owned(),
        lead: lead(comparison),
        facts,
        sections,
    }
}

/// What was compared, and the sentences that the page begins with.
fn lead(comparison: &Comparison) -> Vec<String> {
    let plan = &comparison.plan;
    let models: Vec<&str> = plan.models.iter().map(|model| model.as_str()).collect();
    let mut lead = vec![format!(
        "The same random requests of {} clients, through {}: {} rows, each measured {} times in a process of its own, in rounds, so that what drifts on the machine hits all rows alike. Profile {}, mix {}, {} cores.",
        plan.clients,
        models.join(", "),
        comparison.rows.len(),
        plan.runs,
        plan.profile.name(),
        plan.mix,
        plan.cores,
    )];
    lead.extend(comparison.commentary.iter().take(2).cloned());
    lead.push(match comparison.violations.len() {
        0 => format!("{} facts were checked after the runs and all hold.", comparison.checked),
        broken => {
            format!("{broken} of {} facts checked do NOT hold: see the end.", comparison.checked)
        }
    });
    lead
}

fn work_section(work: Work, rows: &[&Row], fits: &[Fit]) -> Section {
    let of_work: Vec<&Fit> = fits.iter().filter(|fit| fit.work == work).collect();
    let text = match work {
        Work::Io => "A request waits for others most of its time, as for a hypervisor.",
        Work::Cpu => "A request computes most of its time.",
    };
    let chart = |name: &str, title: &str, caption: &str, plot: Plot| {
        Block::Chart(Chart {
            id: format!("{}-{name}", work.as_str()),
            title: title.to_owned(),
            caption: caption.to_owned(),
            plot,
        })
    };
    let mut blocks = vec![chart(
        "throughput",
        "Throughput over the size of the pool",
        "Median of the runs with its 95 % interval. Models without a pool stand at the most they had in flight; dashed: the fitted Universal Scalability Law. Both axes are logarithmic: a straight line doubles as the workers do.",
        Plot::Curves(throughput(rows, &of_work)),
    )];
    if rows.iter().any(|row| row.speedup.is_some()) {
        blocks.push(chart(
            "speed-up",
            "Speed-up over one at a time",
            "Dashed: as many times as there are workers, and Amdahl's law with the fitted serial share. Where the measured curve leaves the first, something else than the pool is the limit.",
            Plot::Curves(speedups(rows, &of_work)),
        ));
    }
    blocks.push(chart(
        "latency",
        "How long a request takes, on a logarithmic scale",
        "Wait: from its acceptance to its start. Latency: from sending to the end. The difference of the two is the service itself.",
        Plot::Bars(latencies(rows)),
    ));
    blocks.push(chart(
        "cost",
        "What a request costs",
        "CPU of the whole process, its clients included, and thread switches, for each request that was run.",
        Plot::Bars(costs(rows)),
    ));
    Section { title: format!("{} work", work.name()), text: vec![text.to_owned()], blocks }
}

/// Where a row stands on the axis of workers.
fn x_of(row: &Row) -> f64 {
    row.setting.workers.map_or(row.max_in_flight().max(1) as f64, |workers| workers as f64)
}

fn log(title: &str) -> Axis {
    Axis { title: title.to_owned(), log: true }
}

/// A curve of each model, of the figure that `of` picks.
fn curves(rows: &[&Row], of: impl Fn(&Row) -> Option<Interval>) -> Vec<Curve> {
    let curve = |model: Model| {
        let points = rows.iter().filter(|row| row.setting.model == model).filter_map(|row| {
            let interval = of(row)?;
            Some(Point {
                x: x_of(row),
                y: interval.median,
                interval: Some((interval.low, interval.high)),
            })
        });
        Curve { name: model.as_str().to_owned(), shape: Shape::Line, points: points.collect() }
    };
    Model::ALL.into_iter().map(curve).filter(|curve| !curve.points.is_empty()).collect()
}

/// A fitted curve, drawn over the sizes that were tried.
fn fitted(name: String, largest: usize, law: impl Fn(f64) -> f64) -> Curve {
    const POINTS: usize = 49;
    let points = (0..POINTS).map(|at| {
        let x = (largest as f64).powf(at as f64 / (POINTS - 1) as f64);
        Point { x, y: law(x), interval: None }
    });
    Curve { name, shape: Shape::Fitted, points: points.collect() }
}

fn throughput(rows: &[&Row], fits: &[&Fit]) -> Curves {
    let mut drawn = curves(rows, |row| Some(row.per_s));
    for fit in fits {
        if let Some(law) = fit.usl {
            let name = format!("{}, fitted", fit.model.as_str());
            drawn.push(fitted(name, fit.largest, |workers| law.rate(workers)));
        }
    }
    let best = rows.iter().max_by(|a, b| a.per_s.median.total_cmp(&b.per_s.median));
    let marks = best.map(|row| Mark {
        x: x_of(row),
        y: row.per_s.median,
        text: format!("{}: {}/s", row.setting.name(), rounded(row.per_s.median)),
    });
    Curves {
        x: log("workers"),
        y: log("requests/s"),
        curves: drawn,
        marks: marks.into_iter().collect(),
    }
}

fn speedups(rows: &[&Row], fits: &[&Fit]) -> Curves {
    let mut drawn = curves(rows, |row| row.speedup);
    let largest = rows.iter().filter_map(|row| row.setting.workers).max().unwrap_or(1);
    drawn.push(fitted("one more for each worker".to_owned(), largest, |workers| workers));
    for fit in fits {
        if let Some(share) = fit.serial_share {
            let name = format!("{}, Amdahl {} %", fit.model.as_str(), figure(share * 100.0));
            drawn.push(fitted(name, largest, |workers| amdahl(share, workers)));
        }
    }
    Curves {
        x: log("workers"),
        y: log("times as fast as one at a time"),
        curves: drawn,
        marks: Vec::new(),
    }
}

fn group_names(rows: &[&Row]) -> Vec<String> {
    rows.iter()
        .map(|row| match row.setting.workers {
            Some(workers) => format!("{} {workers}", row.setting.model.as_str()),
            None => row.setting.model.as_str().to_owned(),
        })
        .collect()
}

/// Bars on a logarithmic scale: what is zero has none.
fn set(name: &str, rows: &[&Row], of: impl Fn(&Row) -> f64) -> BarSet {
    let value = |row: &&Row| Some(of(row)).filter(|value| *value > 0.0);
    BarSet { name: name.to_owned(), values: rows.iter().map(value).collect() }
}

fn latencies(rows: &[&Row]) -> Bars {
    Bars {
        y: log("ms"),
        groups: group_names(rows),
        sets: vec![
            set("wait, half of them", rows, |row| row.wait_ms().p50),
            set("wait, one in a hundred", rows, |row| row.wait_ms().p99),
            set("latency, half of them", rows, |row| row.latency_ms().p50),
            set("latency, one in a hundred", rows, |row| row.latency_ms().p99),
        ],
    }
}

fn costs(rows: &[&Row]) -> Bars {
    Bars {
        y: log("µs of CPU, thread switches"),
        groups: group_names(rows),
        sets: vec![
            set("µs of CPU", rows, Row::cpu_us),
            set("thread switches", rows, Row::switches_each),
        ],
    }
}

/// Every figure of every row, as printed.
fn all_figures(comparison: &Comparison) -> Section {
    let broken = comparison.violations.iter().map(|violation| format!("Broken: {violation}"));
    Section {
        title: "All figures".to_owned(),
        text: broken.collect(),
        blocks: output::tables(comparison).iter().map(|table| Block::Table(plain(table))).collect(),
    }
}

/// A printed table's cells, with model, work and size in the first column.
fn plain(table: &comfy_table::Table) -> Table {
    const NAMES: usize = 3;
    let cells = |row: &comfy_table::Row| -> Vec<String> {
        let all: Vec<String> = row.cell_iter().map(comfy_table::Cell::content).collect();
        let name: Vec<&str> =
            all.iter().take(NAMES).map(String::as_str).filter(|part| !part.is_empty()).collect();
        std::iter::once(name.join(" ")).chain(all.iter().skip(NAMES).cloned()).collect()
    };
    let head = table.header().map(cells).unwrap_or_default();
    Table { head, rows: table.row_iter().map(cells).collect() }
}
