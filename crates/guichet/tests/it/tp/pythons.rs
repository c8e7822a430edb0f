//! The classes once more, under every Python that is here: `python3.9` and newer on the PATH, and
//! those that `GUICHET_PYTHONS` names, with colons between them, which must all be there.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{CLASSES, FLAGS, checked, class, kinds};
use crate::support::Place;

/// What a Python says of itself, such as `3.12.1`; nothing if there is none by this name.
fn version(python: &Path) -> Option<String> {
    let script = "import sys; print('%d.%d.%d' % sys.version_info[:3])";
    let said = Command::new(python).args(["-c", script]).output().ok()?;
    let text = String::from_utf8(said.stdout).ok()?;
    said.status.success().then(|| text.trim().to_owned())
}

fn pythons() -> Vec<(PathBuf, String)> {
    let named = std::env::var_os("GUICHET_PYTHONS").unwrap_or_default();
    let named = std::env::split_paths(&named).filter(|path| !path.as_os_str().is_empty());
    let named: Vec<PathBuf> = named.collect();
    for python in &named {
        assert!(version(python).is_some(), "GUICHET_PYTHONS names {}", python.display());
    }
    let usual = (9..20).map(|minor| PathBuf::from(format!("python3.{minor}")));
    let all = named.into_iter().chain(usual).chain([PathBuf::from("python3")]);
    let mut found: Vec<(PathBuf, String)> = Vec::new();
    for python in all {
        if let Some(version) = version(&python)
            && !found.iter().any(|(_, known)| *known == version)
        {
            found.push((python, version));
        }
    }
    found
}

/// Each class has the same kinds of mistakes, and does the same each time.
#[test]
fn every_python_finds_the_same() {
    let pythons = pythons();
    assert!(!pythons.is_empty(), "python3 is needed");
    for (python, version) in &pythons {
        println!("Python {version}: {}", python.display());
        for (name, expected) in CLASSES {
            let python = python.to_str().expect("UTF-8");
            let flags = [&["--python", python][..], &FLAGS].concat();
            let (ran, object) = checked(&class(name), &flags);
            assert_eq!(kinds(&object), *expected, "Python {version}, {name}: {object:#}");
            assert_eq!(object["repeatable"], true, "Python {version}, {name}");
            let code = if expected.is_empty() { 0 } else { 1 };
            assert_eq!((ran.code, ran.log.as_str()), (Some(code), ""), "Python {version}, {name}");
        }
    }
}

/// The page's states are found by running the class over and over: a Python that stops it at other
/// places each time would leave them out.
#[test]
fn every_python_finds_what_else_could_happen() {
    for (python, version) in pythons() {
        let place = Place::new();
        let page = place.path("page.html");
        let python = python.to_str().expect("UTF-8");
        let flags = ["--python", python, "--report", crate::support::flag(&page)];
        let (_, object) = checked(&class("wrong_deadlock"), &[&flags[..], &FLAGS].concat());
        assert_eq!(object["found"][0]["repeated"], true, "Python {version}");
        let html = std::fs::read_to_string(&page).expect("a page");
        // Every choice leads somewhere: nothing has to be said of one that does not.
        assert!(html.contains(r#""beyond":"""#), "Python {version}");
    }
}
