//! Bad input: one clear message on stderr, exit code 2, nothing on stdout, nothing run.
//! `tests/cmd` has the words.

use std::os::unix::fs::PermissionsExt;

use crate::support::{Place, Ran, flag, run};

fn refused(flags: &[&str]) -> Ran {
    let ran = run(flags);
    assert_eq!(ran.code, Some(2), "{flags:?}: {ran:#?}");
    assert_eq!(ran.out, "", "{flags:?}");
    assert!(ran.log.starts_with("error: "), "{flags:?}: {}", ran.log);
    assert_eq!(ran.log.matches("error: ").count(), 1, "{}", ran.log);
    ran
}

#[test]
fn no_flag_that_is_wrong_runs_anything() {
    for flags in [
        &["--unknown"][..],
        &["--clients", "-1"],
        &["--clients=-1"],
        &["--workers", "0"],
        &["--mix", "create=0"],
        &["--mix", ""],
        &["--rate", "0"],
        &["--rate", "NaN"],
        &["--rate", "1e99"],
        &["--bursts", "3x2s@5000"],
        &["--rate", "5", "--bursts", "x"],
        &["--hosts", "0"],
        &["--quota", "x"],
        &["--duration", "-5s"],
        &["--duration", "0s"],
        &["--model", "fibers"],
        &["--profile", "slow"],
        &["--profile", ""],
        &["--trace", ""],
        &["--speed", "10"],
        &["--virtual-time", "--model", "pool"],
        &["--virtual-time", "--model", "threads"],
        &["--history", "/"],
        &["--history", ""],
        &["--seed", "1.5"],
    ] {
        refused(flags);
    }
}

#[test]
fn the_message_names_the_flag() {
    let place = Place::new();
    let trace = place
        .file("trace.csv", b"time_s,client,project,action,server,vcpus,ram_mib\n0,a,b,list,,,\n");
    for (flags, names) in [
        (&["--trace", "none.csv"][..], "--trace: none.csv: "),
        (&["--hosts-file", "none.csv"], "--hosts-file: none.csv: "),
        (&["--profile", "none.toml"], "--profile: none.toml: "),
        (&["--history", "none/x"], "--history: none/x: "),
        (&["--speed", "1001", "--trace", flag(&trace)], "'--speed <TIMES>'"),
        (&["--speed", "0.0001", "--trace", flag(&trace)], "'--speed <TIMES>'"),
        (&["--virtual-time", "--model", "pool"], "--virtual-time: the model `pool` "),
    ] {
        let ran = refused(flags);
        assert!(ran.log.contains(names), "{}", ran.log);
    }
}

#[test]
fn an_unreadable_file_is_said_so() {
    let place = Place::new();
    let path = place.file("secret.csv", b"x");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o0)).expect("it is ours");
    // A superuser may read it all the same: then what it says is wrong.
    let denied = std::fs::File::open(&path).is_err();
    for option in ["--trace", "--hosts-file", "--profile"] {
        let ran = refused(&[option, flag(&path)]);
        let expected =
            format!("error: {option}: {}: cannot be read: Permission denied", path.display());
        assert!(!denied || ran.log.starts_with(&expected), "{}", ran.log);
        if cfg!(target_os = "linux") {
            // This one can be opened by anybody, and read by nobody.
            let ran = refused(&[option, "/proc/self/mem"]);
            let expected = format!("error: {option}: /proc/self/mem: cannot be read: ");
            assert!(ran.log.starts_with(&expected), "{}", ran.log);
        }
    }
}

#[test]
fn binary_files_are_said_so() {
    let place = Place::new();
    let bytes: Vec<u8> = (0..=255u8).cycle().take(100_000).collect();
    let path = place.file("noise", &bytes);
    for option in ["--trace", "--hosts-file", "--profile"] {
        let ran = refused(&[option, flag(&path)]);
        assert!(ran.log.len() < 1_000, "{}", ran.log);
        assert!(!ran.log.contains('\0'), "{:?}", ran.log);
    }
    let compressed = place.file("trace.csv.gz", b"\x1f\x8b\x08\x00\x00");
    assert!(refused(&["--trace", flag(&compressed)]).log.contains("gunzip"));
}

#[test]
fn a_bad_row_far_into_a_trace_runs_nothing_of_it() {
    let place = Place::new();
    let mut text = String::from("time_s,client,project,action,server,vcpus,ram_mib\n");
    for n in 0..5_000 {
        text.push_str(&format!("{n},a,red,create,s{n},1,1\n"));
    }
    text.push_str("5000,a,red,create,last,1\n");
    let (trace, history) = (place.file("long.csv", text.as_bytes()), place.path("history.jsonl"));
    let ran = refused(&["--trace", flag(&trace), "--history", flag(&history), "--virtual-time"]);
    assert!(ran.log.contains("long.csv:5002: found 6 fields, expected 7"), "{}", ran.log);
    assert!(!history.exists());
}

#[test]
fn a_history_does_not_overwrite_what_the_run_reads() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace.csv");
    let text = "time_s,client,project,action,server,vcpus,ram_mib\n0,a,p,create,s,1,512\n";
    std::fs::write(&trace, text).unwrap();
    let ran = refused(&["--trace", flag(&trace), "--history", flag(&trace), "--virtual-time"]);
    assert!(ran.log.contains("is read by this run; name another file"), "{}", ran.log);
    assert_eq!(std::fs::read_to_string(&trace).unwrap(), text);
}
