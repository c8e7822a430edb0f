//! The parts of the screen.

use guichet_locale::text;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Cell, Row, Sparkline};

use super::lists;
use super::parts::{Palette, Rows, rate, right, span};
use crate::top::rates;
use crate::top::seen::Times;
use crate::top::view::{Panel, View};

/// A part that can be gone through.
pub(super) fn of(frame: &mut Frame<'_>, view: &View, panel: Panel, area: Rect, palette: Palette) {
    match panel {
        Panel::Rates => rates(frame, view, area, palette),
        Panel::Projects => lists::projects(frame, view, area, palette),
        Panel::Hosts => lists::hosts(frame, view, area, palette),
        Panel::Flight => lists::flight(frame, view, area, palette),
    }
}

/// What is looked at, and below it whether that is the present.
pub(super) fn head(frame: &mut Frame<'_>, view: &View, area: Rect, palette: Palette) {
    let locale = view.locale;
    let figures = &view.figures;
    let time = figures.now.get(11..19).unwrap_or("-").to_owned();
    let up = text!(locale, "top-up", span = locale.span_s(figures.uptime_s));
    let title = text!(locale, "top-title", place = view.place.as_str());
    let [left, right] =
        Layout::horizontal([Constraint::Fill(1), Constraint::Length(up.chars().count() as u16)])
            .spacing(1)
            .areas(Rect { height: 1, ..area });
    frame.render_widget(Line::styled(title, palette.title(false)), left);
    frame.render_widget(Line::from(up), right);
    let (said, style) = match (&view.trouble, view.is_paused) {
        (Some(trouble), _) => {
            let since = trouble.since.as_str();
            let said = if trouble.why.is_empty() {
                text!(locale, "top-silent", since = since)
            } else {
                let left = locale.span_s(view.again_in.as_secs_f64());
                let why = trouble.why.as_str();
                text!(locale, "top-trouble", since = since, left = left, why = why)
            };
            (said, palette.bad())
        }
        (None, true) => (text!(locale, "top-paused", time = time), palette.warn()),
        (None, false) if figures.journal.as_ref().is_some_and(|journal| journal.is_stalled) => {
            (text!(locale, "top-stalled"), palette.bad())
        }
        (None, false) => {
            let period = locale.span_s(view.period.as_secs_f64());
            let mut said = text!(locale, "top-now", time = time, period = period);
            if figures.missed > 0 {
                let missed = locale.grouped(figures.missed);
                said += &text!(locale, "top-missed", missed = missed);
            }
            (said, palette.dim())
        }
    };
    let below = Rect { y: area.y + 1, height: 1, ..area };
    frame.render_widget(Line::styled(said, style), below);
}

/// What happens in a second, and how much was taken in for some time.
fn rates(frame: &mut Frame<'_>, view: &View, area: Rect, palette: Palette) {
    let locale = view.locale;
    let [table, below] = Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]).areas(area);
    let mut found = rates::by_action(view.recent());
    let place = usize::from(table.height.saturating_sub(1)).max(1);
    if found.len() > place {
        let rest = found.split_off(place - 1);
        found.push(rates::together(text!(locale, "top-others"), &rest));
    }
    let row = |row: rates::Row| {
        let cells = row.a_second.iter().map(|a_second| right(rate(locale, *a_second)));
        Row::new([Cell::from(row.action)].into_iter().chain(cells).collect::<Vec<_>>())
    };
    let head = [
        text!(locale, "top-accepted"),
        text!(locale, "top-started"),
        text!(locale, "top-succeeded"),
        text!(locale, "top-failed"),
        text!(locale, "top-requeued"),
        text!(locale, "top-cancelled"),
    ];
    let head = [Cell::from(text!(locale, "top-rates"))].into_iter().chain(head.map(right));
    // The first five letters of a rate are enough for 9,999 a second of what is rare.
    let widths = [6, 6, 6, 5, 5, 6].map(Constraint::Length);
    let widths = [Constraint::Fill(1)].into_iter().chain(widths);
    let rows = Rows {
        head: head.collect(),
        rows: found.into_iter().map(row).collect(),
        widths: widths.collect(),
        is_focused: view.focus == Panel::Rates,
        chosen: None,
    };
    rows.render(frame, table, palette);
    spark(frame, view, below, palette);
}

/// Columns that bars have at least.
const BARS_MIN: u16 = 10;

/// How much was taken in, a bar for each second, and what is refused.
fn spark(frame: &mut Frame<'_>, view: &View, area: Rect, palette: Palette) {
    let locale = view.locale;
    let accepted: Vec<f64> = view.samples.iter().map(rates::accepted).collect();
    let most = accepted.iter().copied().fold(0.0, f64::max);
    let mut said = match most > 0.0 {
        true => text!(locale, "top-most", most = rate(locale, most)),
        false => text!(locale, "top-none"),
    };
    if let Some((a_second, reason)) = rates::refused(view.recent()) {
        let refused = rate(locale, a_second);
        said += &text!(locale, "top-refused", refused = refused, reason = reason);
    }
    let width = (said.chars().count() as u16).min(area.width.saturating_sub(BARS_MIN));
    let [bars, text] =
        Layout::horizontal([Constraint::Fill(1), Constraint::Length(width)]).spacing(1).areas(area);
    let shown = accepted.len().min(usize::from(bars.width));
    // In thousandths of the highest: a bar has eight heights.
    let height = |rate: &f64| (1_000.0 * rate / most.max(1e-9)).round() as u64;
    let data: Vec<u64> = accepted[accepted.len() - shown..].iter().map(height).collect();
    frame.render_widget(Sparkline::default().data(&data).max(1_000).style(palette.spark()), bars);
    frame.render_widget(Line::styled(said, palette.dim()), text);
}

