//! The part of a page that is played: one lost server and its repair, by keyboard, and then what
//! else there is to press.

use std::path::Path;

use serde_json::{Value, json};

use crate::driver::Browser;

/// The shortest way to a lost server: client 1 knows the length of the list when client 2 comes.
const LOST: &str = "1x6,2x10,1x4";
/// The same requests one after the other, with their jobs.
const REPAIRED: &str = "1x10,2x10,wx2";

/// Whether something is played in the open page.
pub(crate) async fn is_there(browser: &Browser) -> anyhow::Result<bool> {
    let found = browser.ask("return document.querySelector('.play:not(.walk)') !== null").await?;
    Ok(found == json!(true))
}

/// What is wrong with what is played in the open page.
pub(crate) async fn drive(browser: &Browser, report: &Path) -> anyhow::Result<Vec<String>> {
    let mut seen = Seen { browser, problems: Vec::new() };
    if browser.ask("return document.documentElement.lang").await? == json!("fr") {
        seen.lose_a_server_in_french().await?;
        seen.look_at_controls().await?;
        seen.problems.extend(browser.errors().await?);
        return Ok(seen.problems);
    }
    seen.lose_a_server().await?;
    seen.go_back_and_on().await?;
    seen.repair_it().await?;
    seen.open_a_link(report).await?;
    seen.choose().await?;
    seen.look_at_controls().await?;
    seen.problems.extend(browser.errors().await?.iter().map(|it| format!("played, console: {it}")));
    Ok(seen.problems)
}

/// Opens the page at the lost server.
pub(crate) async fn open_lost(browser: &Browser, report: &Path) -> anyhow::Result<()> {
    let link = format!("#with=none&play=empty:create/create:{LOST}");
    open(browser, report, &link).await
}

pub(crate) async fn open(browser: &Browser, report: &Path, link: &str) -> anyhow::Result<()> {
    browser.goto("about:blank").await?;
    browser.goto(&format!("file://{}{link}", report.canonicalize()?.display())).await
}

/// What is seen of a part that is played.
pub(crate) struct Seen<'a> {
    pub(crate) browser: &'a Browser,
    pub(crate) problems: Vec<String>,
}

