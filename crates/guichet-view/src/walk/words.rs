//! What the script of a scheduled program says, in the report's language. What it knows only once
//! it runs stands in braces: `{step}`.

use guichet_locale::{Locale, text};
use serde_json::{Value, json};

/// All of it.
pub(super) fn words(locale: Locale) -> Value {
    let (who, what, step, steps) = ("{who}", "{what}", "{step}", "{steps}");
    json!({
        "finding": text!(locale, "walk-finding"),
        "code": text!(locale, "walk-code", file = "{file}"),
        "next": text!(locale, "play-next"),
        "tools": text!(locale, "play-tools"),
        "steps": text!(locale, "play-steps"),
        "values": text!(locale, "walk-values"),
        "start": text!(locale, "walk-start"),
        "back": text!(locale, "walk-back"),
        "on": text!(locale, "walk-on"),
        "end": text!(locale, "walk-end"),
        "again": text!(locale, "walk-again"),
        "copy": text!(locale, "play-copy"),
        "copied": text!(locale, "play-copied"),
        "in_address": text!(locale, "play-in-address"),
        "bad_link": text!(locale, "play-bad-link"),
        "changed": text!(locale, "play-changed"),
        "not_there": text!(locale, "walk-not-there"),
        "out": text!(locale, "walk-out"),
        "begin": text!(locale, "walk-begin", steps = steps),
        "taken": text!(locale, "walk-taken", step = step, who = who, what = what),
        "line": text!(locale, "walk-line", line = "{line}"),
        "lines": text!(locale, "walk-lines", first = "{first}", last = "{last}"),
        "refused": text!(locale, "walk-refused", who = who, what = what),
        "absent": text!(locale, "walk-absent"),
        "sealed": text!(locale, "walk-sealed"),
        "harm_shows": text!(locale, "walk-harm-shows", what = what),
        "ended_sound": text!(locale, "walk-ended-sound"),
        "sealed_since": text!(locale, "walk-sealed-since", step = step),
        "shown_at": text!(locale, "play-shown-at", step = step, what = what),
        "sound": text!(locale, "walk-sound"),
        "sign_sealed": text!(locale, "play-sign-sealed"),
        "sign_shown": text!(locale, "play-sign-shown"),
        "keys": text!(
            locale, "walk-keys", back = "{←}", on = "{→}", actors = "{1}{2}", start = "{Home}",
            end = "{End}", again = "{r}"
        ),
        "failed": text!(locale, "play-failed"),
    })
}
