//! The table of log lines in `docs/operate.md` has every line at WARN and above that the program can
//! log, and none that it cannot.

mod messages;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Before each of the two tables.
const TABLES: [(&str, &str); 2] = [("warn", "### WARN"), ("error", "### ERROR")];

/// What is logged without a macro: the thread that writes the log says it itself.
const BY_THE_LOG: &str = "log lines were lost";

#[test]
fn the_guide_has_every_line_of_the_log_from_warn_on() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let guide = fs::read_to_string(root.join("docs/operate.md")).expect("the guide is there");
    let mut logged = logged(&root.join("crates"));
    logged.insert(("warn", BY_THE_LOG.to_owned()));
    let told: BTreeSet<_> =
        TABLES.iter().flat_map(|(level, head)| rows(&guide, level, head)).collect();
    let shown = |found: Vec<&(&str, String)>| {
        found.iter().map(|(level, text)| format!("  {level}: {text}\n")).collect::<String>()
    };
    let missing = shown(logged.difference(&told).collect());
    assert!(missing.is_empty(), "docs/operate.md does not say what these lines mean:\n{missing}");
    let gone = shown(told.difference(&logged).collect());
    assert!(gone.is_empty(), "docs/operate.md has lines that nothing logs:\n{gone}");
}

/// The lines that the sources of these crates log.
fn logged(crates: &Path) -> BTreeSet<(&'static str, String)> {
    let mut found = BTreeSet::new();
    let mut left: Vec<PathBuf> = entries(crates).map(|package| package.join("src")).collect();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(entries(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("a source can be read");
            // Most log nothing of the kind, and to read one as Rust takes a while.
            if !messages::LEVELS.iter().any(|level| text.contains(&format!("{level}!"))) {
                continue;
            }
            let file = syn::parse_file(&text).expect("a source is Rust");
            found.extend(messages::of(&file));
        }
    }
    found
}

fn entries(dir: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(dir).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()))
}

/// The messages of the table behind this heading: what its rows begin with, between backticks.
fn rows<'a>(
    guide: &'a str,
    level: &'static str,
    head: &str,
) -> impl Iterator<Item = (&'static str, String)> + 'a {
    let behind = guide.split_once(&format!("\n{head}\n")).map_or("", |(_, behind)| behind);
    let section = behind.split("\n#").next().unwrap_or_default();
    section.lines().filter_map(move |row| {
        let message = row.strip_prefix("| `")?.split('`').next()?;
        Some((level, message.to_owned()))
    })
}