impl Seen<'_> {
    async fn lose_a_server(&mut self) -> anyhow::Result<()> {
        self.focus(".play select").await?;
        self.press_all("1x6,2x2").await?;
        self.expect_steps(8, "six steps of client 1 and two of client 2").await?;
        self.expect(".harmed", "can still be avoided", "before client 2 reads the length").await?;
        self.press("2").await?;
        self.expect(".now", "unavoidable", "once both know the same length").await?;
        self.press_all("2x7,1x4").await?;
        self.expect_steps(20, LOST).await?;
        self.expect(".now", "Now the harm shows: server A was accepted", LOST).await?;
        self.expect(".harmed", "unavoidable since step 9", LOST).await?;
        self.expect(".harmed", "showed at step 20", LOST).await?;
        let link = format!("#with=none&play=empty:create/create:{LOST}");
        self.expect_link(&link).await
    }

    /// The same keys, and French said of them.
    async fn lose_a_server_in_french(&mut self) -> anyhow::Result<()> {
        self.focus(".play select").await?;
        self.press_all("1x6,2x2").await?;
        self.expect_steps(8, "six étapes du client 1 et deux du client 2").await?;
        self.expect(".harmed", "on peut encore l’éviter", "before both know the length").await?;
        self.press("2").await?;
        self.expect(".now", "Étape 9\u{a0}: le client 2 lit la longueur", "step 9").await?;
        self.expect(".now", "le dégât est inévitable", "step 9").await?;
        self.press_all("2x7,1x4").await?;
        self.expect(".now", "Le dégât se voit maintenant\u{a0}: la création du serveur A", LOST)
            .await?;
        self.expect(".harmed", "serveur perdu\u{a0}: inévitable depuis l’étape 9", LOST).await?;
        self.press("u").await?;
        self.expect(".now", "Annulé\u{a0}: le client 1", "undo").await?;
        // The same steps with the lock held.
        self.focus(".guards input:checked").await?;
        self.press("ArrowDown").await?;
        self.press("ArrowDown").await?;
        self.expect(
            ".now",
            "L’étape 7 sur 19 est impossible\u{a0}: le client 2 attend le verrou.",
            "the lock",
        )
        .await?;
        self.press("2").await?;
        self.expect(".now", "Le client 2 attend le verrou.", "a step that must wait").await?;
        self.expect(".ways", "Aucun chemin ne mène à un dégât", "the lock").await?;
        self.press("r").await?;
        self.press_all(REPAIRED).await?;
        self.expect(".now", "rien n’est cassé", REPAIRED).await?;
        let shown = "return document.querySelector('.play').innerText";
        let shown = self.browser.ask(shown).await?;
        let shown = shown.as_str().unwrap_or_default();
        for word in ["the", "step", "client 2 reads", "worker", "undo", "harm", "queue", "{"] {
            let found = shown.split_whitespace().any(|it| it == word)
                || shown.contains(&format!("{word} "));
            if found && !shown.is_empty() {
                self.problems.push(format!("played in French: says {word:?}"));
            }
        }
        Ok(())
    }

    async fn go_back_and_on(&mut self) -> anyhow::Result<()> {
        self.press("u").await?;
        self.expect_steps(19, "undo").await?;
        self.expect(".now", "Undone: client 1", "undo").await?;
        self.press("n").await?;
        self.expect_steps(20, "redo").await?;
        self.press("r").await?;
        self.expect_steps(0, "restart").await
    }

    async fn repair_it(&mut self) -> anyhow::Result<()> {
        // A lock that is given back after each read and write leaves the same to happen.
        self.focus(".guards input:checked").await?;
        self.press("ArrowDown").await?;
        self.press_all(LOST).await?;
        self.expect(".now", "Now the harm shows", "with a lock for each read and write").await?;
        // The same steps again, with the lock held: the one who comes in between has to wait.
        self.press("ArrowDown").await?;
        self.expect(
            ".now",
            "Step 7 of 20 cannot be taken: client 2 waits for the lock",
            "the lock",
        )
        .await?;
        self.expect(".cells", "client 1", "the lock is client 1's").await?;
        self.press("2").await?;
        self.expect_steps(6, "client 2 waits for the lock").await?;
        self.press("r").await?;
        self.press_all(REPAIRED).await?;
        self.expect_steps(22, REPAIRED).await?;
        self.expect(".now", "nothing is broken", REPAIRED).await?;
        self.expect(".ways", "no way to harm", "the lock").await?;
        self.expect_link(&format!("#with=lock&play=empty:create/create:{REPAIRED}")).await?;
        // Two permits let client 2 in again.
        self.press("ArrowDown").await?;
        self.press("r").await?;
        self.press_all(LOST).await?;
        self.expect(".now", "Now the harm shows", "with a semaphore of 2").await
    }

    async fn open_a_link(&mut self, report: &Path) -> anyhow::Result<()> {
        open_lost(self.browser, report).await?;
        self.expect_steps(20, "a link").await?;
        self.expect(".now", "Now the harm shows", "a link").await?;
        // The focus is where keys are heard.
        self.press("u").await?;
        self.expect_steps(19, "undo after a link").await?;
        for link in ["#with=none&play=empty:nothing:1", "#with=%zz", "#with=lock"] {
            open(self.browser, report, link).await?;
            self.expect(".now", "not in this page", link).await?;
        }
        open(self.browser, report, "#with=lock&play=one-active:reboot/delete:1,2x5").await?;
        self.expect(".now", "Step 2 of 6 cannot be taken: client 2 waits", "a link").await
    }

    async fn choose(&mut self) -> anyhow::Result<()> {
        self.pick("play-requests", "create,create,create").await?;
        self.expect(".left-out", "too many for this page", "three creates").await?;
        self.pick("play-requests", "reboot,delete,delete").await?;
        self.pick("play-start", "1").await?;
        self.browser.ask("document.querySelector('.guards input').click()").await?;
        self.press_all("3,1,2").await?;
        self.expect_steps(3, "three clients").await?;
        self.focus(".ways button").await?;
        self.press("Enter").await?;
        self.expect(".now", "Now the harm shows", "the shortest way").await
    }

    /// Controls are what they look like, large enough for a finger and inside the screen.
    pub(crate) async fn look_at_controls(&mut self) -> anyhow::Result<()> {
        let script = "
            const wrong = [];
            const phone = innerWidth < 600;
            for (const it of document.querySelectorAll('.play .turn, .play .tools button')) {
                const box = it.getBoundingClientRect();
                if (it.tagName !== 'BUTTON') wrong.push(`${it.textContent} is no button`);
                if (phone && box.height < 44) wrong.push(`${it.textContent} is ${box.height} px high`);
            }
            for (const it of document.querySelectorAll('.play .board *:not(.code *), .play .command')) {
                const box = it.getBoundingClientRect();
                if (box.right > document.documentElement.clientWidth + 1) wrong.push(`${it.className || it.tagName} is too wide`);
            }
            const status = document.querySelector('.play .now');
            if (status.getAttribute('aria-live') !== 'polite') wrong.push('steps are not announced');
            if (document.documentElement.scrollWidth > document.documentElement.clientWidth) wrong.push('wider than the screen');
            return wrong;";
        let found = self.browser.ask(script).await?;
        let found = found.as_array().map_or(&[][..], Vec::as_slice);
        self.problems.extend(found.iter().map(|it| format!("played: {it}")));
        Ok(())
    }

    pub(crate) async fn focus(&self, what: &str) -> anyhow::Result<()> {
        let script = format!("document.querySelector({}).focus()", json!(what));
        self.browser.ask(&script).await.map(drop)
    }

    pub(crate) async fn pick(&self, list: &str, value: &str) -> anyhow::Result<()> {
        let script = format!(
            "const list = document.getElementById({}); list.value = {};
             list.dispatchEvent(new Event('change', {{ bubbles: true }}));",
            json!(list),
            json!(value)
        );
        self.browser.ask(&script).await.map(drop)
    }

    /// Presses the keys of a schedule.
    async fn press_all(&self, schedule: &str) -> anyhow::Result<()> {
        for run in schedule.split(',') {
            let (key, count) = run.split_once('x').unwrap_or((run, "1"));
            for _ in 0..count.parse::<u32>()? {
                self.press(key).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn press(&self, key: &str) -> anyhow::Result<()> {
        let (code, text) = match key {
            "ArrowDown" => (40, Value::Null),
            "ArrowRight" => (39, Value::Null),
            "ArrowLeft" => (37, Value::Null),
            "Home" => (36, Value::Null),
            "End" => (35, Value::Null),
            "Enter" => (13, json!("\r")),
            letter => (letter.to_ascii_uppercase().bytes().next().unwrap_or(0), json!(letter)),
        };
        // Going down is what counts; that a key comes up again is not listened for.
        let mut event = json!({ "type": "rawKeyDown", "key": key, "windowsVirtualKeyCode": code });
        if !text.is_null() {
            event["type"] = json!("keyDown");
            event["text"] = text;
        }
        self.browser.send("Input.dispatchKeyEvent", event).await.map(drop)
    }

    pub(crate) async fn expect(
        &mut self,
        what: &str,
        says: &str,
        when: &str,
    ) -> anyhow::Result<()> {
        let script = format!("return document.querySelector('.play {what}').textContent");
        let found = self.browser.ask(&script).await?;
        let found = found.as_str().unwrap_or_default();
        if !found.contains(says) {
            self.problems.push(format!("played, {when}: found {found:?}, expected {says:?}"));
        }
        Ok(())
    }

    pub(crate) async fn expect_steps(&mut self, steps: u64, when: &str) -> anyhow::Result<()> {
        let found =
            self.browser.ask("return document.querySelectorAll('.play ol li').length").await?;
        if found.as_u64() != Some(steps) {
            self.problems.push(format!("played, {when}: {found} steps, expected {steps}"));
        }
        Ok(())
    }

    pub(crate) async fn expect_link(&mut self, link: &str) -> anyhow::Result<()> {
        let found = self.browser.ask("return location.hash").await?;
        if found != json!(link) {
            self.problems.push(format!("played: the link is {found}, expected {link}"));
        }
        Ok(())
    }
}
