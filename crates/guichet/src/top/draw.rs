//! A view on a screen, or as text: a function of the view and of the size alone.

mod lists;
mod panels;
mod parts;

use std::convert::Infallible;

use guichet_locale::text;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Margin, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::{Block, Clear, Paragraph, Wrap};
use ratatui::{Frame, Terminal};

use self::parts::Palette;
use super::view::{Panel, View};

/// The smallest screen that has place for everything.
pub(super) const WIDTH_MIN: u16 = 80;
/// Rows of it.
pub(super) const HEIGHT_MIN: u16 = 24;
/// From this height on there is a line between parts.
const HEIGHT_WIDE: u16 = 28;

/// Columns of a view that is printed as text.
const TEXT_WIDTH: u16 = 100;
/// Rows of it: all parts with place for some ten rows.
const TEXT_HEIGHT: u16 = 46;

/// Draws it.
pub(super) fn draw(frame: &mut Frame<'_>, view: &View) {
    let area = frame.area();
    if area.width < WIDTH_MIN || area.height < HEIGHT_MIN {
        return too_small(frame, view);
    }
    let palette = Palette { has_color: view.has_color };
    let [head, body, foot] =
        Layout::vertical([Constraint::Length(2), Constraint::Fill(1), Constraint::Length(1)])
            .areas(area);
    panels::head(frame, view, head, palette);
    if view.is_whole {
        panels::of(frame, view, view.focus, body, palette);
    } else {
        parts_of(frame, view, body, palette);
    }
    let keys = Line::styled(text!(view.locale, "top-keys"), palette.dim());
    frame.render_widget(keys, foot);
    if view.is_helped {
        help(frame, view, palette);
    }
}

/// All parts, one below the other.
fn parts_of(frame: &mut Frame<'_>, view: &View, body: Rect, palette: Palette) {
    let spacing = u16::from(body.height + 3 >= HEIGHT_WIDE);
    let rows =
        [Constraint::Length(6), Constraint::Length(5), Constraint::Fill(1), Constraint::Fill(1)];
    let [first, second, third, fourth] = Layout::vertical(rows).spacing(spacing).areas(body);
    let side = Constraint::Length(26);
    let beside = |area| Layout::horizontal([Constraint::Fill(1), side]).spacing(2).areas(area);
    let [rates, queue] = beside(first);
    panels::of(frame, view, Panel::Rates, rates, palette);
    panels::queue(frame, view, queue, palette);
    let [times, servers] = beside(second);
    panels::times(frame, view, times, palette);
    panels::servers(frame, view, servers, palette);
    let halves = [Constraint::Fill(1), Constraint::Fill(1)];
    let [projects, hosts] = Layout::horizontal(halves).spacing(2).areas(third);
    panels::of(frame, view, Panel::Projects, projects, palette);
    panels::of(frame, view, Panel::Hosts, hosts, palette);
    panels::of(frame, view, Panel::Flight, fourth, palette);
}

fn too_small(frame: &mut Frame<'_>, view: &View) {
    let area = frame.area();
    let said = text!(
        view.locale,
        "top-small",
        columns = WIDTH_MIN,
        rows = HEIGHT_MIN,
        width = area.width,
        height = area.height
    );
    frame.render_widget(Paragraph::new(said).wrap(Wrap { trim: true }), area);
}

/// What keys do, in front of everything.
fn help(frame: &mut Frame<'_>, view: &View, palette: Palette) {
    let said = text!(view.locale, "top-help");
    let lines: Vec<&str> = said.lines().collect();
    let height = lines.len() as u16 + 2;
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0) as u16 + 4;
    let area = frame.area();
    let (width, height) = (width.min(area.width), height.min(area.height));
    let place = Rect { x: (area.width - width) / 2, y: (area.height - height) / 2, width, height };
    let title = text!(view.locale, "top-help-title");
    let block = Block::bordered().title(title).style(palette.plain());
    frame.render_widget(Clear, place);
    frame.render_widget(block, place);
    let inside = place.inner(Margin { horizontal: 2, vertical: 1 });
    frame.render_widget(Paragraph::new(said).style(Style::new()), inside);
}

/// The view as text, without what a terminal alone has.
///
/// # Errors
/// None: a screen in memory takes everything.
pub(super) fn as_text(view: &View) -> Result<String, Infallible> {
    let mut terminal = Terminal::new(TestBackend::new(TEXT_WIDTH, TEXT_HEIGHT))?;
    let completed = terminal.draw(|frame| draw(frame, view))?;
    let mut lines = lines(completed.buffer);
    // The last one is about keys.
    lines.pop();
    // Parts that have few rows leave place.
    lines.dedup_by(|one, before| one.is_empty() && before.is_empty());
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    Ok(lines.join("\n") + "\n")
}

/// The lines of a screen.
pub(super) fn lines(buffer: &Buffer) -> Vec<String> {
    let area = buffer.area;
    let row =
        |y| -> String { (area.left()..area.right()).map(|x| buffer[(x, y)].symbol()).collect() };
    (area.top()..area.bottom()).map(|y| row(y).trim_end().to_owned()).collect()
}
