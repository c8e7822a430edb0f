//! What there is: the crates as cargo knows them, and their files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::dependencies::{Crate, Kind};

/// The workspace as it is on the disk.
pub(crate) struct Workspace {
    root: PathBuf,
    crates: Vec<Crate>,
    /// The first file of every library, program, test, bench and example.
    roots: Vec<PathBuf>,
    /// Every Rust file by its path in the workspace.
    sources: BTreeMap<String, String>,
}

impl Workspace {
    pub(crate) fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let root = root.canonicalize().expect("the workspace is there");
        let mut command = Command::new(env!("CARGO"));
        command.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
        let output = command.current_dir(&root).output().expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
        let mut workspace =
            Self { root, crates: Vec::new(), roots: Vec::new(), sources: BTreeMap::new() };
        for package in list(&metadata, "packages") {
            workspace.add(package);
        }
        workspace
    }

    fn add(&mut self, package: &Value) {
        self.crates.push(Crate {
            name: text(package, "name").to_owned(),
            dependencies: list(package, "dependencies").iter().map(dependency).collect(),
        });
        let targets = list(package, "targets").iter();
        self.roots.extend(targets.map(|target| PathBuf::from(text(target, "src_path"))));
        let manifest = Path::new(text(package, "manifest_path"));
        self.add_sources(manifest.parent().expect("a file is in a directory"));
    }

    fn add_sources(&mut self, dir: &Path) {
        for entry in std::fs::read_dir(dir).expect("it can be read") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                self.add_sources(&path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("sources are UTF-8");
                let path = path.strip_prefix(&self.root).expect("it is of the workspace");
                self.sources.insert(path.display().to_string(), text);
            }
        }
    }

    pub(crate) fn crates(&self) -> &[Crate] {
        &self.crates
    }

    pub(crate) fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    pub(crate) fn sources(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sources.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// A message with paths as they are in the workspace.
    pub(crate) fn shown(&self, message: &str) -> String {
        message.replace(&format!("{}/", self.root.display()), "")
    }
}

fn dependency(value: &Value) -> (String, Kind) {
    let kind = match value["kind"].as_str() {
        Some("dev") => Kind::Dev,
        _ if value["optional"].as_bool() == Some(true) => Kind::Optional,
        _ => Kind::Normal,
    };
    (text(value, "name").to_owned(), kind)
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().expect("cargo says so")
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().expect("cargo says so")
}
