//! The console of a service: signed in to, looked at in every view, and used by somebody who presses things.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::axe;
use crate::driver::Browser;
use crate::service::Service;
use crate::view;

/// Pages, by who looks at them.
const PAGES: &[(&str, &str, &str)] = &[
    ("sign-in", "", "/console/sign-in"),
    ("overview", "admin", "/console/"),
    ("overview-member", "demo", "/console/"),
    ("servers", "demo", "/console/servers"),
    ("create", "demo", "/console/servers/new"),
    ("hosts", "admin", "/console/hosts"),
    ("faults", "admin", "/console/faults"),
    ("clock", "admin", "/console/clock"),
    ("worlds", "admin", "/console/worlds"),
];

const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// What must be true of every page, beside what axe looks at.
const CHECK: &str = "
    const problems = [], root = document.documentElement;
    if (!['en', 'fr'].includes(root.lang) || !document.title || document.querySelectorAll('h1').length !== 1) problems.push('title, language or heading is missing');
    if (root.scrollWidth > root.clientWidth) problems.push(`wider than the screen: ${root.scrollWidth} of ${root.clientWidth} px`);
    const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
    const [light] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number);
    if (isDark !== light < 128) problems.push('the page is not of the colours asked for');
    return problems;";

/// Whether the chart of waits has its last line's colour anywhere: one server was made, minutes may lie around it.
const LONE: &str = "
    const style = getComputedStyle(document.documentElement);
    const [red, green, blue] = style.getPropertyValue('--two').trim().slice(1).match(/../g).map((it) => parseInt(it, 16));
    const canvas = document.querySelector('#wait canvas');
    const dots = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    for (let at = 0; at < dots.length; at += 4) {
        if (dots[at] === red && dots[at + 1] === green && dots[at + 2] === blue) return true;
    }
    return false;";

/// The console, and a browser that looks at it.
struct Look<'a> {
    browser: &'a Browser,
    service: Service,
    problems: Vec<String>,
    /// The checker of accessibility, if it could be had.
    axe: Option<String>,
}

/// Every problem found, one sentence each. Pictures go to a folder if one is named.
pub(crate) async fn check(
    browser: &Browser,
    folder: &Path,
    pictures: Option<&Path>,
) -> anyhow::Result<Vec<String>> {
    let (service, axe) = (Service::start()?, axe::script(folder));
    if axe.is_none() {
        println!("console: axe-core could not be had here: what it finds is not checked");
    }
    let mut look = Look { browser, service, problems: Vec::new(), axe };
    look.browser.errors().await?;
    view::WIDE_LIGHT.wear(browser).await?;
    look.is_let_in().await?;
    let server = look.watches_a_server().await?;
    look.is_refused().await?;
    look.sees_nothing_of_another(&server).await?;
    look.goes_by_keyboard().await?;
    look.reads_french().await?;
    look.sees_all_pages(&server, pictures).await?;
    println!("console: {} problems", look.problems.len());
    Ok(look.problems.iter().map(|it| format!("console: {it}")).collect())
}

