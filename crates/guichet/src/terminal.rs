//! The terminal, if there is one: how wide it is, whether it has colours, and what is drawn on it.

use std::env;
use std::sync::OnceLock;

use console::Term;
use guichet_view::screen::Screen;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::ColorArg;

/// What is drawn on stderr, once something was: what else is said there goes above it. A terminal
/// is the process's, so this is too.
static DRAWN: OnceLock<ProgressBar> = OnceLock::new();

/// How often a frame may be drawn, a second: each is one write of a few lines.
const FRAMES_PER_S: u8 = 10;

/// What stdout is printed on.
pub(crate) fn stdout() -> Screen {
    let term = Term::stdout();
    if term.is_term() { Screen::wide(usize::from(term.size().1)) } else { Screen::PIPE }
}

/// What stderr is printed on.
pub(crate) fn stderr() -> Screen {
    if is_stderr() { Screen::wide(stderr_width()) } else { Screen::PIPE }
}

/// Whether stderr is a terminal.
pub(crate) fn is_stderr() -> bool {
    Term::stderr().is_term()
}

/// The columns of the terminal that stderr is.
pub(crate) fn stderr_width() -> usize {
    let columns = usize::from(Term::stderr().size().1);
    Screen::wide(columns).width().unwrap_or(columns)
}

/// The rows of the terminal that stderr is.
pub(crate) fn stderr_height() -> usize {
    usize::from(Term::stderr().size().0)
}

/// Whether a terminal can only be written to, line by line.
pub(crate) fn is_dumb() -> bool {
    env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Whether to colour what goes to a terminal, or to none (<https://no-color.org>).
pub(crate) fn has_color(choice: ColorArg, is_terminal: bool) -> bool {
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match choice {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => is_terminal && !refused && !is_dumb(),
    }
}

/// Something that is drawn on stderr anew each time its message is set.
pub(crate) fn drawn() -> ProgressBar {
    let target = ProgressDrawTarget::stderr_with_hz(FRAMES_PER_S);
    let style = ProgressStyle::with_template("{msg}");
    let bar = ProgressBar::with_draw_target(None, target)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    DRAWN.get_or_init(|| bar).clone()
}

/// Does something with stderr while nothing is drawn on it.
pub(crate) fn aside<T>(act: impl FnOnce() -> T) -> T {
    match DRAWN.get() {
        Some(bar) => bar.suspend(act),
        None => act(),
    }
}

/// Clears away what is drawn: the process is about to end.
pub(crate) fn clear() {
    if let Some(bar) = DRAWN.get() {
        bar.finish_and_clear();
    }
}
