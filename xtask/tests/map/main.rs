//! The map of the workspace, checked: which crate may depend on which, that no two files of a
//! crate need each other, how long a file is, and words that are not to come back.

mod circles;
mod dependencies;
mod names;
mod source;
mod workspace;

use workspace::Workspace;

/// Lines of a file, at most.
const LINES_MAX: usize = 500;

/// Files that may be longer, each with its reason.
const LONGER: &[(&str, &str)] = &[];

fn none(what: &str, problems: &[String]) {
    assert!(problems.is_empty(), "{what}:\n  {}", problems.join("\n  "));
}

#[test]
fn crates_depend_on_whom_the_map_says() {
    let workspace = Workspace::read();
    none("dependencies that the map does not have", &dependencies::strangers(workspace.crates()));
}

#[test]
fn the_library_needs_nothing_of_the_program() {
    let workspace = Workspace::read();
    none("dependencies without a feature", &dependencies::burdens(workspace.crates()));
}

#[test]
fn no_two_files_of_a_crate_need_each_other() {
    let workspace = Workspace::read();
    let mut problems = Vec::new();
    for root in workspace.roots() {
        let found = circles::circles(root, &|path| std::fs::read_to_string(path).ok());
        problems.extend(found.iter().map(|circle| workspace.shown(circle)));
    }
    none("circles between files", &problems);
}

#[test]
fn no_file_is_too_long() {
    let workspace = Workspace::read();
    let mut problems = Vec::new();
    for (path, text) in workspace.sources() {
        let lines = text.lines().count();
        let is_known = LONGER.iter().any(|(known, _)| *known == path);
        if lines > LINES_MAX && !is_known {
            problems.push(format!("{path}: {lines} lines"));
        }
    }
    none("files that are to come apart", &problems);
}

#[test]
fn names_are_the_words_of_the_field() {
    let workspace = Workspace::read();
    let mut problems = Vec::new();
    for (path, text) in workspace.sources() {
        let found = names::banned(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        problems.extend(found.iter().map(|name| format!("{path}: {name}")));
    }
    none("names that say too little", &problems);
}
