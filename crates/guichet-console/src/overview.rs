//! The overview: what goes on at this moment. A script fills it in and keeps it going; without one it says how
//! things stood when it was asked for.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use guichet_locale::{Locale, text};
use serde_json::json;

use crate::figure::Share;
use crate::frame::{Frame, Here, shown};
use crate::server::quota;
use crate::signed::Signed;
use crate::word;

#[derive(Template)]
#[template(path = "overview.html")]
struct Page {
    frame: Frame,
    quota: Vec<Share>,
    /// Figures of the whole service, which administrators see.
    figures: Vec<(String, String)>,
    /// What entries of the log can be: what is asked for, and how it is called.
    kinds: Vec<(&'static str, String)>,
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
        kinds: word::kinds(locale),
        words: words(locale),
    };
    shown(&page, page.frame.notice.as_ref())
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
        "hosts": {
            "down": text!(locale, "console-host-down"),
            "disabled": text!(locale, "console-host-closed"),
            "draining": text!(locale, "console-host-draining"),
            "drained": text!(locale, "console-host-drained"),
        },
        "kinds": word::kinds(locale).into_iter().collect::<BTreeMap<_, _>>(),
        "why": text!(locale, "console-log-why", kind = 0, why = 1),
        "time": text!(locale, "console-word-at"),
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
