//! `guichet top`: a running service as it works, drawn anew a second after the last time.
//!
//! ```text
//! Asking, a thread: /stats and /operations/in-flight ─▶ View ─▶ draw ─▶ the terminal
//!                                          keys, sizes ──┘
//! ```
//!
//! What is shown is what programs read in JSON at the same paths. Drawing is a function of the view
//! alone, so that a test, a pipe and a terminal are shown the same.

mod asking;
mod draw;
mod keys;
mod live;
mod rates;
mod seen;
#[cfg(test)]
mod tests;
mod view;

use std::io::IsTerminal as _;

use anyhow::Context as _;

use crate::Ended;
use crate::cli::top::TopArgs;
use crate::output;
use crate::reader::Reader;
use crate::terminal;

use self::asking::Asker;
use self::view::View;

/// Runs the command.
pub(crate) fn run(args: &TopArgs, reader: Reader) -> anyhow::Result<Ended> {
    let asker = Asker::new(&args.place)?;
    // What is wrong with what was asked is said at once; a service that goes away later is waited for.
    let first = asker.ask(0)?;
    let mut view = View::new(asker.name(), args.interval.0, reader.locale);
    view.take(first);
    if args.once || !std::io::stdout().is_terminal() || terminal::is_dumb() {
        output::print(&draw::as_text(&view).context("the frame")?)?;
        return Ok(Ended::Good);
    }
    view.has_color = terminal::has_color(reader.color, true);
    live::run(&mut view, &args.place)
}
