//! Figures of several files as a table, and as a page with bars.

use std::path::Path;

use comfy_table::Table;
use guichet_locale::{Locale, text};
use guichet_view::data::{Axis, BarSet, Bars, Block, Chart, Fact, Plot, Report, Section};
use guichet_view::screen::{Screen, Squeeze, framed};
use guichet_view::text::on_one_line;

use super::Key;
use super::taken::Taken;

/// The end of a file's name that a column is called by, in characters: four columns and the names
/// of figures fit 80.
const NAME_MAX: usize = 14;

/// What a file's column is called: its number, and the end of its name.
fn name(path: &Path, number: usize) -> String {
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let file = on_one_line(&file);
    let count = file.chars().count();
    let cut: String = file.chars().skip(count.saturating_sub(NAME_MAX)).collect();
    let mark = if count > NAME_MAX { "…" } else { "" };
    format!("{number} {mark}{cut}")
}

fn names(all: &[Taken]) -> Vec<String> {
    all.iter().zip(1..).map(|(taken, number)| name(&taken.path, number)).collect()
}

/// A figure of every file, where it has one.
struct Line {
    key: Key,
    values: Vec<Option<f64>>,
}

/// All figures that any file has, in the order in which they are first met.
fn lines(all: &[Taken]) -> Vec<Line> {
    let mut keys: Vec<&Key> = Vec::new();
    for (key, _) in all.iter().flat_map(|taken| &taken.figures) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let line = |key: &Key| {
        let of = |taken: &Taken| {
            let found = taken.figures.iter().find(|(known, _)| known == key);
            found.map(|(_, value)| *value)
        };
        Line { key: key.clone(), values: all.iter().map(of).collect() }
    };
    keys.into_iter().map(line).collect()
}

/// A value and how many times the first one it is.
fn cell(line: &Line, at: usize, locale: Locale) -> String {
    let Some(value) = line.values[at] else {
        return "–".to_owned();
    };
    let shown = if line.key.is_count() { locale.rounded(value) } else { locale.figure(value) };
    match line.values[0] {
        Some(first) if at > 0 && first > 0.0 => {
            format!("{shown} (×{})", locale.fixed(value / first, 2))
        }
        _ => shown,
    }
}

/// The head and the rows of these files.
fn cells(
    lines: &[Line],
    names: &[String],
    columns: &[usize],
    locale: Locale,
) -> (Vec<String>, Vec<Vec<String>>) {
    let files = columns.iter().map(|at| names[*at].clone());
    let head = std::iter::once(text!(locale, "report-beside-figure")).chain(files).collect();
    let row = |line: &Line| {
        let cells = columns.iter().map(|at| cell(line, *at, locale));
        std::iter::once(line.key.label(locale)).chain(cells).collect()
    };
    (head, lines.iter().map(row).collect())
}

fn table(lines: &[Line], names: &[String], columns: &[usize], locale: Locale) -> Table {
    let (head, rows) = cells(lines, names, columns, locale);
    framed(head, rows, 1..1 + columns.len())
}

/// The table: in as many parts below each other as a screen is too narrow for.
pub fn people(all: &[Taken], screen: Screen, locale: Locale) -> String {
    let (lines, names) = (lines(all), names(all));
    let fits = |columns: &[usize]| {
        let table = table(&lines, &names, columns, locale).to_string();
        let wide = table.lines().next().map_or(0, |frame| frame.chars().count());
        screen.width().is_none_or(|width| wide <= width)
    };
    let mut parts: Vec<Vec<usize>> = vec![Vec::new()];
    for at in 0..all.len() {
        let Some(part) = parts.last_mut() else {
            break;
        };
        part.push(at);
        if part.len() > 1 && !fits(part) {
            part.pop();
            parts.push(vec![at]);
        }
    }
    let mut text = String::new();
    for part in parts {
        let table = table(&lines, &names, &part, locale);
        text += &screen.table(table, Squeeze { drops: &[], wraps: 0 });
        text.push('\n');
    }
    text + &text!(locale, "report-beside-ratio") + "\n"
}

/// The page: bars of what people look at first, and the whole table.
pub fn page(all: &[Taken], facts: Vec<Fact>, locale: Locale) -> Report {
    let (lines, names) = (lines(all), names(all));
    let bars = |(line, number): (&Line, usize)| {
        let values = line.values.iter().map(|value| value.filter(|value| value.is_finite()));
        let label = line.key.label(locale);
        let set = BarSet { name: label.clone(), values: values.collect() };
        let y = Axis { title: String::new(), log: false };
        Block::Chart(Chart {
            id: format!("figure-{number}"),
            title: label,
            caption: String::new(),
            plot: Plot::Bars(Bars { y, groups: names.clone(), sets: vec![set] }),
        })
    };
    let drawn = lines.iter().filter(|line| line.key.is_drawn());
    let charts = Section {
        title: text!(locale, "report-beside-charts"),
        text: Vec::new(),
        blocks: drawn.zip(1..).map(bars).collect(),
    };
    let columns: Vec<usize> = (0..all.len()).collect();
    let (head, rows) = cells(&lines, &names, &columns, locale);
    let table = guichet_view::data::Table { head, rows };
    let figures = Section {
        title: text!(locale, "report-beside-figures"),
        text: vec![text!(locale, "report-beside-ratio")],
        blocks: vec![Block::Table(table)],
    };
    Report {
        locale,
        title: "guichet report".to_owned(),
        lead: vec![text!(locale, "report-beside-lead", files = all.len())],
        facts,
        sections: vec![charts, figures],
    }
}
