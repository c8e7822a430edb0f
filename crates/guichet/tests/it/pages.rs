//! What shells and readers know of the commands.

use std::process::Command;

use crate::support::{Place, flag, guichet};

#[test]
fn completions_load_in_bash_and_know_the_commands() {
    let script = guichet("completions", &["bash"]).output().expect("it runs").stdout;
    let place = Place::new();
    let path = place.file("guichet.bash", &script);
    let load = format!(
        "source '{}'; COMP_WORDS=(guichet quo); COMP_CWORD=1; _guichet guichet quo guichet; \
         echo \"${{COMPREPLY[*]}}\"",
        flag(&path)
    );
    let loaded =
        Command::new("bash").args(["--norc", "-c", &load]).output().expect("there is bash");
    assert!(loaded.stderr.is_empty(), "{}", String::from_utf8_lossy(&loaded.stderr));
    assert_eq!(String::from_utf8_lossy(&loaded.stdout).trim(), "quota");
    for shell in ["zsh", "fish"] {
        let script = guichet("completions", &[shell]).output().expect("it runs").stdout;
        assert!(String::from_utf8_lossy(&script).contains("reset-state"), "{shell}");
    }
}

#[test]
fn every_command_has_a_page_and_it_is_the_same_each_time() {
    let place = Place::new();
    let pages = |name: &str| {
        let dir = place.path(name);
        let made = guichet("man", &["--dir", flag(&dir)]).output().expect("it runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let files = std::fs::read_dir(&dir).expect("it is there").map(|file| {
            let path = file.expect("it is there").path();
            let name = path.file_name().expect("it has one").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).expect("it is text"))
        });
        files.collect::<std::collections::BTreeMap<_, _>>()
    };
    let first = pages("first");
    for command in ["guichet", "guichet-serve", "guichet-quota-set", "guichet-logs"] {
        let page = first.get(&format!("{command}.1")).expect(command);
        assert!(page.contains(".SH SYNOPSIS"), "{command}");
    }
    assert!(!first.contains_key("guichet-one-run.1"), "it is for the program itself");
    assert_eq!(first, pages("second"));
}