/// Lines of a name and what it is.
fn pairs(title: String, rows: Vec<(String, Span<'static>)>) -> Rows<'static> {
    let row = |(name, value): (String, Span<'static>)| {
        Row::new([Cell::from(name), Cell::from(Line::from(value).right_aligned())])
    };
    Rows {
        head: vec![Cell::from(title), Cell::default()],
        rows: rows.into_iter().map(row).collect(),
        widths: vec![Constraint::Length(8), Constraint::Fill(1)],
        is_focused: false,
        chosen: None,
    }
}

/// The queue, and what runs.
pub(super) fn queue(frame: &mut Frame<'_>, view: &View, area: Rect, palette: Palette) {
    let locale = view.locale;
    let (queue, permits) = (&view.figures.queue, &view.figures.permits);
    let of = |count: u64, of: u64| {
        let (count, of) = (locale.grouped(count), locale.grouped(of));
        text!(locale, "top-of", count = count, of = of)
    };
    let style = |is_full: bool| if is_full { palette.warn() } else { palette.plain() };
    let oldest = queue.oldest_s.map_or_else(|| "-".to_owned(), |s| span(locale, s * 1e3));
    // Three quarters full, as Retry-After has it.
    let waiting = style(queue.waiting > 0 && 4 * queue.waiting >= 3 * queue.bound);
    let running = style(permits.in_flight > 0 && permits.in_flight >= permits.service);
    let rows = vec![
        (text!(locale, "top-waiting"), Span::styled(of(queue.waiting, queue.bound), waiting)),
        (text!(locale, "top-oldest"), Span::raw(oldest)),
        (text!(locale, "top-again"), Span::raw(locale.grouped(queue.requeued))),
        (
            text!(locale, "top-permits"),
            Span::styled(of(permits.in_flight, permits.service), running),
        ),
        (
            text!(locale, "top-workers"),
            Span::raw(of(permits.in_flight.min(permits.workers), permits.workers)),
        ),
    ];
    pairs(text!(locale, "top-queue"), rows).render(frame, area, palette);
}

/// How long things took.
pub(super) fn times(frame: &mut Frame<'_>, view: &View, area: Rect, palette: Palette) {
    let locale = view.locale;
    let last = view.samples.back();
    let row = |title: String, times: Option<Times>| {
        let times = times.map(|it| [it.p50_ms, it.p95_ms, it.p99_ms, it.max_ms]);
        let cells = times.map_or_else(
            || [right("-"), right("-"), right("-"), right("-")],
            |times| times.map(|ms| right(span(locale, ms))),
        );
        Row::new([Cell::from(title)].into_iter().chain(cells).collect::<Vec<_>>())
    };
    let rows = vec![
        row(text!(locale, "top-wait-last"), last.and_then(|sample| sample.wait)),
        row(text!(locale, "top-service-last"), last.and_then(|sample| sample.service)),
        row(text!(locale, "top-wait-all"), view.figures.wait),
        row(text!(locale, "top-service-all"), view.figures.service),
    ];
    let most = text!(locale, "top-longest");
    let head = [right("p50"), right("p95"), right("p99"), right(most)];
    let widths = [Constraint::Fill(1)].into_iter().chain([Constraint::Length(8); 4]);
    let rows = Rows {
        head: [Cell::from(text!(locale, "top-times"))].into_iter().chain(head).collect(),
        rows,
        widths: widths.collect(),
        is_focused: false,
        chosen: None,
    };
    rows.render(frame, area, palette);
}

/// Servers by status.
pub(super) fn servers(frame: &mut Frame<'_>, view: &View, area: Rect, palette: Palette) {
    let locale = view.locale;
    let statuses = view.figures.servers.as_deref().unwrap_or_default();
    let all: u64 = statuses.iter().map(|row| row.count).sum();
    let mut rows: Vec<_> = statuses.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.count));
    let place = usize::from(area.height.saturating_sub(1)).max(1);
    let rest = if rows.len() > place { rows.split_off(place - 1) } else { Vec::new() };
    let mut cells: Vec<_> = rows
        .iter()
        .map(|row| {
            let style = if row.status == "ERROR" { palette.warn() } else { palette.plain() };
            (row.status.clone(), Span::styled(locale.grouped(row.count), style))
        })
        .collect();
    if !rest.is_empty() {
        let count: u64 = rest.iter().map(|row| row.count).sum();
        cells.push((text!(locale, "top-others"), Span::raw(locale.grouped(count))));
    }
    let title = text!(locale, "top-servers");
    let mut rows = pairs(title, cells);
    rows.head[1] = right(locale.grouped(all));
    rows.widths = vec![Constraint::Fill(1), Constraint::Length(10)];
    rows.render(frame, area, palette);
}
