//! `guichet compare`: from flags to a plan, each run in a process of its own, and what came of
//! it.

use std::io::{Read, Write};
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anstyle::AnsiColor;
use anyhow::{Context, anyhow, bail};
use guichet_core::limits;
use guichet_driver::simulated::Calibration;
use guichet_engine::Model;
use guichet_lab::compare::plan::Plan;
use guichet_lab::compare::spec::{RunFigures, RunSpec, SpecError};
use guichet_lab::compare::{Comparison, Progress, compare, output as tables, page};
use guichet_lab::simulate::paint::painted;
use guichet_locale::{Locale, text};
use guichet_view::screen::Screen;
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::{CompareArgs, CompareFormatArg};
use crate::ended::Ended;
use crate::reader::Reader;
use crate::simulate::profile_named;
use crate::{output, report, terminal};

/// Runs the command.
pub(crate) fn run(args: &CompareArgs, reader: Reader) -> anyhow::Result<Ended> {
    let (screen, locale) = (terminal::stdout(), reader.locale);
    let plan = plan(args, locale)?;
    let expected = plan.expected();
    if expected > limits::COMPARE_TIME_MAX {
        let (time, most) = (shown(expected, locale), shown(limits::COMPARE_TIME_MAX, locale));
        return Err(anyhow!(text!(locale, "compare-too-long", time = time, most = most)));
    }
    if let Some(path) = &args.report {
        report::claim("--report", path, &[Path::new(&args.profile)], &[], locale)?;
    }
    let people = args.format == CompareFormatArg::Table;
    if people {
        // If nobody can be told, the report at the end will say why.
        let _ = output::print(&heading(&plan, expected, screen, locale));
    }
    let bar = bar(args.quiet, locale);
    let run = |spec: &RunSpec| in_a_process_of_its_own(spec, locale);
    let compared = compare(plan, run, |progress| shows(&bar, progress));
    bar.finish_and_clear();
    let compared = compared?;
    let said = printed(&compared, args.format, screen, reader)?;
    output::print(&said)?;
    if let Some(path) = &args.report {
        let facts = report::facts(args.seed, locale);
        report::write(path, &page::report(&compared, facts, locale))?;
    }
    Ok(Ended::of(compared.violations.is_empty(), false))
}

fn plan(args: &CompareArgs, locale: Locale) -> anyhow::Result<Plan> {
    let mut models: Vec<Model> = Vec::new();
    for model in args.models.iter().map(|model| model.model()) {
        if !models.contains(&model) {
            models.push(model);
        }
    }
    let mut workers: Vec<usize> = args.workers.iter().map(|workers| *workers as usize).collect();
    workers.sort_unstable();
    workers.dedup();
    if workers.len() > limits::COMPARE_SIZES_MAX {
        let (found, most) = (workers.len(), limits::COMPARE_SIZES_MAX);
        return Err(anyhow!(text!(locale, "compare-sizes", found = found, most = most)));
    }
    Ok(Plan {
        models,
        workers,
        cpu_share: args.cpu_share,
        runs: args.runs as usize,
        requests: args.requests,
        clients: args.clients as usize,
        permits: args.permits.map(|permits| permits as usize),
        mix: args.mix.clone(),
        profile: profile_named(&args.profile, locale)?,
        seed: args.seed,
        rounds: Calibration::of_this_process().rounds(),
        cores: std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
    })
}

fn heading(plan: &Plan, expected: Duration, screen: Screen, locale: Locale) -> String {
    let each = match plan.requests {
        Some(requests) => text!(locale, "compare-heading-requests", requests = requests),
        None => {
            let seconds = locale.decimal(&limits::COMPARE_RUN.as_secs_f64().to_string());
            text!(locale, "compare-heading-about", seconds = seconds)
        }
    };
    let lines = [
        text!(
            locale,
            "compare-heading",
            rows = plan.settings().len(),
            runs = plan.runs,
            each = each,
            time = shown(expected, locale)
        ),
        text!(
            locale,
            "compare-heading-load",
            clients = plan.clients,
            mix = plan.mix.to_string(),
            profile = plan.profile.name(),
            cores = plan.cores,
            seed = plan.seed.to_string()
        ),
    ];
    let lines: Vec<String> = lines.iter().flat_map(|line| screen.line(line, 2)).collect();
    lines.join("\n") + "\n\n"
}

