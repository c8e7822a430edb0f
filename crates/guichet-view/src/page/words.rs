//! What the page itself says, in the report's language: its frame, and what its scripts say.

use guichet_locale::{Locale, text};
use serde_json::{Value, json};

/// The sentences of the frame.
pub(super) struct Words {
    pub(super) facts: String,
    pub(super) contents: String,
    pub(super) step: String,
    pub(super) afterwards: String,
    pub(super) harm: String,
    pub(super) scrolls: String,
    /// With the command as an element.
    pub(super) play_unmoved: String,
    pub(super) walk_unmoved: String,
    pub(super) charts_undrawn: String,
    pub(super) footer: String,
}

impl Words {
    pub(super) fn of(locale: Locale, has_charts: bool) -> Self {
        let command = "<code>guichet race --replay SCHEDULE</code>";
        let check = "<code>guichet tp check FILE</code>";
        Self {
            facts: text!(locale, "page-facts"),
            contents: text!(locale, "page-contents"),
            step: text!(locale, "page-step"),
            afterwards: text!(locale, "page-afterwards"),
            harm: text!(locale, "page-harm"),
            scrolls: text!(locale, "page-scrolls"),
            play_unmoved: text!(locale, "page-play-unmoved", command = command),
            walk_unmoved: text!(locale, "page-play-unmoved", command = check),
            charts_undrawn: text!(locale, "page-charts-undrawn"),
            footer: if has_charts {
                text!(locale, "page-footer")
            } else {
                text!(locale, "page-footer-plain")
            },
        }
    }
}

/// What is said of a table that is too wide.
pub(super) fn table(locale: Locale, title: &str) -> String {
    text!(locale, "page-table", title = title)
}

/// What the script of charts says. Those in `library` are plotly.js's own, by its names for them.
pub(super) fn charts(locale: Locale) -> Value {
    json!({
        "failed": text!(locale, "page-chart-failed"),
        "library": {
            "Download plot": text!(locale, "page-chart-picture"),
            "Zoom": text!(locale, "page-chart-zoom"),
            "Pan": text!(locale, "page-chart-pan"),
            "Zoom in": text!(locale, "page-chart-in"),
            "Zoom out": text!(locale, "page-chart-out"),
            "Reset axes": text!(locale, "page-chart-reset"),
            "Double-click to zoom back out": text!(locale, "page-chart-back"),
            "Double-click on legend to isolate one trace": text!(locale, "page-chart-alone"),
            "Taking snapshot - this may take a few seconds": text!(locale, "page-chart-saving"),
            "Snapshot succeeded": text!(locale, "page-chart-saved"),
            "Sorry, there was a problem downloading your snapshot!":
                text!(locale, "page-chart-unsaved"),
        },
    })
}
