//! The view on a terminal, until somebody quits.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use guichet_clock::{Stopwatch, WorldClock};
use guichet_core::limits;
use guichet_core::time::Clock as _;
use guichet_http::dates;
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event};
use tokio::signal::unix::{SignalKind, signal};

use super::asking::{Asking, Turns};
use super::view::{Trouble, View};
use super::{draw, keys};
use crate::Ended;
use crate::cli::PlaceArgs;

/// Gives the terminal back as it was, however this ends: at the end, on an error, and on a panic, whose
/// message is printed after that.
struct Restored;

impl Drop for Restored {
    fn drop(&mut self) {
        // Nobody is left to be told that it cannot be.
        let _ = ratatui::try_restore();
    }
}

/// Draws, and does what keys say, until somebody quits or ends the process.
pub(super) fn run(view: &mut View, place: &PlaceArgs) -> anyhow::Result<Ended> {
    let asking = Asking::start(place)?;
    let is_ended = ended_by_signal()?;
    let restored = Restored;
    let mut terminal = ratatui::try_init().context("the terminal")?;
    let looked = look(view, &asking, &is_ended, &mut terminal);
    // Its cursor is shown again before the screen is given back.
    drop(terminal);
    drop(restored);
    looked.context("the terminal")?;
    Ok(Ended::Good)
}

fn look(
    view: &mut View,
    asking: &Asking,
    is_ended: &AtomicBool,
    terminal: &mut DefaultTerminal,
) -> io::Result<()> {
    let watch = Stopwatch::start();
    let mut turns = Turns::new(view.period, watch.elapsed() + view.period);
    while !is_ended.load(Ordering::Relaxed) {
        answer(view, asking, &mut turns, &watch);
        view.again_in = turns.left(watch.elapsed());
        terminal.draw(|frame| draw::draw(frame, view))?;
        // Waits for a key, a new size, or until it is time to look again.
        if !event::poll(limits::TOP_LOOK)? {
            continue;
        }
        // A key that is held down has many: they are drawn once.
        while event::poll(std::time::Duration::ZERO)? {
            if let Event::Key(key) = event::read()?
                && !keys::press(view, key)
            {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Takes in what was answered, and asks if it is time to.
fn answer(view: &mut View, asking: &Asking, turns: &mut Turns, watch: &Stopwatch) {
    let now = watch.elapsed();
    match asking.answered() {
        Some(Ok(answer)) => {
            turns.answer(now, true);
            // What was asked for before the pause is not shown in it.
            if !view.is_paused {
                view.take(answer);
            }
        }
        Some(Err(error)) => {
            turns.answer(now, false);
            trouble(view, format!("{error:#}"));
        }
        None if turns.waited(now).is_some_and(|waited| waited > limits::TOP_PATIENCE) => {
            trouble(view, String::new());
        }
        None => {}
    }
    if turns.is_due(now) && !view.is_paused && asking.ask(view.last()) {
        turns.ask(now);
    }
}

/// Nobody answers: since when is said once.
fn trouble(view: &mut View, why: String) {
    let now = WorldClock::real().now();
    let since = || dates::micros(now).as_str().get(11..19).unwrap_or_default().to_owned();
    let trouble =
        view.trouble.get_or_insert_with(|| Trouble { since: since(), why: String::new() });
    if !why.is_empty() {
        trouble.why = why;
    }
}

/// Is set once the process is told to end, or its terminal is gone: the screen is given back first.
fn ended_by_signal() -> anyhow::Result<Arc<AtomicBool>> {
    let is_ended = Arc::new(AtomicBool::new(false));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
    let runtime = runtime.context("signals")?;
    let (mut told, mut gone) = {
        let _inside = runtime.enter();
        let told = signal(SignalKind::terminate()).context("signals")?;
        (told, signal(SignalKind::hangup()).context("signals")?)
    };
    let set = Arc::clone(&is_ended);
    let wait = move || {
        runtime.block_on(async {
            tokio::select! {
                _ = told.recv() => {}
                _ = gone.recv() => {}
            }
        });
        // Nothing is ordered by it.
        set.store(true, Ordering::Relaxed);
    };
    // It ends with the process: nothing else wakes it.
    let thread = std::thread::Builder::new().name("signals".to_owned());
    thread.spawn(wait).context("no thread for signals")?;
    Ok(is_ended)
}
