//! What the script of a played race says, in the report's language. What it knows only once it
//! runs stands in braces: `{step}`.

use guichet_locale::{Locale, text};
use serde_json::{Value, json};

/// All of it.
pub(super) fn words(locale: Locale) -> Value {
    let mut words = parts(locale);
    for (name, text) in names(locale) {
        words[name] = Value::from(text);
    }
    for (name, text) in sentences(locale) {
        words[name] = Value::from(text);
    }
    words
}

/// Who there is, what stands in their way, and the keys.
fn parts(locale: Locale) -> Value {
    let client = "{client}";
    json!({
        "client": text!(locale, "play-client", client = client),
        "worker": text!(locale, "play-worker"),
        "the_client": text!(locale, "play-the-client", client = client),
        "the_worker": text!(locale, "play-the-worker"),
        "button": text!(locale, "play-button", client = client, request = "{request}"),
        "no_job": text!(locale, "play-no-job"),
        "no_request": text!(locale, "play-no-request"),
        "absent": text!(locale, "play-absent"),
        "sign_sealed": text!(locale, "play-sign-sealed"),
        "sign_shown": text!(locale, "play-sign-shown"),
        "keys": text!(
            locale,
            "play-keys",
            clients = "{1}{2}{3}",
            worker = "{w}",
            undo = "{u}",
            redo = "{n}",
            restart = "{r}"
        ),
    })
}

/// Names of what can be pressed, chosen and seen.
fn names(locale: Locale) -> [(&'static str, String); 17] {
    [
        ("apart", text!(locale, "play-apart")),
        ("next", text!(locale, "play-next")),
        ("tools", text!(locale, "play-tools")),
        ("undo", text!(locale, "play-undo")),
        ("redo", text!(locale, "play-redo")),
        ("restart", text!(locale, "play-restart")),
        ("copy", text!(locale, "play-copy")),
        ("ways", text!(locale, "play-ways")),
        ("no_way", text!(locale, "play-no-way")),
        ("steps", text!(locale, "play-steps")),
        ("terminal", text!(locale, "play-terminal")),
        ("changed", text!(locale, "play-changed")),
        ("two_clients", text!(locale, "play-two-clients")),
        ("three_clients", text!(locale, "play-three-clients")),
        ("start", text!(locale, "play-start")),
        ("requests", text!(locale, "play-requests")),
        ("rows", text!(locale, "play-rows")),
    ]
}

/// What is said of a step, a link and harm.
fn sentences(locale: Locale) -> [(&'static str, String); 19] {
    let (step, steps, who) = ("{step}", "{steps}", "{who}");
    let (what, why, kind) = ("{what}", "{why}", "{kind}");
    [
        ("refused", text!(locale, "play-refused", who = who, why = why)),
        (
            "stopped",
            text!(locale, "play-stopped", step = step, steps = steps, who = who, why = why),
        ),
        ("undone", text!(locale, "play-undone", who = who, what = what)),
        ("not_undone", text!(locale, "play-not-undone")),
        ("not_redone", text!(locale, "play-not-redone")),
        ("copied", text!(locale, "play-copied")),
        ("in_address", text!(locale, "play-in-address")),
        ("bad_link", text!(locale, "play-bad-link")),
        ("begin", text!(locale, "play-begin")),
        ("taken", text!(locale, "play-taken", step = step, who = who, what = what)),
        ("sealed", text!(locale, "play-sealed", kind = kind)),
        ("harm_shows", text!(locale, "play-harm-shows", what = what)),
        ("ended", text!(locale, "play-ended")),
        ("ended_sound", text!(locale, "play-ended-sound")),
        ("sealed_since", text!(locale, "play-sealed-since", kind = kind, step = step, why = why)),
        ("shown_at", text!(locale, "play-shown-at", step = step, what = what)),
        ("sound", text!(locale, "play-sound")),
        ("sound_yet", text!(locale, "play-sound-yet")),
        ("failed", text!(locale, "play-failed")),
    ]
}
