//! A page in one view: how wide, in which colours; what must be true of it.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::driver::Browser;

/// How a page is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    pub(crate) width: u32,
    height: u32,
    pub(crate) dark: bool,
}

pub(crate) const WIDE_LIGHT: View = View { width: 1_280, height: 900, dark: false };

/// All views: a desk and a phone, by day and by night.
pub(crate) const ALL: [View; 4] = [
    WIDE_LIGHT,
    View { width: 1_280, height: 900, dark: true },
    View { width: 390, height: 844, dark: false },
    View { width: 390, height: 844, dark: true },
];

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} px {}", self.width, self.scheme())
    }
}

/// What was seen of a page.
#[derive(Debug)]
pub(crate) struct Seen {
    charts: u64,
    points: u64,
    timelines: u64,
    pub(crate) problems: Vec<String>,
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { charts, points, timelines, problems } = self;
        let problems = problems.len();
        write!(f, "{charts} charts, {points} points, {timelines} timelines, {problems} problems")
    }
}

/// How long a page may take to draw itself.
const DRAWN_WITHIN: Duration = Duration::from_secs(30);
/// And how long it may take to follow the colours of the day.
const FOLLOWS_WITHIN: Duration = Duration::from_secs(10);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// What must be true of a page, said by a script that runs in it.
const CHECK: &str = include_str!("check.js");

impl View {
    pub(crate) const fn scheme(self) -> &'static str {
        if self.dark { "dark" } else { "light" }
    }

    /// Has the browser be so wide, and of these colours, from now on.
    pub(crate) async fn wear(self, browser: &Browser) -> anyhow::Result<()> {
        let phone = self.width < 600;
        let screen = json!({
            "width": self.width, "height": self.height, "deviceScaleFactor": 1, "mobile": phone,
        });
        browser.send("Emulation.setDeviceMetricsOverride", screen).await?;
        let touch = json!({ "enabled": phone, "maxTouchPoints": 1 });
        browser.send("Emulation.setTouchEmulationEnabled", touch).await?;
        self.colours(browser).await
    }

    /// Opens a report and says what is wrong with it.
    pub(crate) async fn check(self, browser: &Browser, report: &Path) -> anyhow::Result<Seen> {
        self.wear(browser).await?;
        // What an earlier page said is not of this one.
        browser.goto("about:blank").await?;
        browser.errors().await?;
        browser.requests().await?;

        let path = report.canonicalize().with_context(|| report.display().to_string())?;
        let address = format!("file://{}", path.display());
        browser.goto(&address).await?;
        let mut problems = Vec::new();
        if !drawn(browser).await? {
            problems.push(format!("not drawn after {} s", DRAWN_WITHIN.as_secs()));
        }
        let found = browser.ask(CHECK).await?;
        let listed = found["problems"].as_array().map_or(&[][..], Vec::as_slice);
        problems.extend(listed.iter().map(|it| it.as_str().unwrap_or("?").to_owned()));
        let errors = browser.errors().await?;
        problems.extend(errors.iter().map(|error| format!("console: {error}")));
        for asked in browser.requests().await? {
            if asked != address && !asked.starts_with("data:") && !asked.starts_with("blob:") {
                problems.push(format!("asks for {asked}"));
            }
        }
        let count = |name: &str| found[name].as_u64().unwrap_or(0);
        let (charts, points, timelines) = (count("charts"), count("points"), count("timelines"));
        Ok(Seen { charts, points, timelines, problems })
    }

    async fn colours(self, browser: &Browser) -> anyhow::Result<()> {
        let colours = json!({
            "media": "", "features": [{ "name": "prefers-color-scheme", "value": self.scheme() }],
        });
        browser.send("Emulation.setEmulatedMedia", colours).await?;
        Ok(())
    }

    /// What is wrong with the open page once night falls or day breaks: it must follow, charts
    /// too, without being opened again.
    pub(crate) async fn follows(self, browser: &Browser) -> anyhow::Result<Vec<String>> {
        let other = Self { dark: !self.dark, ..self };
        other.colours(browser).await?;
        let mut problems = Vec::new();
        let looking = async {
            loop {
                let found = browser.ask(CHECK).await?;
                let listed = found["problems"].as_array().map_or(&[][..], Vec::as_slice);
                if listed.is_empty() {
                    return anyhow::Ok(());
                }
                let say = |it: &Value| format!("turned {}: {}", other.scheme(), it);
                problems = listed.iter().map(say).collect();
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        };
        match tokio::time::timeout(FOLLOWS_WITHIN, looking).await {
            Ok(fine) => fine.map(|()| Vec::new()),
            Err(_) => Ok(problems),
        }
    }

    /// Writes a picture of the open page: all of it, or from the top of one element to the
    /// bottom of another.
    pub(crate) async fn picture(
        self,
        browser: &Browser,
        file: &Path,
        part: Option<(&str, &str)>,
    ) -> anyhow::Result<()> {
        let script = match part {
            None => "return [0, document.documentElement.scrollHeight]".to_owned(),
            Some((first, last)) => format!(
                "const at = (found) => document.querySelector(found).getBoundingClientRect();
                 const top = Math.max(0, at('{first}').top + scrollY - {ROUND});
                 return [top, at('{last}').bottom + scrollY + {ROUND} - top];"
            ),
        };
        let place = browser.ask(&script).await?;
        let asked = json!({
            "format": "png", "captureBeyondViewport": true,
            "clip": {
                "x": 0, "y": place[0], "width": self.width, "height": place[1], "scale": 1,
            },
        });
        let taken = browser.send("Page.captureScreenshot", asked).await?;
        write(&taken, file)
    }
}

/// Pixels around what a picture shows.
const ROUND: u32 = 24;

/// Writes what the open page looks like on paper.
pub(crate) async fn print(browser: &Browser, file: &Path) -> anyhow::Result<()> {
    let asked = json!({
        "printBackground": true, "preferCSSPageSize": true,
        "paperWidth": 8.27, "paperHeight": 11.69,
    });
    let printed = browser.send("Page.printToPDF", asked).await?;
    write(&printed, file)
}

fn write(taken: &Value, file: &Path) -> anyhow::Result<()> {
    let Some(data) = taken["data"].as_str() else {
        bail!("{}: the browser gave no picture", file.display());
    };
    std::fs::write(file, STANDARD.decode(data)?).with_context(|| file.display().to_string())
}

/// Waits until the page says that it is drawn; one without charts is at once.
async fn drawn(browser: &Browser) -> anyhow::Result<bool> {
    let script = "return document.documentElement.dataset.drawn === 'yes' \
                  || !document.querySelector('.chart')";
    let waiting = async {
        while browser.ask(script).await? != json!(true) {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        anyhow::Ok(())
    };
    match tokio::time::timeout(DRAWN_WITHIN, waiting).await {
        Ok(drawn) => drawn.map(|()| true),
        Err(_) => Ok(false),
    }
}
