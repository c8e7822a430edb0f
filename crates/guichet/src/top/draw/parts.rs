//! What all parts of the screen have in common: colours, cells, numbers.

use guichet_locale::Locale;
use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::{Cell, Row, Table};

/// How things look; without colours by weight alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Palette {
    pub(super) has_color: bool,
}

impl Palette {
    pub(super) const fn plain(self) -> Style {
        Style::new()
    }

    pub(super) const fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// The first row of a part; of the one that is gone through it is filled.
    pub(super) const fn title(self, is_focused: bool) -> Style {
        let style = Style::new().add_modifier(Modifier::BOLD);
        if is_focused {
            return style.add_modifier(Modifier::REVERSED);
        }
        let style = style.add_modifier(Modifier::UNDERLINED);
        if self.has_color { style.fg(Color::Cyan) } else { style }
    }

    /// The row that is chosen.
    pub(super) const fn chosen(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Something to look at.
    pub(super) const fn warn(self) -> Style {
        let style = Style::new().add_modifier(Modifier::BOLD);
        if self.has_color { style.fg(Color::Yellow) } else { style }
    }

    /// Something that is wrong.
    pub(super) const fn bad(self) -> Style {
        let style = Style::new().add_modifier(Modifier::BOLD);
        if self.has_color { style.fg(Color::Red) } else { style.add_modifier(Modifier::REVERSED) }
    }

    pub(super) const fn spark(self) -> Style {
        if self.has_color { Style::new().fg(Color::Green) } else { Style::new() }
    }
}

/// A number, or what stands on the right of its column.
pub(super) fn right(text: impl Into<String>) -> Cell<'static> {
    Cell::from(Line::from(text.into()).right_aligned())
}

/// A table whose first row says what it is.
pub(super) struct Rows<'a> {
    pub(super) head: Vec<Cell<'a>>,
    pub(super) rows: Vec<Row<'a>>,
    pub(super) widths: Vec<Constraint>,
    pub(super) is_focused: bool,
    /// The row that is chosen: so many are left out in front that it is seen.
    pub(super) chosen: Option<usize>,
}

impl Rows<'_> {
    pub(super) fn render(self, frame: &mut Frame<'_>, area: Rect, palette: Palette) {
        let Self { head, mut rows, widths, is_focused, chosen } = self;
        if let Some(chosen) = chosen.filter(|chosen| *chosen < rows.len() && is_focused) {
            rows[chosen] = std::mem::take(&mut rows[chosen]).style(palette.chosen());
            let seen = usize::from(area.height.saturating_sub(1)).max(1);
            rows.drain(..(chosen + 1).saturating_sub(seen));
        }
        let table = Table::new(rows, widths)
            .header(Row::new(head).style(palette.title(is_focused)))
            .column_spacing(1);
        frame.render_widget(table, area);
    }
}

/// A title, marked if its column is the one that rows are in the order of.
pub(super) fn marked(title: String, is_order: bool) -> String {
    if is_order { format!("{title}▼") } else { title }
}

/// A rate: a digit behind the point where it matters.
pub(super) fn rate(locale: Locale, a_second: f64) -> String {
    match a_second {
        none if none <= 0.0 => "·".to_owned(),
        few if few < 99.95 => locale.fixed(few, 1),
        many => locale.rounded(many),
    }
}

/// How long something took, or takes.
pub(super) fn span(locale: Locale, ms: f64) -> String {
    if ms >= 100_000.0 { locale.span_s(ms / 1e3) } else { locale.time_ms(ms) }
}

/// A share in whole percent.
pub(super) fn percent(used: u64, of: u64) -> String {
    match of {
        0 => "-".to_owned(),
        of => format!("{} %", (100 * used + of / 2) / of),
    }
}