impl Look<'_> {
    async fn open(&self, path: &str) -> anyhow::Result<()> {
        self.browser.goto(&self.service.page(path)).await
    }

    async fn sign_in(&self, user: &str, password: &str) -> anyhow::Result<()> {
        self.open("/console/sign-in").await?;
        let fill = format!(
            "document.getElementById('user').value = '{user}';
             document.getElementById('password').value = '{password}';
             document.querySelector('main form').requestSubmit();"
        );
        self.browser.ask(&fill).await?;
        self.until("a page comes", "return document.readyState === 'complete' && \
            (location.pathname !== '/console/sign-in' || document.querySelector('.notice') !== null)")
            .await
            .map(|_| ())
    }

    /// Waits until a script says that it is so; whether it did.
    async fn until(&self, what: &str, script: &str) -> anyhow::Result<bool> {
        let waiting = async {
            // A page that is just being left answers nothing.
            while self.browser.ask(script).await.unwrap_or(Value::Null) != json!(true) {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        };
        let is_so = tokio::time::timeout(PATIENCE, waiting).await.is_ok();
        if !is_so {
            println!("console: waited in vain until {what}");
        }
        Ok(is_so)
    }

    async fn expect(&mut self, what: &str, script: &str) -> anyhow::Result<()> {
        if !self.until(what, script).await? {
            self.problems.push(format!("not so: {what}"));
        }
        Ok(())
    }

    /// Errors on the console; a page that is refused is one of the browser's own there.
    async fn note_errors(&mut self, at: &str, is_refused: bool) -> anyhow::Result<()> {
        let errors = self.browser.errors().await?;
        let own = errors.iter().filter(|it| !(is_refused && it.contains("the server responded")));
        self.problems.extend(own.map(|it| format!("{at}: {it}")));
        Ok(())
    }

    async fn is_let_in(&mut self) -> anyhow::Result<()> {
        self.sign_in("demo", "wrong").await?;
        let said =
            "return document.querySelector('[role=alert]').textContent.includes('Check both')";
        self.expect("a wrong password is refused with what to do", said).await?;
        self.note_errors("sign-in", true).await?;
        self.sign_in("demo", "secret").await?;
        self.expect("one is let in", "return location.pathname === '/console/'").await?;
        let live = "return document.getElementById('live').dataset.live === 'on'";
        self.expect("the overview is live", live).await?;
        self.note_errors("overview", false).await
    }

    /// Makes a server while the world's time stands still, so that it is seen being made; then has time go on.
    async fn watches_a_server(&mut self) -> anyhow::Result<String> {
        self.service.steer("PUT", "worlds/root/clock", "{\"speed\": 0}")?;
        self.open("/console/servers/new").await?;
        let fill = "document.getElementById('name').value = 'web';
            document.querySelector('main form').requestSubmit();";
        self.browser.ask(fill).await?;
        let status = "document.querySelector('#status .status')?.textContent";
        self.expect("the server is made", &format!("return {status} === 'BUILD'")).await?;
        // It is gone if the page is loaded anew.
        self.browser.ask("window.same = true").await?;
        self.service.steer("POST", "worlds/root/clock/advance", "{\"until_idle\": true}")?;
        let runs = format!("return {status} === 'ACTIVE' && window.same === true");
        self.expect("it goes from BUILD to ACTIVE without a reload", &runs).await?;
        let boots = "return document.querySelector('#console pre').textContent.includes('login:')";
        self.expect("its machine's console is shown", boots).await?;
        self.note_errors("server", false).await?;
        let path = self.browser.ask("return location.pathname").await?;
        self.service.steer("PUT", "worlds/root/clock", "{\"speed\": 1}")?;
        Ok(path.as_str().unwrap_or_default().to_owned())
    }

    async fn is_refused(&mut self) -> anyhow::Result<()> {
        self.open("/console/servers/new").await?;
        let fill = "document.getElementById('name').value = 'many';
            document.getElementById('count').value = '10';
            document.querySelector('main form').requestSubmit();";
        self.browser.ask(fill).await?;
        let said = "const text = document.querySelector('[role=alert]')?.textContent ?? '';
            return text.includes('1 of 10 in use') && text.includes('larger quota')
                && document.getElementById('name').value === 'many'";
        self.expect("a quota refuses, says what to do, and leaves what was typed", said).await?;
        self.note_errors("refusal", true).await
    }

    async fn sees_nothing_of_another(&mut self, server: &str) -> anyhow::Result<()> {
        self.sign_in("alt", "secret").await?;
        self.open(server).await?;
        let hidden = "return document.querySelector('[role=alert]') !== null
            && !document.body.textContent.includes('web')";
        self.expect("another project's server is not there", hidden).await?;
        self.open("/console/servers").await?;
        let empty = "return document.querySelector('.empty') !== null
            && !document.body.textContent.includes('web')";
        self.expect("another project's server is not in the list", empty).await?;
        self.open("/console/hosts").await?;
        let refused = "return document.querySelector('[role=alert]') !== null
            && document.querySelector('.cards') === null";
        self.expect("hosts are for administrators", refused).await?;
        self.note_errors("isolation", true).await
    }

    async fn press(&self, key: &str, code: u32) -> anyhow::Result<()> {
        for kind in ["rawKeyDown", "keyUp"] {
            let event =
                json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            self.browser.send("Input.dispatchKeyEvent", event).await?;
        }
        Ok(())
    }

    async fn goes_by_keyboard(&mut self) -> anyhow::Result<()> {
        self.open("/console/servers").await?;
        self.press("Tab", 9).await?;
        let skip = "return document.activeElement.className === 'skip'
            && document.activeElement.getBoundingClientRect().left >= 0";
        self.expect("the first Tab shows the way past the menu", skip).await?;
        let mut unseen = 0;
        for _ in 0..12 {
            self.press("Tab", 9).await?;
            let seen = "const style = getComputedStyle(document.activeElement);
                return document.activeElement === document.body
                    || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2";
            unseen += usize::from(self.browser.ask(seen).await? != json!(true));
        }
        if unseen > 0 {
            self.problems.push(format!("the focus is not seen on {unseen} of 12 elements"));
        }
        Ok(())
    }

    async fn reads_french(&mut self) -> anyhow::Result<()> {
        self.browser.ask("document.querySelector('footer a').click()").await?;
        let french = "return document.documentElement.lang === 'fr'
            && document.querySelector('h1').textContent === 'Serveurs'
            && location.pathname === '/console/servers'";
        self.expect("the page is in French, and the same", french).await?;
        self.browser.ask("document.querySelector('footer a').click()").await?;
        self.expect("and in English again", "return document.documentElement.lang === 'en'").await
    }

    async fn sees_all_pages(
        &mut self,
        server: &str,
        pictures: Option<&Path>,
    ) -> anyhow::Result<()> {
        let operation = format!("{server}/operations/1");
        let more = [("server", "demo", server), ("operation", "demo", operation.as_str())];
        let mut who = "";
        for (name, user, path) in PAGES.iter().copied().chain(more) {
            if user != who && !user.is_empty() {
                self.sign_in(user, "secret").await?;
                who = user;
            }
            for view in view::ALL {
                view.wear(self.browser).await?;
                self.browser.requests().await?;
                self.open(path).await?;
                if name.starts_with("overview") {
                    let drawn = "return document.querySelector('.chart canvas') !== null";
                    self.expect("the overview has charts", drawn).await?;
                }
                if name == "overview" {
                    self.expect("the wait of a lone request is drawn", LONE).await?;
                }
                let at = format!("{name}, {view}");
                self.look_at(&at).await?;
                self.note_errors(&at, false).await?;
                if let Some(pictures) = pictures {
                    std::fs::create_dir_all(pictures)?;
                    let file = format!("console-{name}-{}-{}.png", view.width, view.scheme());
                    view.picture(self.browser, &pictures.join(file), None).await?;
                }
            }
        }
        Ok(())
    }

    /// What is wrong with the open page.
    async fn look_at(&mut self, at: &str) -> anyhow::Result<()> {
        let found = self.browser.ask(CHECK).await?;
        let listed = found.as_array().map_or(&[][..], Vec::as_slice);
        self.problems.extend(listed.iter().map(|it| format!("{at}: {it}")));
        let own = self.service.page("/");
        for asked in self.browser.requests().await? {
            if !asked.starts_with(&own) && !asked.starts_with("data:") && asked != "about:blank" {
                self.problems.push(format!("{at}: asks for {asked}"));
            }
        }
        if let Some(axe) = &self.axe {
            let found = axe::problems(self.browser, axe).await?;
            self.problems.extend(found.iter().map(|it| format!("{at}: {it}")));
        }
        Ok(())
    }
}
