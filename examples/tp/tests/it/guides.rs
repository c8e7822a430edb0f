//! The two guides and the programs say the same.

use std::collections::BTreeMap;
use std::path::Path;

use crate::{PROGRAMS, ended};

/// Lines of a program, at most: it is to be read at one go.
const LINES_MAX: usize = 119;

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The programs that a guide has commands for, each with the output it shows. A block of `text`
/// is what every run prints; one of `log` differs from run to run.
fn shown(guide: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut shown: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let (mut program, mut fence) = ("", "");
    for line in guide.lines() {
        if let Some(kind) = line.strip_prefix("```") {
            fence = kind;
        } else if let Some((_, name)) = line.split_once("cargo run -q -p guichet-tp --bin ") {
            assert_eq!(fence, "sh");
            program = name;
            shown.entry(program).or_default();
        } else if fence == "text" {
            shown.entry(program).or_default().push(line);
        }
    }
    shown
}

#[test]
fn both_guides_show_what_the_programs_print() {
    let (english, french) = (read("README.md"), read("LISEZMOI.md"));
    let (english, french) = (shown(&english), shown(&french));
    assert_eq!(english, french);
    let names: Vec<&str> = PROGRAMS.iter().map(|(name, _)| *name).collect();
    assert_eq!(english.keys().copied().collect::<Vec<_>>(), names);
    for (program, wanted) in english {
        let ended = ended(program);
        let mut printed = ended.output.lines().chain(ended.errors.lines());
        for line in wanted {
            assert!(printed.any(|printed| printed == line), "{program} does not print: {line}");
        }
    }
}

#[test]
fn both_guides_have_the_words_of_the_sheet_and_a_link_to_every_file() {
    for name in ["README.md", "LISEZMOI.md"] {
        let guide = read(name);
        for word in ["ServeurManager", "`Lock`", "`ThreadPoolExecutor`", "`Semaphore`"] {
            assert!(guide.contains(word), "{name}: {word}");
        }
        for (program, _) in PROGRAMS {
            assert!(guide.contains(&format!("]({program}.rs)")), "{name}: {program}");
        }
    }
}

#[test]
fn every_program_is_short_and_says_how_to_run_it() {
    for (program, _) in PROGRAMS {
        let text = read(&format!("{program}.rs"));
        assert!(text.lines().count() <= LINES_MAX, "{program} is too long");
        assert!(text.contains(&format!("`cargo run -p guichet-tp --bin {program}`")), "{program}");
    }
}
