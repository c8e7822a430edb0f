//! What errors of input have in common: what was found, and what was expected instead.

use guichet_core::limits;
use guichet_locale::{Message, text};

/// How much of a foreign text a message shows, in characters: enough to recognise it by.
const QUOTED_MAX: usize = 60;

/// A foreign text: in quotes, control characters escaped, cut short.
pub(crate) fn quoted(given: &str) -> Message {
    let bytes = given.len() as u64;
    let cut = given.char_indices().nth(QUOTED_MAX).map(|(end, _)| end);
    let start = format!("{:?}", &given[..cut.unwrap_or(given.len())]);
    Message::new(move |locale| match cut {
        None => start.clone(),
        Some(_) => {
            let bytes = locale.grouped(bytes);
            text!(locale, "input-cut", start = start.as_str(), bytes = bytes)
        }
    })
}

/// Words that are the same in every language, such as those of a flag's value.
pub(crate) fn plain(words: impl Into<String>) -> Message {
    let words = words.into();
    Message::new(move |_| words.clone())
}

/// A whole number.
pub(crate) fn whole(min: u64, max: u64) -> Message {
    Message::new(move |locale| {
        let (min, max) = (locale.grouped(min), locale.grouped(max));
        text!(locale, "input-whole", min = min, max = max)
    })
}

/// A time in seconds.
pub(crate) fn seconds() -> Message {
    Message::new(|locale| {
        let most = locale.grouped(limits::INPUT_TIME_MAX.as_secs());
        text!(locale, "input-seconds", most = most)
    })
}

/// Requests per second.
pub(crate) fn rate() -> Message {
    Message::new(|locale| {
        text!(locale, "input-rate-form", most = locale.fixed(limits::LOAD_RATE_MAX, 0))
    })
}

/// A name.
pub(crate) fn name() -> Message {
    Message::new(|locale| {
        text!(locale, "input-name", most = locale.grouped(limits::NAME_MAX as u64))
    })
}

/// No more clients than may be.
pub(crate) fn clients_at_most() -> Message {
    Message::new(|locale| {
        text!(locale, "input-clients-most", most = locale.grouped(limits::CLIENTS_MAX as u64))
    })
}

/// No more projects than may be.
pub(crate) fn projects_at_most() -> Message {
    Message::new(|locale| {
        text!(locale, "input-projects-most", most = locale.grouped(limits::PROJECTS_MAX as u64))
    })
}

/// `NAME=NUMBER`.
pub(crate) fn pair() -> Message {
    Message::new(|locale| text!(locale, "input-pair"))
}

/// A name of a list only once.
pub(crate) fn once(name: &'static str) -> Message {
    Message::new(move |locale| text!(locale, "input-once", name = name))
}
