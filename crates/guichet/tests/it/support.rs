//! The built program, run with some flags.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// `guichet simulate` with these flags, not yet started.
pub(crate) fn simulate(flags: &[&str]) -> Command {
    guichet("simulate", flags)
}

/// One of the program's commands with these flags, not yet started.
pub(crate) fn guichet(subcommand: &str, flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command.arg(subcommand).args(flags).stdin(Stdio::null());
    // Whatever language they speak who run the tests.
    command.env("LC_ALL", "C");
    command
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) log: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("what is printed is UTF-8");
        let ran =
            Self { code: output.status.code(), out: text(output.stdout), log: text(output.stderr) };
        assert!(!ran.log.contains("panicked"), "{ran:#?}");
        ran
    }
}

/// Runs it to its end.
pub(crate) fn run(flags: &[&str]) -> Ran {
    simulate(flags).output().expect("it starts").into()
}

/// Runs it to a good end.
pub(crate) fn good(flags: &[&str]) -> Ran {
    let ran = run(flags);
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    ran
}

/// Runs it with `--format json` to a good end.
pub(crate) fn summary(flags: &[&str]) -> Value {
    let ran = good(&[flags, &["--format", "json", "--quiet"]].concat());
    assert_eq!(ran.log, "");
    serde_json::from_str(&ran.out).expect("one JSON object")
}

/// A directory of its own, and paths in it.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().expect("a directory"))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A file with this content.
    pub(crate) fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).expect("it can be written");
        path
    }
}

pub(crate) fn flag(path: &Path) -> &str {
    path.to_str().expect("temporary paths are UTF-8")
}

/// A trace of two clients with everything in it.
pub(crate) const TRACE: &str = "\
time_s,client,project,action,server,vcpus,ram_mib
0,alice,red,create,web-1,2,2048
0,alice,red,delete,web-1,,
0,bob,blue,delete,nothing,,
1,bob,blue,create,db-1,4,8192
60,bob,blue,reboot,db-1,,
60,bob,blue,list,,,
120,bob,blue,stop,db-1,,
180.5,bob,blue,start,db-1,,
86400,alice,red,create,web-2,1,0
86500,bob,blue,delete,db-1,,
86500,bob,blue,delete,db-1,,
";

/// How many requests it has.
pub(crate) const TRACE_REQUESTS: u64 = 11;
