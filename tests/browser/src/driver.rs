//! A browser: Chromium without a window, and the driver that steers it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, bail};
use serde_json::Value;
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver};

/// The driver's process; ended when this is dropped.
struct Process {
    child: Child,
    /// Held open: a driver that cannot say what it has to say ends.
    _out: BufReader<ChildStdout>,
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A browser that is open.
pub(crate) struct Browser {
    driver: WebDriver,
    process: Process,
}

impl Browser {
    /// Starts a driver on a free port, and a browser through it.
    pub(crate) async fn open() -> anyhow::Result<Self> {
        let (process, port) = start()?;
        let mut wanted = DesiredCapabilities::chrome();
        // The sandbox needs rights that a container does not give; what is opened is our own.
        for flag in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--force-color-profile=srgb",
            "--disable-background-networking",
            "--no-first-run",
        ] {
            wanted.add_arg(flag)?;
        }
        for log in ["browser", "performance"] {
            wanted.set_logging_prefs(log, LoggingPrefsLogLevel::All)?;
        }
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted).await;
        let driver = driver.context("chromium does not start")?;
        Ok(Self { driver, process })
    }

    /// Ends both.
    pub(crate) async fn close(self) {
        // The driver is ended in any case, and with it what it started.
        let _ = self.driver.quit().await;
        drop(self.process);
    }

    pub(crate) async fn goto(&self, address: &str) -> anyhow::Result<()> {
        Ok(self.driver.goto(address).await?)
    }

    /// A command of the DevTools protocol.
    pub(crate) async fn send(&self, method: &str, parameters: Value) -> anyhow::Result<Value> {
        let sent = self.driver.cdp().send_raw(method, parameters).await;
        sent.with_context(|| method.to_owned())
    }

    /// What a script returns.
    pub(crate) async fn ask(&self, script: &str) -> anyhow::Result<Value> {
        Ok(self.driver.execute(script, Vec::new()).await?.json().clone())
    }

    /// Errors on the console since the last call.
    pub(crate) async fn errors(&self) -> anyhow::Result<Vec<String>> {
        let entries = self.driver.get_log("browser").await?;
        let severe = entries.into_iter().filter(|entry| entry.level == "SEVERE");
        Ok(severe.map(|entry| entry.message).collect())
    }

    /// Addresses asked for since the last call.
    pub(crate) async fn requests(&self) -> anyhow::Result<Vec<String>> {
        let entries = self.driver.get_log("performance").await?;
        let address = |text: String| {
            let entry: Value = serde_json::from_str(&text).ok()?;
            let message = entry.get("message")?;
            let sent = message.get("method")? == "Network.requestWillBeSent";
            let address = message.pointer("/params/request/url")?.as_str()?;
            sent.then(|| address.to_owned())
        };
        Ok(entries.into_iter().filter_map(|entry| address(entry.message)).collect())
    }
}

/// Starts the driver; its port is the system's choice.
fn start() -> anyhow::Result<(Process, u16)> {
    let mut child = Command::new("chromedriver")
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("chromedriver does not start: apt-get install chromium chromium-driver")?;
    let out = child.stdout.take().context("its output is piped")?;
    let mut process = Process { child, _out: BufReader::new(out) };
    // It says a few lines and then where it listens.
    let mut text = String::new();
    let mut lines = process._out.by_ref().take(64 * 1024);
    while lines.read_line(&mut text)? > 0 {
        let port = text.rsplit_once("on port ").map(|(_, rest)| rest);
        let port = port.filter(|_| text.contains("started successfully"));
        if let Some(port) = port.and_then(|rest| rest.trim().trim_end_matches('.').parse().ok()) {
            return Ok((process, port));
        }
    }
    bail!("chromedriver did not say where it listens: {text}");
}
