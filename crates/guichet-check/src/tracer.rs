//! The tracer's files, as they are written for the child.

use std::io;
use std::path::{Path, PathBuf};

/// Its package, whose name no file of a student has.
const PACKAGE: &str = "guichet_tracer";

pub(crate) const PROGRAM: &str = include_str!("tracer/run.py");

macro_rules! modules {
    ($( $name:literal ),*) => {
        &[$( ($name, include_str!(concat!("tracer/guichet_tracer/", $name))) ),*]
    };
}

pub(crate) const MODULES: &[(&str, &str)] = modules![
    "__init__.py",
    "bounds.py",
    "canon.py",
    "check.py",
    "explore.py",
    "graph.py",
    "guard.py",
    "modules.py",
    "oracle.py",
    "plan.py",
    "points.py",
    "pool_cost.py",
    "pools.py",
    "report.py",
    "run.py",
    "scenarios.py",
    "shown.py",
    "state.py",
    "subject.py",
    "sync.py",
    "warm.py",
    "words.py",
    "world.py"
];

/// Writes the tracer into a directory and says which program to run.
pub(crate) fn write(directory: &Path) -> io::Result<PathBuf> {
    let package = directory.join(PACKAGE);
    std::fs::create_dir(&package)?;
    for (name, text) in MODULES {
        std::fs::write(package.join(name), text)?;
    }
    let program = directory.join("run.py");
    std::fs::write(&program, PROGRAM)?;
    Ok(program)
}
