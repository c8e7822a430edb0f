//! What documents tell people to type.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn document(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What stands in the blocks of commands of a text.
fn commands(text: &str) -> String {
    let mut parts = text.split("```sh\n").skip(1);
    let blocks: Vec<&str> = parts.by_ref().filter_map(|part| part.split("```").next()).collect();
    blocks.concat()
}

/// The name that a heading is linked by: lower case, hyphens for blanks, no other signs.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn each_row_of_the_lab_leads_to_the_command_that_it_names() {
    for name in ["docs/lab.md", "docs/tp.fr.md"] {
        let text = document(name);
        let sections: Vec<(String, String)> = text
            .split("\n## ")
            .skip(1)
            .filter_map(|section| section.split_once('\n'))
            .map(|(heading, body)| (anchor(heading), commands(body)))
            .collect();
        let rows = text.lines().filter(|line| line.contains("](#") && line.starts_with('|'));
        let mut count = 0;
        for row in rows {
            let link = row.split("](#").nth(1).and_then(|rest| rest.split(')').next());
            let command = row.rsplit('`').nth(1).expect("a command");
            let command = command.trim_end_matches(" …");
            let section = sections.iter().find(|(anchor, _)| Some(anchor.as_str()) == link);
            let (_, typed) = section.unwrap_or_else(|| panic!("{name}: no section for {row}"));
            assert!(typed.contains(command), "{name}: {command} is not in its section:\n{typed}");
            count += 1;
        }
        assert_eq!(count, 11, "{name}");
    }
}

#[test]
fn the_traces_that_the_readme_names_are_here_and_can_be_replayed() {
    let mut count = 0;
    for name in ["README.md", "examples/traces/README.md"] {
        let text = commands(&document(name));
        let lines = text.lines().filter(|line| line.contains("--trace examples/"));
        for line in lines {
            let words = line.split_whitespace().skip(1);
            let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
            command.args(words).arg("--quiet").current_dir(root());
            let output = command.output().expect("it starts");
            let out = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(
                output.status.success() && out.ends_with(" checked, 0 broken\n"),
                "{line}: {out}"
            );
            count += 1;
        }
        let lost = text.lines().find(|line| line.contains("--trace openb"));
        assert_eq!(lost, None, "{name}: it is not in the clone");
    }
    assert_eq!(count, 2);
}

#[test]
fn a_backup_that_is_not_there_is_not_taken_for_a_directory() {
    let place = crate::support::Place::new();
    let (data, backup) = (place.path("data"), place.path("none.sqlite"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    let output =
        command.args(["restore", "--data"]).arg(data).arg(&backup).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        format!(
            "error: restore: {} is not there: name the file that `guichet backup` wrote\n",
            backup.display()
        )
    );
}