fn shown(time: Duration, locale: Locale) -> String {
    let with = |value: f64, unit: &str| locale.unit(&locale.fixed(value, 0), unit);
    match time.as_secs_f64() {
        s if s >= 2.0 * 86_400.0 => {
            let days = s / 86_400.0;
            text!(locale, "days", count = days, number = locale.fixed(days, 0))
        }
        s if s >= 7_200.0 => with(s / 3_600.0, "h"),
        s if s >= 120.0 => with(s / 60.0, "min"),
        s => with(s, "s"),
    }
}

fn bar(quiet: bool, locale: Locale) -> ProgressBar {
    if quiet || !terminal::is_stderr() || terminal::is_dumb() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(&text!(locale, "compare-bar"));
    ProgressBar::new(1).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn shows(bar: &ProgressBar, progress: Progress) {
    let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    bar.set_length(millis(progress.all));
    bar.set_position(millis(progress.done));
}

fn printed(
    compared: &Comparison,
    format: CompareFormatArg,
    screen: Screen,
    reader: Reader,
) -> anyhow::Result<String> {
    match format {
        CompareFormatArg::Json => Ok(serde_json::to_string(&tables::json(compared))? + "\n"),
        CompareFormatArg::Csv => Ok(String::from_utf8(tables::csv(compared)?)?),
        CompareFormatArg::Table => Ok(people(compared, screen, reader)),
    }
}

/// Tables and sentences.
fn people(compared: &Comparison, screen: Screen, reader: Reader) -> String {
    let has_color = terminal::has_color(reader.color, screen.is_screen());
    let locale = reader.locale;
    let mut parts = Vec::from(tables::shown(compared, screen, locale));
    let commentary = compared.commentary(locale);
    for said in &commentary {
        // A pipe gets each sentence in one line.
        let sentence = format!("* {}", said.text);
        parts.extend(if screen.is_screen() {
            screen.paragraph(&sentence, 2)
        } else {
            vec![sentence]
        });
    }
    if commentary.is_empty() {
        parts.push(String::new());
    }
    for violation in &compared.violations {
        let broken = text!(locale, "compare-broken", what = violation.text(locale));
        parts.extend(screen.line(&broken, 2));
    }
    let broken = compared.violations.len();
    let verdict = if broken == 0 { AnsiColor::Green } else { AnsiColor::Red };
    let checked = compared.checked;
    let checked = text!(locale, "compare-invariants", checked = checked, broken = broken);
    parts.push(painted(&checked, verdict, has_color));
    parts.join("\n") + "\n"
}

/// One run as a child process of this binary, so that its CPU, its threads and its most memory
/// are its own.
fn in_a_process_of_its_own(spec: &RunSpec, locale: Locale) -> anyhow::Result<RunFigures> {
    let named = || {
        let (model, workers) = (spec.model.as_str(), spec.workers);
        text!(locale, "compare-run-of", model = model, workers = workers)
    };
    let program = std::env::current_exe().context(text!(locale, "input-program"))?;
    let mut child = Command::new(program)
        .args([crate::cli::ONE_RUN, "--lang", locale.code()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(named)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A child that ended before reading says why itself.
        let _ = stdin.write_all(serde_json::to_string(spec)?.as_bytes());
    }
    let output = child.wait_with_output().with_context(named)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let error = text!(locale, "error", what = "");
        let said = said.trim().trim_start_matches(error.as_str());
        let join = text!(locale, "error-join");
        bail!("{}{join}{said} ({})", named(), output.status);
    }
    serde_json::from_slice(&output.stdout).with_context(named)
}

/// What a child of [`in_a_process_of_its_own`] does: one run, told on stdin, figures on stdout.
pub(crate) fn run_one() -> anyhow::Result<Ended> {
    let mut told = String::new();
    std::io::stdin()
        .lock()
        .take(limits::PROFILE_FILE_MAX)
        .read_to_string(&mut told)
        .context("standard input")?;
    let spec: RunSpec = serde_json::from_str(&told).context("standard input")?;
    let figures =
        spec.run(profile_named(&spec.profile, Locale::English)?).map_err(|error| match error {
            SpecError::TooShort { .. } => anyhow::Error::new(error),
            other => anyhow::Error::new(other).context("standard input"),
        })?;
    output::print(&serde_json::to_string(&figures)?)?;
    Ok(Ended::Good)
}
