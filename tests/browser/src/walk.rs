//! The page of a checked class: its shortest schedule by keyboard, and a choice of the reader's own.

use std::path::Path;

use serde_json::json;

use crate::driver::Browser;
use crate::play::{self, Seen};

/// Whether a program is stepped through in the open page.
pub(crate) async fn is_there(browser: &Browser) -> anyhow::Result<bool> {
    Ok(browser.ask("return document.querySelector('.walk') !== null").await? == json!(true))
}

/// What is wrong with what is stepped through in the open page.
pub(crate) async fn drive(browser: &Browser, report: &Path) -> anyhow::Result<Vec<String>> {
    let mut seen = Seen { browser, problems: Vec::new() };
    let is_french = browser.ask("return document.documentElement.lang").await? == json!("fr");
    let harm = if is_french { "Le dégât se voit maintenant" } else { "Now the harm shows" };
    seen.press("ArrowRight").await?;
    seen.expect_steps(1, "a step of the shortest way").await?;
    seen.expect(".now", "▶ ", "a step of the shortest way").await?;
    // These keys scroll the page as long as the focus is elsewhere.
    seen.focus(".walk .turn").await?;
    seen.press("End").await?;
    seen.expect(".now", harm, "the end of the shortest way").await?;
    let signs = if is_french { "inévitable depuis l’étape" } else { "unavoidable since step" };
    seen.expect(".harmed", signs, "the end of the shortest way").await?;
    let steps = browser.ask("return document.querySelectorAll('.walk ol li').length").await?;
    let steps = steps.as_u64().unwrap_or_default();
    seen.press("ArrowLeft").await?;
    seen.expect_steps(steps.saturating_sub(1), "a step back").await?;
    seen.press("ArrowRight").await?;
    seen.expect_steps(steps, "a step back and on").await?;
    let link = browser.ask("return location.hash").await?;
    seen.press("Home").await?;
    seen.expect_steps(0, "the start").await?;
    // The other one first, and then what the page takes for the next one, to the end.
    seen.press("2").await?;
    // What cannot be walked through has numbers too.
    let numbers = "return JSON.parse(document.getElementById('data-walk').textContent).findings.map((it) => it.number)";
    let numbers = browser.ask(numbers).await?;
    let number = |at: usize| numbers[at].as_u64().unwrap_or_default();
    seen.expect_link(&format!("#finding={}&steps=2", number(0))).await?;
    seen.expect("ol li b", "client 2", "client 2 goes first").await?;
    seen.press("End").await?;
    let ended = "return Array.from(document.querySelectorAll('.walk .turn:not([hidden])'))
        .every((it) => it.getAttribute('aria-disabled') === 'true')";
    if browser.ask(ended).await? != json!(true) {
        seen.problems.push("walked: somebody can go on after the end".to_owned());
    }
    let marked = "return document.querySelectorAll('.walk .line.run').length";
    if browser.ask(marked).await? == json!(0) {
        seen.problems.push("walked: the last step is on no line".to_owned());
    }
    play::open(browser, report, link.as_str().unwrap_or_default()).await?;
    seen.expect_steps(steps, "a link").await?;
    let in_sight = "
        const code = document.querySelector('.walk .code').getBoundingClientRect();
        const run = document.querySelector('.walk .line.run');
        const line = run ? run.getBoundingClientRect() : code;
        return line.top >= code.top - 1 && line.bottom <= code.bottom + 1";
    if browser.ask(in_sight).await? != json!(true) {
        seen.problems.push("walked: the last step's line is out of sight".to_owned());
    }
    seen.expect(".now", harm, "a link").await?;
    for link in ["#finding=99&steps=1", &format!("#finding={}&steps=1x300", number(0))] {
        play::open(browser, report, link).await?;
        let says = if is_french { "pas dans cette page" } else { "not in this page" };
        seen.expect(".now", says, link).await?;
    }
    seen.press("r").await?;
    seen.expect_steps(0, "the shortest way again").await?;
    seen.press("9").await?;
    let nobody = if is_french { "pas de tel thread" } else { "no such thread" };
    seen.expect(".now", nobody, "a thread that is not there").await?;
    if browser.ask("return document.querySelector('.walk select') !== null").await? == json!(true) {
        seen.pick("walk-finding", "1").await?;
        seen.expect_link(&format!("#finding={}&steps=", number(1))).await?;
        seen.press("ArrowRight").await?;
        seen.expect_steps(1, "another finding").await?;
    }
    seen.look_at_controls().await?;
    seen.problems.extend(browser.errors().await?.iter().map(|it| format!("walked, console: {it}")));
    Ok(seen.problems)
}

/// Opens the page in the middle of its shortest way, for a picture.
pub(crate) async fn open_middle(browser: &Browser, report: &Path) -> anyhow::Result<()> {
    play::open(browser, report, "").await?;
    let seen = Seen { browser, problems: Vec::new() };
    for _ in 0..8 {
        seen.press("ArrowRight").await?;
    }
    Ok(())
}
