//! `guichet compare`: from flags to a plan, each run in a process of its own, and what came of
//! it.

use std::io::{Read, Write};
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anstyle::AnsiColor;
use anyhow::{Context, bail};
use guichet_core::limits;
use guichet_driver::simulated::Calibration;
use guichet_engine::Model;
use guichet_lab::compare::plan::Plan;
use guichet_lab::compare::spec::{RunFigures, RunSpec, SpecError};
use guichet_lab::compare::{Comparison, Progress, compare, output as tables, page};
use guichet_lab::simulate::paint::painted;
use guichet_view::screen::Screen;
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::{CompareArgs, CompareFormatArg};
use crate::ended::Ended;
use crate::reader::Reader;
use crate::simulate::profile_named;
use crate::{output, report, terminal};

/// Runs the command.
pub(crate) fn run(args: &CompareArgs, reader: Reader) -> anyhow::Result<Ended> {
    let screen = terminal::stdout();
    let plan = plan(args)?;
    let expected = plan.expected();
    if expected > limits::COMPARE_TIME_MAX {
        bail!(
            "this comparison would take about {}, at most {} is begun: take a faster --profile, \
             or fewer --requests, --runs, --models or --workers",
            shown(expected),
            shown(limits::COMPARE_TIME_MAX)
        );
    }
    if let Some(path) = &args.report {
        report::claim("--report", path, &[Path::new(&args.profile)], &[])?;
    }
    let people = args.format == CompareFormatArg::Table;
    if people {
        // If nobody can be told, the report at the end will say why.
        let _ = output::print(&heading(&plan, expected, screen));
    }
    let bar = bar(args.quiet);
    let compared = compare(plan, in_a_process_of_its_own, |progress| shows(&bar, progress));
    bar.finish_and_clear();
    let compared = compared?;
    output::print(&printed(&compared, args.format, screen, reader)?).context("standard output")?;
    if let Some(path) = &args.report {
        report::write(path, &page::report(&compared, report::facts(args.seed, reader.locale)))?;
    }
    Ok(Ended::of(compared.violations.is_empty(), false))
}

fn plan(args: &CompareArgs) -> anyhow::Result<Plan> {
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
        bail!("--workers: found {found} sizes, expected {most} at most");
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
        profile: profile_named(&args.profile)?,
        seed: args.seed,
        rounds: Calibration::of_this_process().rounds(),
        cores: std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
    })
}

fn heading(plan: &Plan, expected: Duration, screen: Screen) -> String {
    let rows = plan.settings().len();
    let each = plan.requests.map_or_else(
        || format!("about {} s each", limits::COMPARE_RUN.as_secs_f64()),
        |requests| output::counted(requests, "request") + " each",
    );
    let lines = format!(
        "guichet compare: {} of {} and a first one that does not count, {each}: up to {}\n\
         {}, mix {}, profile {}, {}, seed {}",
        output::counted(rows as u64, "row"),
        output::counted(plan.runs as u64, "run"),
        shown(expected),
        output::counted(plan.clients as u64, "client"),
        plan.mix,
        plan.profile.name(),
        output::counted(plan.cores as u64, "core"),
        plan.seed,
    );
    let lines: Vec<String> = lines.lines().flat_map(|line| screen.line(line, 2)).collect();
    lines.join("\n") + "\n\n"
}

fn shown(time: Duration) -> String {
    match time.as_secs_f64() {
        s if s >= 2.0 * 86_400.0 => format!("{:.0} days", s / 86_400.0),
        s if s >= 7_200.0 => format!("{:.0} h", s / 3_600.0),
        s if s >= 120.0 => format!("{:.0} min", s / 60.0),
        s => format!("{s:.0} s"),
    }
}

fn bar(quiet: bool) -> ProgressBar {
    if quiet || !terminal::is_stderr() || terminal::is_dumb() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {percent} %  {eta} left");
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
    let mut parts = Vec::from(tables::shown(compared, screen));
    for sentence in &compared.commentary {
        // A pipe gets each sentence in one line.
        let sentence = format!("* {sentence}");
        parts.extend(if screen.is_screen() {
            screen.paragraph(&sentence, 2)
        } else {
            vec![sentence]
        });
    }
    if compared.commentary.is_empty() {
        parts.push(String::new());
    }
    for violation in &compared.violations {
        parts.extend(screen.line(&format!("broken: {violation}"), 2));
    }
    let verdict = if compared.violations.is_empty() { AnsiColor::Green } else { AnsiColor::Red };
    let checked =
        format!("invariants: {} checked, {} broken", compared.checked, compared.violations.len());
    parts.push(painted(&checked, verdict, has_color));
    parts.join("\n") + "\n"
}

/// One run as a child process of this binary, so that its CPU, its threads and its most memory
/// are its own.
fn in_a_process_of_its_own(spec: &RunSpec) -> anyhow::Result<RunFigures> {
    let named = || format!("the run of {} with {} workers", spec.model, spec.workers);
    let program = std::env::current_exe().context("this program's own path")?;
    let mut child = Command::new(program)
        .arg(crate::cli::ONE_RUN)
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
        let said = said.trim().trim_start_matches("error: ");
        bail!("{}: {said} ({})", named(), output.status);
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
    let figures = spec.run(profile_named(&spec.profile)?).map_err(|error| match error {
        SpecError::TooShort { .. } => anyhow::Error::new(error),
        other => anyhow::Error::new(other).context("standard input"),
    })?;
    output::print(&serde_json::to_string(&figures)?).context("standard output")?;
    Ok(Ended::Good)
}
