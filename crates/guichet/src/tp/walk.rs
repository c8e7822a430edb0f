//! A walk through the sheet: says what to watch, runs it, shows the figures, asks, and answers when
//! asked.

use std::io::{BufRead as _, IsTerminal as _};
use std::os::fd::AsFd as _;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use guichet_locale::{Locale, text};
use guichet_view::screen::Screen;
use serde_json::Value;

use super::figures;
use super::points::{POINTS, Shown, Step};
use crate::cli::TP_POINTS;
use crate::ended::Ended;
use crate::reader::Reader;
use crate::{output, terminal};

/// A text of a point.
fn of_point(locale: Locale, point: u64, what: &str) -> String {
    // Each is there, which a test checks.
    locale.find(&format!("tp-{point}-{what}")).unwrap_or_default()
}

/// The list of points, and how to go on.
pub(super) fn list(reader: Reader) -> anyhow::Result<Ended> {
    let (locale, screen) = (reader.locale, terminal::stdout());
    let mut lines = screen.paragraph(&text!(locale, "tp-list"), 0);
    lines.push(String::new());
    for point in 1..=TP_POINTS {
        let title = format!("{point:>4}  {}", of_point(locale, point, "title"));
        lines.extend(screen.line(&title, 6));
    }
    lines.push(String::new());
    lines.extend(screen.paragraph(&text!(locale, "tp-list-next"), 0));
    output::print(&(lines.join("\n") + "\n"))?;
    Ok(Ended::Good)
}

/// One point.
pub(super) fn walk(point: u64, has_answer: bool, reader: Reader) -> anyhow::Result<Ended> {
    let (locale, screen) = (reader.locale, terminal::stdout());
    let steps = usize::try_from(point - 1).ok().and_then(|index| POINTS.get(index)).copied();
    let steps = steps.unwrap_or_default();
    let mut lines = vec![format!("{point}. {}", of_point(locale, point, "title")), String::new()];
    lines.extend(screen.paragraph(&of_point(locale, point, "watch"), 0));
    print(&lines)?;
    for step in steps {
        let typed = format!("$ guichet {}", step.args);
        print(&[String::new(), shell(&typed, screen)])?;
        if !show(step, reader, screen)? {
            return Ok(Ended::Broken);
        }
    }
    let question = text!(locale, "tp-question", question = of_point(locale, point, "question"));
    print(&[vec![String::new()], screen.paragraph(&question, 0)].concat())?;
    if has_answer || wants_answer(locale)? {
        let answer = text!(locale, "tp-answer", answer = of_point(locale, point, "answer"));
        print(&screen.paragraph(&answer, 0))?;
    } else {
        print(&screen.paragraph(&text!(locale, "tp-answer-how", point = point), 0))?;
    }
    let next = if point < TP_POINTS {
        let next = point + 1;
        text!(locale, "tp-next", point = next)
    } else {
        text!(locale, "tp-last")
    };
    print(&[String::new(), next])?;
    Ok(Ended::Good)
}

/// Runs a command and shows what it measured; whether it ended well.
fn show(step: &Step, reader: Reader, screen: Screen) -> anyhow::Result<bool> {
    let program = std::env::current_exe().context("the program's own file")?;
    let mut command = Command::new(program);
    command.args(step.args.split(' ')).args(["--lang", reader.locale.code()]);
    let Shown::Figures(which) = step.shown else {
        return Ok(command.status().context(step.args)?.success());
    };
    command.args(["--format", "json"]).stdout(Stdio::piped());
    if step.args.contains("--log") {
        // Its log is what is to be looked at: it goes where the rest of the walk goes.
        let out = std::io::stdout().as_fd().try_clone_to_owned().context(step.args)?;
        command.stderr(out);
    } else if !terminal::is_stderr() && !step.args.contains("--quiet") {
        // In a pipe the log of thousands of requests would bury the figures.
        command.arg("--quiet");
    }
    let ended = command.spawn().and_then(std::process::Child::wait_with_output);
    let ended = ended.context(step.args)?;
    if !ended.status.success() {
        return Ok(false);
    }
    let Ok(found) = serde_json::from_slice::<Value>(&ended.stdout) else {
        bail!("guichet {}: found no JSON", step.args);
    };
    let sentences = figures::sentences(which, &found, reader.locale);
    let lines = sentences.iter().flat_map(|sentence| screen.line(&format!("→ {sentence}"), 2));
    print(&lines.collect::<Vec<_>>())?;
    Ok(true)
}

/// Whether somebody who sits at a terminal asks for the answer.
fn wants_answer(locale: Locale) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() || !terminal::stdout().is_screen() {
        return Ok(false);
    }
    output::print(&text!(locale, "tp-ask"))?;
    let mut typed = String::new();
    let read = std::io::stdin().lock().read_line(&mut typed).context("standard input")?;
    Ok(read > 0 && typed.trim().is_empty())
}

/// A command as lines that a shell takes for one.
fn shell(typed: &str, screen: Screen) -> String {
    screen.line(typed, 4).join(" \\\n")
}

fn print(lines: &[String]) -> anyhow::Result<()> {
    Ok(output::print(&(lines.join("\n") + "\n"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_point_has_its_texts_in_both_languages() {
        for locale in Locale::ALL {
            for point in 1..=TP_POINTS {
                for what in ["title", "watch", "question", "answer"] {
                    assert_ne!(of_point(locale, point, what), "", "{point} {what} {locale:?}");
                }
            }
        }
    }
}
