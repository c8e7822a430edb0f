//! The overview: what goes on at this moment. A script fills it in and keeps it going; without one it says how
//! things stood when it was asked for.

use askama::Template;
use axum::response::Response;
use guichet_core::event::{Cause, EventKind};
use guichet_locale::{Locale, text};
use serde_json::json;

use crate::figure::Share;
use crate::frame::{Frame, Here, shown};
use crate::server::quota;
use crate::signed::Signed;

#[derive(Template)]
#[template(path = "overview.html")]
struct Page {
    frame: Frame,
    quota: Vec<Share>,
    /// Figures of the whole service, which administrators see.
    figures: Vec<(String, String)>,
    kinds: Vec<&'static str>,
    /// What the script says, as JSON.
    words: String,
}

/// `GET /console/`.
pub(crate) async fn show(signed: Signed) -> Response {
    let locale = signed.locale;
    let title = text!(locale, "console-overview-title");
    let page = Page {
        frame: signed.frame(title, Here::Overview, None),
        quota: quota(&signed, locale, signed.caller.project),
        figures: if signed.caller.is_admin() { figures(&signed) } else { Vec::new() },
        kinds: kinds(),
        words: words(locale),
    };
    shown(&page, page.frame.notice.as_ref())
}

/// What entries of the log can be.
fn kinds() -> Vec<&'static str> {
    let events = EventKind::ALL.iter().map(|kind| kind.as_str());
    let changes = Cause::ALL.iter().map(|cause| cause.as_str());
    events.chain(["refused"]).chain(changes).collect()
}

fn figures(signed: &Signed) -> Vec<(String, String)> {
    let (locale, figures) = (signed.locale, signed.cloud.manager().figures());
    let count = |number: usize| locale.grouped(number as u64);
    vec![
        (text!(locale, "console-tile-servers"), count(figures.servers)),
        (text!(locale, "console-tile-running"), count(figures.load.in_flight)),
        (text!(locale, "console-tile-waiting"), count(figures.load.waiting)),
    ]
}

/// What the script says.
fn words(locale: Locale) -> String {
    json!({
        "locale": locale.code(),
        "live": {
            "on": text!(locale, "console-live-on"),
            "connecting": text!(locale, "console-live-connecting"),
            "lost": text!(locale, "console-live-lost"),
            "full": text!(locale, "console-live-full"),
        },
        "states": {
            "maintenance": text!(locale, "console-host-closed"),
            "down": text!(locale, "console-host-down"),
            "unknown": text!(locale, "console-host-dead"),
        },
        "pause": text!(locale, "console-log-pause"),
        "go": text!(locale, "console-log-go"),
        "missed": text!(locale, "console-log-missed", count = 0),
        "requests": text!(locale, "console-tile-requests"),
        "running": text!(locale, "console-tile-running"),
        "waiting": text!(locale, "console-tile-waiting"),
        "oldest": text!(locale, "console-tile-oldest"),
        "wait95": text!(locale, "console-tile-wait"),
        "service95": text!(locale, "console-tile-service"),
        "servers": text!(locale, "console-tile-servers"),
        "other": text!(locale, "console-word-other"),
    })
    .to_string()
}
