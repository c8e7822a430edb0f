//! `cargo xtask browser`: opens each report in a browser and checks what a reader would see.
//!
//! Each is opened from its file, wide and as on a phone, light and dark, and must draw every
//! chart with all its points, fetch nothing, write no error, and keep to the width of the screen.
//! The console of a service is signed in to, used and looked at in the same views.
//! Pages that are broken on purpose must all be found: otherwise the test tests nothing.

mod axe;
mod broken;
mod console;
mod driver;
mod made;
mod play;
mod sample;
mod service;
mod view;
mod walk;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Parser;

use driver::Browser;
use view::{View, WIDE_LIGHT};

/// How long everything may take: a browser that hangs must not hang what waits for it.
const PATIENCE: Duration = Duration::from_secs(480);

/// How large a report may be: it should fit into any mail.
const BYTES_MAX: u64 = 1_500_000;

#[derive(Debug, Parser)]
#[command(about = "Open every report in a browser and check what a reader would see")]
struct Cli {
    /// Write a picture of every page in every view, and its print, to this folder
    #[arg(long, value_name = "DIR")]
    screenshots: Option<PathBuf>,

    /// Write the README's pictures to docs/images, and check nothing
    #[arg(long)]
    readme: bool,

    /// Look at the console of a service, and at no report
    #[arg(long)]
    console: bool,

    /// Reports to check; without any, the binary makes one of every kind
    #[arg(value_name = "REPORT")]
    reports: Vec<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let args = &Cli::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let folder = tempfile::tempdir()?;
    let reports = match &args.reports[..] {
        [] if args.console => Vec::new(),
        [] => made::make(folder.path())?,
        given => given.to_vec(),
    };
    let problems = runtime.block_on(async {
        let browser = Browser::open().await?;
        let work = async {
            if args.readme {
                made::readme(&browser, folder.path()).await.map(|()| Vec::new())
            } else if args.console {
                console::check(&browser, folder.path(), args.screenshots.as_deref()).await
            } else {
                let mut problems = check_all(&browser, args, &reports, folder.path()).await?;
                if args.reports.is_empty() {
                    let pictures = args.screenshots.as_deref();
                    problems.extend(console::check(&browser, folder.path(), pictures).await?);
                }
                Ok(problems)
            }
        };
        let worked = tokio::time::timeout(PATIENCE, work).await;
        // Whatever came of it, no browser is left running.
        browser.close().await;
        worked.with_context(|| format!("not over after {} s", PATIENCE.as_secs()))?
    })?;
    if problems.is_empty() {
        return Ok(());
    }
    bail!("{} problems:\n  {}", problems.len(), problems.join("\n  "));
}

/// Every problem found, one sentence each.
async fn check_all(
    browser: &Browser,
    args: &Cli,
    reports: &[PathBuf],
    folder: &Path,
) -> anyhow::Result<Vec<String>> {
    let mut problems = Vec::new();
    for report in reports {
        let name = name_of(report);
        let bytes = std::fs::metadata(report)?.len();
        println!("{name}: {} kB", bytes / 1_000);
        if bytes > BYTES_MAX {
            problems.push(format!("{name}: {bytes} bytes, expected at most {BYTES_MAX}"));
        }
        for view in view::ALL {
            let seen = view.check(browser, report).await.with_context(|| name.clone())?;
            println!("{name}, {view}: {seen}");
            problems.extend(seen.problems.iter().map(|it| format!("{name}, {view}: {it}")));
            // What is pressed has no colour: once for each width is enough.
            if !view.dark {
                let pressed = pressed(browser, args, report, view).await?;
                problems.extend(pressed.iter().map(|it| format!("{name}, {view}: {it}")));
                view.check(browser, report).await?;
            }
            let turned = view.follows(browser).await?;
            problems.extend(turned.iter().map(|it| format!("{name}, {view}, {it}")));
            if let Some(pictures) = &args.screenshots {
                view.check(browser, report).await?;
                std::fs::create_dir_all(pictures)?;
                let file = format!("{name}-{}-{}.png", view.width, view.scheme());
                view.picture(browser, &pictures.join(file), None).await?;
            }
        }
        if let Some(pictures) = &args.screenshots {
            view::print(browser, &pictures.join(format!("{name}.pdf"))).await?;
        }
    }
    problems.extend(unfound(browser, folder, WIDE_LIGHT).await?);
    for report in reports {
        problems.extend(unplayed(browser, report, folder).await?);
    }
    Ok(problems)
}

