//! A stream of events (`text/event-stream`) that a service sends, read in a thread of its own, so that
//! one which says nothing any more is noticed.

use std::io::{BufRead, BufReader, Read as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};

use anyhow::Context as _;
use guichet_core::limits;
use http::Method;

use crate::control::Client;

/// Why no more events come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// The service ended it, or is gone.
    Ended,
    /// Nothing came for long.
    Silent,
}

/// The name of an event, and its data.
type Event = (String, String);

/// Events as they come.
pub(super) struct Stream(Receiver<Event>);

impl Stream {
    /// Asks for the events of this path.
    ///
    /// # Errors
    /// Nobody answers, or the service refuses.
    pub(super) fn open(client: &Client<'_>, path: &str) -> anyhow::Result<Self> {
        let answer = client.answer(&Method::GET, path, None)?;
        let (sender, receiver) = sync_channel(limits::FOLLOW_EVENTS_MAX);
        let reader = BufReader::new(answer.into_body().into_reader());
        // It ends with the stream, or when nobody wants what it read.
        let thread = std::thread::Builder::new().name("events".to_owned());
        thread.spawn(move || read(reader, &sender)).context("no thread to read with")?;
        Ok(Self(receiver))
    }

    /// The next event.
    ///
    /// # Errors
    /// [`Broken`].
    pub(super) fn next(&self) -> Result<Event, Broken> {
        self.0.recv_timeout(limits::FOLLOW_SILENCE).map_err(|error| match error {
            RecvTimeoutError::Disconnected => Broken::Ended,
            RecvTimeoutError::Timeout => Broken::Silent,
        })
    }
}

/// Reads events until the stream ends, breaks, or has a line that is too long.
fn read(mut reader: impl BufRead, to: &SyncSender<Event>) {
    let (mut name, mut data) = (String::new(), String::new());
    loop {
        let mut line = Vec::new();
        let bounded = reader.by_ref().take(limits::FOLLOW_LINE_MAX as u64);
        if { bounded }.read_until(b'\n', &mut line).is_err() || line.pop() != Some(b'\n') {
            return;
        }
        let line = String::from_utf8_lossy(&line);
        match line.trim_end_matches('\r').split_once(": ") {
            Some(("event", value)) => value.clone_into(&mut name),
            Some(("data", value)) => value.clone_into(&mut data),
            Some(_) => {}
            None => {}
        }
        let is_whole = line.trim().is_empty() && !name.is_empty();
        if is_whole && to.send((std::mem::take(&mut name), std::mem::take(&mut data))).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_to_the_end_and_no_line_without_end() {
        let (sender, receiver) = sync_channel(8);
        let text =
            ": hello\nevent: log\ndata: {\"a\":1}\n\nevent: stats\ndata: {}\n\nevent: log\ndata";
        read(text.as_bytes(), &sender);
        let endless = vec![b'x'; limits::FOLLOW_LINE_MAX + 10];
        read(endless.as_slice(), &sender);
        drop(sender);
        let events: Vec<Event> = receiver.iter().collect();
        let event = |name: &str, data: &str| (name.to_owned(), data.to_owned());
        assert_eq!(events, [event("log", "{\"a\":1}"), event("stats", "{}")]);
    }
}
