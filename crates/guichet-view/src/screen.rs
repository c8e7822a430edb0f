//! Where lines are printed to. A screen has a width, which nothing passes: paragraphs are wrapped,
//! and columns of tables dropped by rank or wrapped. A pipe has none, and gets every line whole.

use std::ops::Range;

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, presets};

use crate::text::{LINE_WIDTH, wrapped, wrapped_to};

/// The narrowest screen that anything is laid out for: below it words would be cut anyway.
const WIDTH_MIN: usize = 60;

/// A screen of some width, or a pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Screen {
    width: Option<usize>,
}

/// What may be done to a table that is wider than its screen.
#[derive(Debug, Clone, Copy, Default)]
pub struct Squeeze<'a> {
    /// Columns that may be dropped: the first of them first.
    pub drops: &'a [usize],
    /// The column whose cells may be wrapped, if that was not enough.
    pub wraps: usize,
}

impl Screen {
    /// No screen: nobody looks, or a program does.
    pub const PIPE: Self = Self { width: None };

    /// A screen of so many columns.
    pub fn wide(columns: usize) -> Self {
        Self { width: Some(columns.max(WIDTH_MIN)) }
    }

    /// Its columns; a pipe has none.
    pub const fn width(self) -> Option<usize> {
        self.width
    }

    /// Whether somebody looks at a screen.
    pub const fn is_screen(self) -> bool {
        self.width.is_some()
    }

    /// A paragraph, which a pipe gets in lines too.
    pub fn paragraph(self, text: &str, indent: usize) -> Vec<String> {
        match self.width {
            Some(width) => wrapped_to(text, indent, width.min(LINE_WIDTH)),
            None => wrapped(text, indent),
        }
    }

    /// A line, which a pipe gets whole; lines after the first begin with `indent` spaces.
    pub fn line(self, text: &str, indent: usize) -> Vec<String> {
        match self.width {
            Some(width) => wrapped_to(text, indent, width),
            None => vec![text.to_owned()],
        }
    }

    /// Whether a table is shown whole: it is no wider, or there is no width.
    pub fn has_room_for(self, table: &Table) -> bool {
        self.width.is_none_or(|width| table_width(table) <= width)
    }

    /// A table; a pipe gets all of it.
    pub fn table(self, mut table: Table, squeeze: Squeeze<'_>) -> String {
        let Some(width) = self.width else {
            return table.to_string();
        };
        for drop in squeeze.drops {
            if table_width(&table) <= width {
                break;
            }
            if let Some(column) = table.column_mut(*drop) {
                column.set_constraint(ColumnConstraint::Hidden);
            }
        }
        if table_width(&table) > width {
            for (index, column) in table.column_iter_mut().enumerate() {
                if index != squeeze.wraps && !column.is_hidden() {
                    column.set_constraint(ColumnConstraint::ContentWidth);
                }
            }
            table.set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
        }
        table.to_string()
    }
}

/// A table in a frame; the columns of `numbers` are to the right.
pub fn framed(
    head: Vec<String>,
    rows: impl IntoIterator<Item = Vec<String>>,
    numbers: Range<usize>,
) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY);
    table.set_header(head);
    table.add_rows(rows);
    for column in table.column_iter_mut().skip(numbers.start).take(numbers.len()) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// How wide a table is as it stands: all its lines are as wide as its frame.
fn table_width(table: &Table) -> usize {
    table.lines().next().map_or(0, |frame| frame.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        let head = row(["name", "state", "how many there were", "what is to be said of it"]);
        let cells =
            row(["a-name-with-20-chars", "ACTIVE", "1,000,000", "a sentence of a few words"]);
        framed(head, [cells], 0..0)
    }

    fn widths(text: &str) -> Vec<usize> {
        text.lines().map(|line| line.chars().count()).collect()
    }

    #[test]
    fn a_table_is_never_wider_than_its_screen() {
        let whole = table().to_string();
        assert_eq!(Screen::PIPE.table(table(), Squeeze::default()), whole);
        let natural = widths(&whole)[0];
        let squeeze = Squeeze { drops: &[1], wraps: 3 };
        assert_eq!(Screen::wide(natural).table(table(), squeeze), whole, "it fits as it is");
        let narrower = Screen::wide(natural - 1).table(table(), squeeze);
        assert!(!narrower.contains("ACTIVE") && narrower.contains("sentence of a few words"));
        for columns in WIDTH_MIN..natural {
            let text = Screen::wide(columns).table(table(), squeeze);
            assert!(widths(&text).iter().all(|width| *width <= columns), "{columns}:\n{text}");
            assert!(text.contains("1,000,000") && text.contains("a-name-with-20-chars"), "{text}");
        }
    }

    #[test]
    fn text_is_as_wide_as_its_screen_and_a_pipe_gets_it_whole() {
        let text = "some words and a longer one ".repeat(9).trim_end().to_owned();
        assert_eq!(Screen::PIPE.line(&text, 2), [text.as_str()]);
        for columns in [80, 100, 140] {
            let lines = Screen::wide(columns).line(&text, 2);
            assert!(lines.len() > 1 && lines.iter().all(|line| line.chars().count() <= columns));
            let read = Screen::wide(columns).paragraph(&text, 2);
            assert!(read.iter().all(|line| line.chars().count() <= columns.min(LINE_WIDTH)));
        }
        assert_eq!(Screen::PIPE.paragraph(&text, 2), wrapped(&text, 2));
        assert_eq!(Screen::wide(0).width(), Some(WIDTH_MIN), "a size that is not known");
    }
}