/// What is wrong with what is pressed in the open page, if anything can be.
async fn pressed(
    browser: &Browser,
    args: &Cli,
    report: &Path,
    view: View,
) -> anyhow::Result<Vec<String>> {
    let name = name_of(report);
    let (problems, how) = if play::is_there(browser).await? {
        (play::drive(browser, report).await?, "played")
    } else if walk::is_there(browser).await? {
        (walk::drive(browser, report).await?, "walked")
    } else {
        return Ok(Vec::new());
    };
    println!("{name}, {view}: {how}, {} problems", problems.len());
    if let Some(pictures) = &args.screenshots {
        std::fs::create_dir_all(pictures)?;
        if how == "played" {
            play::open_lost(browser, report).await?;
        } else {
            walk::open_middle(browser, report).await?;
        }
        let file = format!("{name}-{how}-{}-{}.png", view.width, view.scheme());
        view.picture(browser, &pictures.join(file), Some((".play", ".play"))).await?;
    }
    Ok(problems)
}

/// What was broken on purpose in a page that is played, and not found; nothing in other pages.
async fn unplayed(browser: &Browser, report: &Path, folder: &Path) -> anyhow::Result<Vec<String>> {
    let page = std::fs::read_to_string(report)?;
    // What is broken is found by what is said, in English.
    let is_walked = page.contains("<div class=\"play walk\"");
    let is_played = is_walked || page.contains("<div class=\"play\"");
    if !is_played || !page.contains("<html lang=\"en\">") {
        return Ok(Vec::new());
    }
    let path = folder.join("broken.html");
    let mut missed = Vec::new();
    for broken in if is_walked { broken::WALKED } else { broken::PLAYED } {
        let text = broken.page(&page);
        if text == page {
            missed.push(format!("{}: the page has no place to break so", broken.what));
            continue;
        }
        std::fs::write(&path, text)?;
        WIDE_LIGHT.check(browser, &path).await.with_context(|| broken.what.to_owned())?;
        let problems = if is_walked {
            walk::drive(browser, &path).await?
        } else {
            play::drive(browser, &path).await?
        };
        match problems.iter().find(|problem| problem.contains(broken.says)) {
            Some(problem) => println!("broken on purpose, {}: found: {problem}", broken.what),
            None => missed.push(format!("{}: not found; found instead: {problems:?}", broken.what)),
        }
    }
    Ok(missed)
}

/// What was broken on purpose and not found.
async fn unfound(browser: &Browser, folder: &Path, view: View) -> anyhow::Result<Vec<String>> {
    let page = std::fs::read_to_string(sample::write(folder)?)?;
    let path = folder.join("broken.html");
    let mut missed = Vec::new();
    for broken in broken::ALL {
        let text = broken.page(&page);
        if text == page {
            missed.push(format!("{}: the sample has no place to break so", broken.what));
            continue;
        }
        std::fs::write(&path, text)?;
        let seen = view.check(browser, &path).await.with_context(|| broken.what.to_owned())?;
        match seen.problems.iter().find(|problem| problem.contains(broken.says)) {
            Some(problem) => println!("broken on purpose, {}: found: {problem}", broken.what),
            None => missed.push(format!(
                "{}: not found, though broken on purpose; found instead: {:?}",
                broken.what, seen.problems
            )),
        }
    }
    Ok(missed)
}

fn name_of(report: &Path) -> String {
    report.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
