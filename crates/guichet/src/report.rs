//! Reports as files: where they go, what they were made with.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
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
) -> anyhow::Result<()> {
    spare(flag, path, reads, "read")?;
    spare(flag, path, writes, "written")?;
    files::check_writable(path).with_context(|| format!("{flag}: {}", cannot(path)))
}

/// An output must not overwrite what the run is made from, or another output.
pub(crate) fn spare(flag: &str, path: &Path, others: &[&Path], how: &str) -> anyhow::Result<()> {
    let place = place_of(path);
    if place.is_some() && others.iter().any(|other| place_of(other) == place) {
        bail!("{flag}: {} is {how} by this run; name another file", path.display());
    }
    Ok(())
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
    written.with_context(|| cannot(path)).context("--report")
}

fn cannot(path: &Path) -> String {
    format!("{}: cannot be written", path.display())
}

/// What every report says it was made with: the command as it was typed, the seed, the version,
/// the machine and, last and only there, when: the one fact that differs between two reports of
/// one seed.
pub(crate) fn facts(seed: u64, locale: Locale) -> Vec<Fact> {
    let fact = |name: String, value: String| Fact { name, value };
    vec![
        fact(text!(locale, "page-fact-command"), command(std::env::args())),
        fact(text!(locale, "page-fact-seed"), seed.to_string()),
        fact(text!(locale, "page-fact-version"), format!("guichet {}", env!("CARGO_PKG_VERSION"))),
        fact(text!(locale, "page-fact-machine"), machine(locale)),
        fact(text!(locale, "page-fact-created"), to_the_second(WorldClock::real().now())),
    ]
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
    let cores = std::thread::available_parallelism().map_or_else(
        |_| text!(locale, "page-cores-unknown"),
        |cores| text!(locale, "page-cores", cores = cores.get()),
    );
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == "model name").then(|| value.trim().to_owned())
    });
    let processor = model.unwrap_or_else(|| text!(locale, "page-processor-unknown"));
    format!("{} ({}), {cores}, {processor}", std::env::consts::OS, std::env::consts::ARCH)
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
        assert!(spare("--report", &path, &[&same], "read").is_err(), "also before it is there");
        assert!(spare("--report", &path, &[&folder.path().join("b")], "read").is_ok());
        claim("--report", &path, &[], &[]).unwrap();
        assert!(claim("--report", &same, &[], &[&path]).is_err());
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
