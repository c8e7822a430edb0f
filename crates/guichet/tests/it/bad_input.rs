//! Bad input: one clear message on stderr, exit code 2, nothing on stdout, nothing run.
//! `tests/cmd` has the words.

use std::os::unix::fs::PermissionsExt;

use crate::support::{Place, Ran, flag, guichet, run, simulate};

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

/// Where `-` is standard output, a file of that name would be a surprise.
#[test]
fn no_file_called_dash_is_written() {
    let place = Place::new();
    let here = |command: &str, flags: &[&str]| -> Ran {
        let mut started = guichet(command, flags);
        started.current_dir(place.path("")).output().expect("it starts").into()
    };
    for (command, flags) in [
        ("simulate", &["--report", "-"][..]),
        ("simulate", &["--history", "-"]),
        ("compare", &["--report=-"]),
        ("race", &["--report", "-"]),
        ("tp", &["check", "a.py", "--report", "-"]),
        ("report", &["a.json", "b.json", "--report", "-"]),
    ] {
        let ran = here(command, flags);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{command}: {ran:#?}");
        assert!(ran.log.contains("standard output has the result"), "{}", ran.log);
        let french = here(command, &[flags, &["--lang", "fr"]].concat());
        assert!(french.log.contains("la sortie standard reçoit"), "{}", french.log);
    }
    assert!(!place.path("-").exists());
    let ran = here("simulate", &["--requests", "1", "--history", "./-", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    assert!(place.path("-").exists());
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

/// What is said in French of flags that run nothing, with plain spaces.
fn refused_in_french(flags: &[&str]) -> String {
    let output = simulate(flags).env("LC_ALL", "fr_FR.UTF-8").output().expect("it starts");
    let ran = Ran::from(output);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{flags:?}: {ran:#?}");
    assert!(ran.log.starts_with("erreur\u{a0}: "), "{flags:?}: {}", ran.log);
    for word in ["expected", "found", "cannot", "error", "file", "os error"] {
        assert!(!ran.log.split([' ', '\u{a0}']).any(|said| said == word), "{}", ran.log);
    }
    ran.log.replace(['\u{a0}', '\u{202f}'], " ")
}

#[test]
fn files_are_refused_in_french() {
    let place = Place::new();
    let header = "time_s,client,project,action,server,vcpus,ram_mib\n";
    let row = place.file("row.csv", format!("{header}0,a,b,create,s,1\n").as_bytes());
    let field = place.file("field.csv", format!("{header}soon,a,b,list,,,\n").as_bytes());
    let profile = place.file("bytes.toml", b"a = \xFF\n");
    let missing = place.path("none.csv");
    let history = place.path("none").join("history.jsonl");
    let folder = place.path("");
    for (flags, said) in [
        (
            ["--trace", flag(&missing)],
            "none.csv : lecture impossible : fichier ou répertoire introuvable\n",
        ),
        (["--hosts-file", flag(&folder)], " : c’est un répertoire ; attendu : un fichier CSV\n"),
        (["--trace", flag(&row)], "row.csv:2 : 6 champs au lieu de 7 : time_s,client,"),
        (
            ["--trace", flag(&field)],
            "field.csv:2 : colonne time_s (1) : \"soon\" trouvé ; attendu : ",
        ),
        (
            ["--hosts-file", flag(&row)],
            "row.csv:1 : en-tête : une trace ; attendu : name,vcpus,ram_mib ou sn,",
        ),
        (
            ["--profile", "none.toml"],
            "none.toml : lecture impossible : fichier ou répertoire introuvable\n",
        ),
        (
            ["--profile", flag(&profile)],
            "bytes.toml : ce n’est pas du texte en UTF-8, à l’octet 5 de la ligne 1\n",
        ),
        (
            ["--history", flag(&history)],
            "history.jsonl : écriture impossible : fichier ou répertoire introuvable\n",
        ),
        (["--report", flag(&history)], " : fichier ou répertoire introuvable\n"),
    ] {
        let told = refused_in_french(&flags);
        assert!(told.starts_with(&format!("erreur : {} : ", flags[0])), "{told}");
        assert!(told.contains(said), "{told}\nshould say\n{said}");
    }
    let threads = refused_in_french(&["--virtual-time", "--model", "pool"]);
    let said = "erreur : --virtual-time : le modèle `pool` attend des threads du système, ce que le temps virtuel ne peut pas ; attendu : `async` ou `sequential`\n";
    assert_eq!(threads, said);
}
