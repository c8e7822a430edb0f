//! Reports as files: where they go, what they were made with.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use guichet_clock::WorldClock;
use guichet_core::time::{Clock, Timestamp};
use guichet_locale::{Locale, text};
use guichet_view::data::{Fact, Report};

use crate::files;

/// Makes sure, before anything runs, that a file can be written, and that it is none of those
/// that the run reads or also writes. What is in it stays until [`write()`].
pub(crate) fn claim(
    flag: &str,
    path: &Path,
    reads: &[&Path],
    writes: &[&Path],
    locale: Locale,
) -> anyhow::Result<()> {
    spare(flag, path, reads, locale)?;
    if is_one_of(path, writes) {
        let path = path.display().to_string();
        return Err(anyhow!(text!(locale, "report-is-written", flag = flag, path = path)));
    }
    files::check_writable(path)
        .with_context(|| cannot(path, locale))
        .with_context(|| flag.to_owned())
}

/// An output must not overwrite what the run is made from.
pub(crate) fn spare(
    flag: &str,
    path: &Path,
    reads: &[&Path],
    locale: Locale,
) -> anyhow::Result<()> {
    if is_one_of(path, reads) {
        let path = path.display().to_string();
        return Err(anyhow!(text!(locale, "report-is-read", flag = flag, path = path)));
    }
    Ok(())
}

fn is_one_of(path: &Path, others: &[&Path]) -> bool {
    let place = place_of(path);
    place.is_some() && others.iter().any(|other| place_of(other) == place)
}

/// Where a file is, or would be; none if not even its folder is there.
fn place_of(path: &Path) -> Option<PathBuf> {
    if let Ok(there) = path.canonicalize() {
        return Some(there);
    }
    let folder = match path.parent()? {
        here if here.as_os_str().is_empty() => Path::new("."),
        folder => folder,
    };
    Some(folder.canonicalize().ok()?.join(path.file_name()?))
}

/// Writes a report to its file, in place of what was there.
pub(crate) fn write(path: &Path, report: &Report) -> anyhow::Result<()> {
    let page = guichet_view::render(report).context("--report")?;
    let written = files::replace(path, page.as_bytes(), files::PUBLIC);
    written.with_context(|| cannot(path, report.locale)).context("--report")
}

fn cannot(path: &Path, locale: Locale) -> String {
    text!(locale, "report-cannot", path = path.display().to_string())
}

/// What every report says it was made with: the command as it was typed, the seed if there is one,
/// the version, the machine and, last and only there, when.
pub(crate) fn facts(seed: impl Into<Option<u64>>, locale: Locale) -> Vec<Fact> {
    let fact = |name: String, value: String| Fact { name, value };
    let version = format!("guichet {}", env!("CARGO_PKG_VERSION"));
    let mut facts = vec![fact(text!(locale, "report-fact-command"), command(std::env::args()))];
    let seed = seed.into();
    facts.extend(seed.map(|seed| fact(text!(locale, "report-fact-seed"), seed.to_string())));
    facts.push(fact(text!(locale, "report-fact-version"), version));
    facts.push(fact(text!(locale, "report-fact-machine"), machine(locale)));
    let created = to_the_second(WorldClock::real().now());
    facts.push(fact(text!(locale, "report-fact-created"), created));
    facts
}

/// The command as one could type it again.
fn command(arguments: impl Iterator<Item = String>) -> String {
    let mut words = arguments;
    let program = words.next().unwrap_or_default();
    let program = Path::new(&program).file_name().unwrap_or_default().to_string_lossy();
    let words: Vec<String> =
        std::iter::once(program.into_owned()).chain(words).map(|word| quoted(&word)).collect();
    words.join(" ")
}

/// A word of a shell's command.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_=.,:/@+%".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// System, cores, processor; what the system does not say is "unknown".
fn machine(locale: Locale) -> String {
    let (system, architecture) = (std::env::consts::OS, std::env::consts::ARCH);
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == "model name").then(|| value.trim().to_owned())
    });
    let processor = model.unwrap_or_else(|| text!(locale, "report-processor-unknown"));
    match std::thread::available_parallelism() {
        Ok(cores) => text!(
            locale,
            "report-machine",
            system = system,
            architecture = architecture,
            cores = cores.get(),
            processor = processor
        ),
        Err(_) => text!(
            locale,
            "report-machine-cores-unknown",
            system = system,
            architecture = architecture,
            processor = processor
        ),
    }
}

/// An instant without its parts of a second.
fn to_the_second(at: Timestamp) -> String {
    let whole = Timestamp::from_micros(at.micros() / 1_000_000 * 1_000_000);
    whole.to_string().replace(".000000Z", "Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_can_be_typed_again() {
        let words = ["/usr/bin/guichet", "simulate", "--mix", "create=1,list=1", "it's <here>", ""];
        assert_eq!(
            command(words.map(str::to_owned).into_iter()),
            "guichet simulate --mix create=1,list=1 'it'\\''s <here>' ''"
        );
    }

    #[test]
    fn an_output_is_none_of_the_others_however_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.html");
        let same = folder.path().join(".").join("a.html");
        let spared = |other: &Path| spare("--report", &path, &[other], Locale::English);
        assert!(spared(&same).is_err(), "also before it is there");
        assert!(spared(&folder.path().join("b")).is_ok());
        claim("--report", &path, &[], &[], Locale::English).unwrap();
        let claimed = claim("--report", &same, &[], &[&path], Locale::French);
        let said = claimed.unwrap_err().to_string();
        assert!(
            said.ends_with("est écrit par cette exécution\u{a0}; donnez un autre fichier"),
            "{said}"
        );
    }

    #[test]
    fn the_time_is_to_the_second() {
        assert_eq!(
            to_the_second(Timestamp::from_micros(1_767_225_600_999_999)),
            "2026-01-01T00:00:00Z"
        );
    }

    #[test]
    fn the_machine_is_one_line() {
        for locale in Locale::ALL {
            assert_eq!(machine(locale).lines().count(), 1);
        }
    }
}
