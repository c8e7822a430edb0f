//! The page: from the data to one file of HTML.

mod words;

use std::collections::HashSet;

use askama::Template;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use crate::chart::{self, Drawing};
use crate::data::{Block, Report, Table, Timeline};
use crate::error::RenderError;
use crate::escape::json_in_script;
use crate::play::{self, Board};
use crate::walk::{self, Desk};
use words::Words;

/// Sections from which on the page has a table of contents.
const CONTENTS_FROM: usize = 4;

/// What is played, as scripts: how data are read and elements made, and for either kind of game
/// what follows a press.
const GAME_SCRIPT: &str = include_str!("../templates/game.js");
const PLAY_SCRIPT: &str = include_str!("../templates/play.js");
const WALK_SCRIPT: &str = include_str!("../templates/walk.js");

/// The script that draws charts: the part of plotly.js that has curves and bars, a quarter of the
/// whole. Its version is the one that the crate `plotly` writes data for.
/// Compressed by the build script.
const LIBRARY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/plotly.zlib"));
/// What the script may have when it is taken out of that, in bytes: it has 1 MB.
const LIBRARY_BYTES_MAX: usize = 2 << 20;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a Report,
    words: Words,
    sections: Vec<Part<'a>>,
    contents: bool,
    style: &'static str,
    /// The style and the script of what is played; empty if nothing is.
    play_style: &'static str,
    walk_style: &'static str,
    /// Empty if there is no chart.
    library: String,
    script: &'static str,
    /// What that script says.
    chart_words: String,
    /// Shows which tables are too wide; empty if there is no table.
    wide_script: &'static str,
    game_script: &'static str,
    play_script: &'static str,
    walk_script: &'static str,
}

/// A section with what is drawn in it.
struct Part<'a> {
    anchor: String,
    title: &'a str,
    text: &'a [String],
    shown: Vec<Shown<'a>>,
}

enum Shown<'a> {
    Chart(Drawing<'a>),
    Table { table: &'a Table, label: String },
    Timeline(Lanes<'a>),
    Play(Board<'a>),
    Walk(Desk<'a>),
}

/// Characters of a cell from which on it is a sentence: a figure with its unit and interval has
/// fewer.
const PROSE_FROM: usize = 41;

/// Whether a cell is read as a sentence, and so may have several lines.
fn is_prose(cell: &str) -> bool {
    cell.chars().count() >= PROSE_FROM
}

/// A timeline as the rows of a table.
struct Lanes<'a> {
    timeline: &'a Timeline,
    notes: bool,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    number: usize,
    harm: bool,
    cells: Vec<Option<&'a str>>,
    note: &'a str,
}

/// Makes the page: one file that needs nothing else. The same report gives the same bytes.
///
/// # Errors
/// Data that contradict themselves: they would give a page that shows something else.
pub fn render(report: &Report) -> Result<String, RenderError> {
    let mut names = HashSet::new();
    let (mut has_charts, mut has_tables) = (false, false);
    let (mut has_play, mut has_walk) = (false, false);
    let mut sections = Vec::with_capacity(report.sections.len());
    for (section, number) in report.sections.iter().zip(1..) {
        let mut shown = Vec::with_capacity(section.blocks.len());
        for block in &section.blocks {
            shown.push(match block {
                Block::Chart(chart) => {
                    take_name(&mut names, &chart.id)?;
                    has_charts = true;
                    Shown::Chart(chart::draw(chart)?)
                }
                Block::Table(table) => {
                    has_tables = true;
                    let table = checked(table, &section.title)?;
                    Shown::Table { table, label: words::table(report.locale, &section.title) }
                }
                Block::Timeline(timeline) => {
                    has_tables = true;
                    Shown::Timeline(lanes(timeline)?)
                }
                Block::Play(play) => {
                    take_name(&mut names, &play.id)?;
                    has_play = true;
                    Shown::Play(play::board(play, report.locale)?)
                }
                Block::Walk(walk) => {
                    take_name(&mut names, &walk.id)?;
                    has_walk = true;
                    Shown::Walk(walk::desk(walk, report.locale)?)
                }
            });
        }
        let anchor = format!("part-{number}");
        sections.push(Part { anchor, title: &section.title, text: &section.text, shown });
    }
    let page = Page {
        report,
        words: Words::of(report.locale, has_charts),
        contents: sections.len() >= CONTENTS_FROM,
        sections,
        style: include_str!("../templates/report.css"),
        play_style: if has_play || has_walk { include_str!("../templates/play.css") } else { "" },
        walk_style: if has_walk { include_str!("../templates/walk.css") } else { "" },
        library: if has_charts { library()? } else { String::new() },
        script: include_str!("../templates/report.js"),
        chart_words: json_in_script(&words::charts(report.locale).to_string()),
        wide_script: if has_tables { include_str!("../templates/wide.js") } else { "" },
        game_script: if has_play || has_walk { GAME_SCRIPT } else { "" },
        play_script: if has_play { PLAY_SCRIPT } else { "" },
        walk_script: if has_walk { WALK_SCRIPT } else { "" },
    };
    page.render().map_err(|error| RenderError::Page(error.to_string()))
}

/// The script that draws charts, as a page has it.
fn library() -> Result<String, RenderError> {
    let bytes = decompress_to_vec_zlib_with_limit(LIBRARY, LIBRARY_BYTES_MAX)
        .map_err(|error| RenderError::Page(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| RenderError::Page(error.to_string()))
}

/// Takes the name of an element, of which there may be one.
fn take_name<'a>(names: &mut HashSet<&'a str>, id: &'a str) -> Result<(), RenderError> {
    let sound =
        !id.is_empty() && id.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if !sound {
        return Err(RenderError::Name(id.to_owned()));
    }
    if names.insert(id) { Ok(()) } else { Err(RenderError::Twice(id.to_owned())) }
}

fn checked<'a>(table: &'a Table, section: &str) -> Result<&'a Table, RenderError> {
    match table.rows.iter().find(|row| row.len() != table.head.len()) {
        Some(row) => {
            let (found, expected) = (row.len(), table.head.len());
            let found = format!("a row of a table has {found} cells, its head {expected}");
            Err(RenderError::data(section, found))
        }
        None => Ok(table),
    }
}

fn lanes(timeline: &Timeline) -> Result<Lanes<'_>, RenderError> {
    let columns = timeline.columns.len();
    let mut rows = Vec::with_capacity(timeline.steps.len());
    for (step, number) in timeline.steps.iter().zip(1..) {
        let mut cells = vec![None; columns];
        let Some(cell) = cells.get_mut(step.column) else {
            let found = format!("step {number} is in column {}, of {columns}", step.column);
            return Err(RenderError::data(&timeline.title, found));
        };
        *cell = Some(step.text.as_str());
        rows.push(Row { number, harm: step.harm, cells, note: &step.note });
    }
    let notes = timeline.steps.iter().any(|step| !step.note.is_empty());
    Ok(Lanes { timeline, notes, rows })
}

#[cfg(test)]
mod tests;
