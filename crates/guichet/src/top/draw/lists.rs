//! The parts of the screen that are lists: projects, hosts, operations in flight.

use guichet_locale::{Locale, text};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Cell, Row};

use super::parts::{Palette, Rows, marked, percent, right, span};
use crate::top::seen::Host;
use crate::top::view::{Panel, View};

/// What projects have in the queue.
pub(super) fn projects(frame: &mut Frame<'_>, view: &View, area: Rect, palette: Palette) {
    let locale = view.locale;
    let order = view.order(Panel::Projects);
    let found = view.projects();
    let chosen = view.chosen(Panel::Projects, found.len());
    let mut rows: Vec<_> = found
        .iter()
        .map(|row| {
            let oldest = row.oldest_s.map_or_else(|| "-".to_owned(), |s| span(locale, s * 1e3));
            let (waiting, running) = (locale.grouped(row.waiting), locale.grouped(row.in_flight));
            let name = Cell::from(row.name.clone());
            Row::new([name, right(waiting), right(running), right(oldest)])
        })
        .collect();
    if let Some(others) = &view.figures.queue.other_projects {
        let name = text!(locale, "top-more-projects", count = locale.grouped(others.projects));
        let (waiting, running) = (locale.grouped(others.waiting), locale.grouped(others.in_flight));
        rows.push(Row::new([Cell::from(name), right(waiting), right(running), right("")]));
    }
    let rows = Rows {
        head: vec![
            Cell::from(text!(locale, "top-projects")),
            right(marked(text!(locale, "top-wait"), order == 0)),
            right(marked(text!(locale, "top-run"), order == 1)),
            right(marked(text!(locale, "top-oldest"), order == 2)),
        ],
        rows,
        widths: vec![
            Constraint::Fill(1),
            Constraint::Length(7),
            Constraint::Length(7),
            Constraint::Length(9),
        ],
        is_focused: view.focus == Panel::Projects,
        chosen: Some(chosen),
    };
    rows.render(frame, area, palette);
}

/// What is to be known of a host beside how full it is.
fn host_state(locale: Locale, host: &Host, palette: Palette) -> Span<'static> {
    let is_down = host.state == "down";
    let (said, style) = match (&host.drain, host.status.as_str()) {
        (Some(drain), _) if drain.stuck > 0 => {
            let (left, stuck) = (locale.grouped(drain.left), locale.grouped(drain.stuck));
            (text!(locale, "top-stuck", left = left, stuck = stuck), palette.warn())
        }
        (Some(drain), _) => {
            (text!(locale, "top-left", left = locale.grouped(drain.left)), palette.warn())
        }
        (None, "drained") => (text!(locale, "top-drained"), palette.warn()),
        (None, "disabled") => (text!(locale, "top-disabled"), palette.warn()),
        (None, _) => (text!(locale, "top-host-up"), palette.plain()),
    };
    match is_down {
        true if host.status == "enabled" => Span::styled(text!(locale, "top-down"), palette.bad()),
        true => Span::styled(text!(locale, "top-down-and", state = said), palette.bad()),
        false => Span::styled(said, style),
    }
}

/// Hosts, and how full they are.
pub(super) fn hosts(frame: &mut Frame<'_>, view: &View, area: Rect, palette: Palette) {
    let locale = view.locale;
    let order = view.order(Panel::Hosts);
    let found = view.hosts();
    let row = |host: &&Host| {
        Row::new([
            Cell::from(host.name.clone()),
            right(percent(host.vcpus_used, host.vcpus)),
            right(percent(host.ram_used_mib, host.ram_mib)),
            Cell::from(Line::from(host_state(locale, host, palette)).right_aligned()),
        ])
    };
    let (count, closed) =
        view.figures.hosts.as_ref().map_or((0, 0), |hosts| (hosts.count, hosts.closed_count));
    let title = text!(locale, "top-hosts", count = locale.grouped(count));
    let state = match closed {
        0 => text!(locale, "top-state"),
        closed => text!(locale, "top-shut", closed = locale.grouped(closed)),
    };
    let rows = Rows {
        head: vec![
            Cell::from(marked(title, order == 2)),
            right(marked("cpu".to_owned(), order == 0)),
            right(text!(locale, "top-memory")),
            right(marked(state, order == 1)),
        ],
        rows: found.iter().map(row).collect(),
        widths: vec![
            Constraint::Fill(1),
            Constraint::Length(5),
            Constraint::Length(5),
            Constraint::Length(13),
        ],
        is_focused: view.focus == Panel::Hosts,
        chosen: Some(view.chosen(Panel::Hosts, found.len())),
    };
    rows.render(frame, area, palette);
}

/// Letters of an operation's id where there is no place for all.
const SHORT_ID: usize = 8;

/// An operation's id: the first letters of its server's, and its number.
fn short(id: &str) -> String {
    match id.split_once('/') {
        Some((server, number)) => {
            format!("{}/{number}", server.get(..SHORT_ID).unwrap_or(server))
        }
        None => id.to_owned(),
    }
}

/// The operations in flight that began first.
pub(super) fn flight(frame: &mut Frame<'_>, view: &View, area: Rect, palette: Palette) {
    let locale = view.locale;
    let order = view.order(Panel::Flight);
    let found = view.operations();
    let chosen = view.chosen(Panel::Flight, found.len());
    let is_wide = area.width >= 120;
    // Where only this is looked at the id of the chosen one is whole below it, to be copied.
    let below = u16::from(view.is_whole && !is_wide);
    let rows_of = [Constraint::Fill(1), Constraint::Length(below)];
    let [area, below] = Layout::vertical(rows_of).areas(area);
    if let Some(row) = found.get(chosen) {
        let command = format!("guichet operation show {}", row.id);
        frame.render_widget(Line::styled(command, palette.dim()), below);
    }
    let rows = found.iter().map(|row| {
        let id = if is_wide { row.id.clone() } else { short(&row.id) };
        let state = match row.attempts {
            0 | 1 => row.state.clone(),
            attempts => {
                text!(locale, "top-attempt", state = row.state.as_str(), attempt = attempts)
            }
        };
        Row::new([
            Cell::from(id),
            Cell::from(row.action.clone()),
            Cell::from(row.name.clone()),
            Cell::from(row.project.clone()),
            Cell::from(state),
            right(span(locale, row.wait_ms)),
            right(row.run_ms.map_or_else(|| "-".to_owned(), |ms| span(locale, ms))),
        ])
    });
    let id = if is_wide { 40 } else { 12 };
    let rows = Rows {
        rows: rows.collect(),
        head: vec![
            Cell::from(text!(locale, "top-flight")),
            Cell::from(text!(locale, "top-action")),
            Cell::from(text!(locale, "top-server")),
            Cell::from(text!(locale, "top-project")),
            Cell::from(marked(text!(locale, "top-state"), order == 2)),
            right(marked(text!(locale, "top-waited"), order == 1)),
            right(marked(text!(locale, "top-ran"), order == 0)),
        ],
        widths: vec![
            Constraint::Length(id),
            Constraint::Length(12),
            Constraint::Fill(3),
            Constraint::Fill(2),
            Constraint::Length(11),
            Constraint::Length(9),
            Constraint::Length(9),
        ],
        is_focused: view.focus == Panel::Flight,
        chosen: Some(chosen),
    };
    rows.render(frame, area, palette);
}
