//! What axe-core, the checker of accessibility, finds in the open page. It is under the MPL, so it is fetched
//! for the test and lies nowhere here: `GUICHET_AXE` names the file, or npm fetches it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::driver::Browser;

/// The version that the test is written for.
const PACKAGE: &str = "axe-core@4.14.1";
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The text of the script, if it can be had.
pub(crate) fn script(folder: &Path) -> Option<String> {
    if let Some(file) = std::env::var_os("GUICHET_AXE") {
        return std::fs::read_to_string(file).ok();
    }
    let packed =
        Command::new("npm").args(["pack", "--silent", PACKAGE]).current_dir(folder).output();
    let name = String::from_utf8(packed.ok()?.stdout).ok()?;
    let unpacked = Command::new("tar").args(["xzf", name.trim()]).current_dir(folder).status();
    unpacked.ok().filter(|status| status.success())?;
    std::fs::read_to_string(folder.join("package/axe.min.js")).ok()
}

/// What is wrong with the open page.
pub(crate) async fn problems(browser: &Browser, script: &str) -> anyhow::Result<Vec<String>> {
    let begin = "window.found = null;
        axe.run(document, { resultTypes: ['violations'] }).then((it) => { window.found = it.violations.flatMap(
            (rule) => rule.nodes.map((node) => `axe: ${rule.id} (${rule.help}): ${node.html.slice(0, 120)}`)); })
            .catch((error) => { window.found = [`axe: ${error}`]; });";
    browser.ask(&format!("{script}\n{begin}")).await?;
    let waiting = async {
        loop {
            let found = browser.ask("return window.found").await?;
            if let Value::Array(found) = found {
                let text = |it: Value| it.as_str().unwrap_or("?").to_owned();
                return anyhow::Ok(found.into_iter().map(text).collect());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    };
    match tokio::time::timeout(PATIENCE, waiting).await {
        Ok(found) => found,
        Err(_) => Ok(vec![format!("axe: nothing after {} s", PATIENCE.as_secs())]),
    }
}
