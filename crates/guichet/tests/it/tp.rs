//! `guichet tp check`: right and wrong classes, each with its verdict.

mod interrupted;
mod page;
mod pythons;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::{Place, Ran, flag, guichet};

/// The classes, and what must be found in each: the kinds that show with the fewest preemptions,
/// in the order in which they are listed.
const CLASSES: &[(&str, &[&str])] = &[
    ("right_background", &[]),
    ("right_condition", &[]),
    ("right_lock", &[]),
    ("right_pool", &[]),
    ("right_queue", &[]),
    ("right_registry", &[]),
    ("right_rlock", &[]),
    ("right_workers", &[]),
    ("wrong_check_then_act", &["empty_pop"]),
    ("wrong_condition", &["too_many_servers"]),
    ("wrong_deadlock", &["deadlock"]),
    ("wrong_double_delete", &["double_delete"]),
    ("wrong_empty", &["empty_pop"]),
    ("wrong_last_place", &["too_many_servers"]),
    ("wrong_lock_over_sleep", &["lock_over_sleep"]),
    ("wrong_no_lock", &["double_delete", "lost_server", "resurrected", "wrong_count"]),
    ("wrong_not_released", &["lock_not_released"]),
    ("wrong_resurrected", &["resurrected"]),
    ("wrong_self_deadlock", &["deadlock"]),
    ("wrong_semaphore", &["duplicate_id", "uncaught_exception", "wrong_count"]),
];

fn class(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tp").join(format!("{name}.py"))
}

fn check(flags: &[&str]) -> Ran {
    guichet("tp", &[&["check"], flags].concat()).output().expect("it starts").into()
}

/// The object of one file.
fn checked(path: &Path, flags: &[&str]) -> (Ran, Value) {
    let ran = check(&[&[flag(path), "--format", "json"], flags].concat());
    let array: Value = serde_json::from_str(&ran.out).expect("one JSON array");
    let object = array[0].clone();
    (ran, object)
}

fn kinds(object: &Value) -> Vec<&str> {
    let kinds = object["kinds"].as_array().expect("a list").iter();
    let mut kinds: Vec<&str> = kinds.map(|kind| kind.as_str().expect("a word")).collect();
    kinds.sort_unstable();
    kinds
}

/// Enough for each class of the corpus; no time limit that a slow machine could meet.
const FLAGS: [&str; 4] = ["--schedules", "300", "--time", "600"];

/// The verdict of a class is right, and the second run says the same to the byte.
fn verdict(name: &str) {
    let (_, expected) = CLASSES.iter().find(|(known, _)| *known == name).expect("it is listed");
    let (ran, object) = checked(&class(name), &FLAGS);
    assert_eq!(kinds(&object), *expected, "{name}: {object:#}");
    let code = if expected.is_empty() { 0 } else { 1 };
    assert_eq!((ran.code, ran.log.as_str()), (Some(code), ""), "{name}");
    assert_eq!(object["repeatable"], true, "{name}");
    let found = object["found"].as_array().expect("a list");
    for found in found {
        assert_eq!(found["repeated"], true, "{name}: {found:#}");
        let is_measured = found["kind"] == "lock_over_sleep";
        assert_eq!(found["steps"].as_array().expect("a list").is_empty(), is_measured, "{name}");
    }
    let (again, _) = checked(&class(name), &FLAGS);
    assert_eq!(again.out, ran.out, "{name}");
}

macro_rules! verdicts {
    ($( $name:ident ),* $(,)?) => {
        $( #[test] fn $name() { verdict(stringify!($name)); } )*

        #[test]
        fn every_class_has_its_test() {
            let directory = class("").with_file_name("");
            let files = std::fs::read_dir(directory).expect("the classes").map(|entry| {
                let name = entry.expect("an entry").file_name();
                name.to_str().expect("UTF-8").trim_end_matches(".py").to_owned()
            });
            let mut files: Vec<String> = files.collect();
            files.sort_unstable();
            let tested = [$( stringify!($name) ),*];
            assert_eq!(files, tested);
            assert_eq!(files, CLASSES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        }
    };
}

verdicts![
    right_background,
    right_condition,
    right_lock,
    right_pool,
    right_queue,
    right_registry,
    right_rlock,
    right_workers,
    wrong_check_then_act,
    wrong_condition,
    wrong_deadlock,
    wrong_double_delete,
    wrong_empty,
    wrong_last_place,
    wrong_lock_over_sleep,
    wrong_no_lock,
    wrong_not_released,
    wrong_resurrected,
    wrong_self_deadlock,
    wrong_semaphore,
];

#[test]
fn the_schedule_is_shown_beside_the_code_in_80_columns() {
    for name in ["wrong_deadlock", "wrong_no_lock", "wrong_semaphore", "wrong_last_place"] {
        let ran = check(&[&[flag(&class(name))], &FLAGS[..]].concat());
        assert_eq!(ran.code, Some(1), "{ran:#?}");
        for line in ran.out.lines().skip_while(|line| !line.starts_with("  ")) {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
    let ran = check(&[&[flag(&class("wrong_deadlock"))], &FLAGS[..]].concat());
    for part in [
        "a request that waits for ever (1 preemption)",
        "Client 1 waits in line 16 for self.verrou_journal, which client 2 has.",
        "Client 2 waits in line 23 for self.verrou_liste, which client 1 has.",
        " 14 with self.verrou_liste:",
        "takes self.verrou_liste",
        "waits for self.verrou_journal",
    ] {
        let text = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(part.trim()), "{part}: {}", ran.out);
    }
}

#[test]
fn a_lock_over_a_sleep_is_measured() {
    let (_, object) = checked(&class("wrong_lock_over_sleep"), &FLAGS);
    let details = &object["found"][0]["details"];
    // Eight sleeps of half a second, one after the other or four at a time.
    assert_eq!((details["took"].as_f64(), details["without"].as_f64()), (Some(4.0), Some(1.0)));
    assert_eq!((&details["line"], &details["lock"]), (&14.into(), &"self.lock".into()));
}

#[test]
fn nothing_found_is_never_called_right() {
    let ran = check(&[&[flag(&class("right_rlock"))], &FLAGS[..]].concat());
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    assert!(ran.out.contains("Nothing found in 300 schedules"), "{}", ran.out);
    assert!(ran.out.contains("no proof"), "{}", ran.out);
    assert!(!ran.out.contains("correct"), "{}", ran.out);
}

const ODD_NAMES: &[u8] = b"
class Parc:
    def __init__(self):
        self.machines = []

    def plus(self, nom):
        self.machines.append(nom)

    def moins(self, nom):
        if nom in self.machines:
            self.machines.remove(nom)
";

#[test]
fn a_line_of_mapping_names_the_methods() {
    let place = Place::new();
    let file = place.file("parc.py", ODD_NAMES);
    let refused = check(&[flag(&file)]);
    assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""), "{refused:#?}");
    assert!(refused.log.contains("--map create=METHOD,delete=METHOD"), "{}", refused.log);
    let flags = ["--class", "Parc", "--map", "create=plus,delete=moins"];
    let (ran, object) = checked(&file, &[&flags[..], &FLAGS].concat());
    assert_eq!(ran.code, Some(1), "{object:#}");
    assert_eq!(kinds(&object), ["uncaught_exception"]);
}

#[test]
fn bad_input_says_what_to_do() {
    let place = Place::new();
    let good = class("wrong_empty");
    let missing = place.path("none.py");
    let syntax = place.file("syntax.py", b"class A:\n    def creer(self)\n");
    let imports = place.file("imports.py", b"import asyncio\n");
    let fails = place.file("fails.py", b"import nothing_like_it\n");
    let loops = place.file("loops.py", b"while True:\n    pass\n");
    let exits = place.file("exits.py", b"import os\nos._exit(3)\n");
    let directory = place.path("");
    for (flags, said) in [
        (&[flag(&missing)][..], "none.py: No such file"),
        (&[flag(&directory)], "it is no file"),
        (&[flag(&syntax)], "syntax.py: line 2: expected ':'"),
        (&[flag(&imports)], "line 1: it imports asyncio"),
        (&[flag(&fails)], "line 1: ModuleNotFoundError: No module named 'nothing_like_it'"),
        (&[flag(&loops)], "if __name__ =="),
        (&[flag(&exits)], "os._exit"),
        (&[flag(&good), "--class", "Parc"], "no class Parc; its classes are: ServeurManager"),
        (&[flag(&good), "--map", "delete=enlever"], "has no method enlever. It has: creer"),
        (&[flag(&good), "--map", "delete"], "'--map <KIND=METHOD,…>': found \"delete\""),
        (&[flag(&good), "--python", "none/python3"], "Python 3.9 or newer runs the class"),
        (&[flag(&good), "--preemptions", "9"], "'--preemptions <N>'"),
        (&[flag(&good), "--time", "0"], "'--time <SECONDS>'"),
        (&[], "<FILE>"),
    ] {
        let ran = check(flags);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{flags:?}: {ran:#?}");
        assert!(ran.log.starts_with("error: ") && ran.log.contains(said), "{flags:?}: {}", ran.log);
        assert_eq!(ran.log.matches("error: ").count(), 1, "{}", ran.log);
    }
}

#[test]
fn a_whole_class_is_one_array() {
    let place = Place::new();
    let syntax = place.file("syntax.py", b"class A(:\n");
    let (empty, right) = (class("wrong_empty"), class("right_rlock"));
    let files = [flag(&empty), flag(&syntax), flag(&right), "--format", "json"];
    let ran = check(&[&files[..], &FLAGS].concat());
    assert_eq!(ran.code, Some(2), "{ran:#?}");
    let array: Value = serde_json::from_str(&ran.out).expect("one JSON array");
    let verdicts: Vec<&Value> =
        array.as_array().expect("a list").iter().map(|object| &object["verdict"]).collect();
    assert_eq!(verdicts, ["found", "refused", "not_found"]);
}

/// A class whose create does this.
fn does(body: &str) -> Vec<u8> {
    format!(
        "import os, sys, threading, time\n\
         class ServeurManager:\n    def __init__(self):\n        self.serveurs = []\n    \
         def creer(self, nom):\n        self.serveurs.append(nom)\n        {body}\n    \
         def supprimer(self, nom):\n        if nom in self.serveurs:\n            \
         self.serveurs.remove(nom)\n"
    )
    .into_bytes()
}

#[test]
fn a_file_that_does_too_much_is_stopped() {
    let place = Place::new();
    for (name, body, said) in [
        // A loop in C, which no tracer sees: the process is ended.
        ("hangs", "sum(iter(int, 1))", "it was ended after 2 s"),
        ("forks", "os.fork()", "not while it is checked: os.fork"),
        ("runs", "os.system('true')", "not while it is checked: os.system"),
        ("memory", "bytearray(1 << 40)", "MemoryError"),
        (
            "threads",
            "[threading.Thread(target=time.sleep, args=(9,)).start() for _ in range(99)]",
            "can't start new thread",
        ),
        ("asks", "input()", "there is no keyboard here"),
    ] {
        let file = place.file(&format!("{name}.py"), &does(body));
        let ran = check(&[flag(&file), "--time", "2"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{name}: {ran:#?}");
        assert!(ran.log.contains(said), "{name}: {}", ran.log);
    }
}

/// Editors and notebooks start programs with dozens of files open.
#[test]
fn files_that_whoever_starts_it_left_open_do_not_count() {
    let script = "import os, sys
for _ in range(100):
    os.set_inheritable(os.open(os.devnull, os.O_RDONLY), True)
os.execv(sys.argv[1], sys.argv[1:])";
    let name = class("right_lock");
    let ran = Command::new("python3")
        .args(["-c", script, env!("CARGO_BIN_EXE_guichet"), "tp", "check", flag(&name)])
        .args(FLAGS)
        .env("LC_ALL", "C")
        .output();
    let ran = Ran::from(ran.expect("it starts"));
    assert_eq!((ran.code, ran.log.as_str()), (Some(0), ""), "{ran:#?}");
}

#[test]
fn what_a_file_prints_and_writes_stays_with_it() {
    let place = Place::new();
    let body = "print('x' * 100_000); os.write(1, b'{\"event\": \"kind\", \"kind\": \"y\"}\\n'); \
                open('left.txt', 'w').close()";
    let file = place.file("prints.py", &does(body));
    let (ran, object) = checked(&file, &FLAGS);
    assert_eq!(kinds(&object), ["uncaught_exception"], "{object:#}");
    assert!(ran.out.len() < 100_000, "{}", ran.out.len());
    assert!(!ran.out.contains("\"y\""), "{}", ran.out);
    let mut there = std::fs::read_dir(place.path("")).expect("the directory");
    assert_eq!(there.next().expect("one").expect("an entry").file_name(), "prints.py");
    assert!(there.next().is_none());
}

#[test]
fn the_sheet_is_listed_and_walked_through() {
    let list: Ran = guichet("tp", &["--lang", "en"]).output().expect("it starts").into();
    assert_eq!(list.code, Some(0), "{list:?}");
    assert!(list.out.contains("\n   7  A semaphore\n"), "{}", list.out);
    let walked: Ran = guichet("tp", &["8"]).output().expect("it starts").into();
    assert_eq!(walked.code, Some(0), "{walked:?}");
    for line in [
        "8. No deletion from an empty list\n",
        "\n$ guichet simulate --mix delete=1 --requests 5\n",
        "\n→ 5 requests, 5 refused (no_server 5); 0 servers in the list\n",
        "\nQuestion: ",
        "\nThe answer: guichet tp 8 --answer\n",
        "\nNext: guichet tp 9\n",
    ] {
        assert!(walked.out.contains(line), "{line}: {}", walked.out);
    }
    assert!(!walked.out.contains("IndexError"), "the answer only when it is asked for");
}

#[test]
fn the_sheet_is_walked_through_in_french() {
    let flags = ["8", "--answer", "--lang", "fr"];
    let walked: Ran = guichet("tp", &flags).output().expect("it starts").into();
    assert_eq!(walked.code, Some(0), "{walked:?}");
    let out = walked.out.replace('\u{a0}', " ");
    for line in [
        "8. Ne rien supprimer d’une liste vide\n",
        "\n→ 5 requêtes, 5 refusées (no_server 5) ; serveurs dans la liste : 0\n",
        "\nRéponse : Tous deux voient l’unique serveur.",
        "\nEnsuite : guichet tp 9\n",
    ] {
        assert!(out.contains(line), "{line}: {out}");
    }
}

#[test]
fn a_log_that_is_to_be_looked_at_is_part_of_the_walk() {
    let walked: Ran = guichet("tp", &["6"]).output().expect("it starts").into();
    assert_eq!((walked.code, walked.log.as_str()), (Some(0), ""), "{walked:?}");
    let (before, after) = walked.out.split_once("$ guichet simulate").expect("a command");
    let (log, _) = after.split_once("\n→ ").expect("figures");
    assert!(!before.contains("project-") && log.contains(" project-1 "), "{}", walked.out);
}

/// The sheet and the walk ask the same at point 10.
#[test]
fn the_sheet_asks_what_the_walk_asks() {
    let plain = |text: &str| {
        let text = text.replace('’', "'").replace('\u{a0}', " ").to_lowercase();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for (lang, sheet, word) in [("en", "lab.md", "question: "), ("fr", "tp.fr.md", "question : ")] {
        let sheet = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(sheet);
        let sheet = plain(&std::fs::read_to_string(sheet).expect("the sheet"));
        let walked: Ran =
            guichet("tp", &["10", "--lang", lang]).output().expect("it starts").into();
        let out = plain(&walked.out);
        let (_, question) = out.split_once(word).expect("a question");
        let question = question.split_once('?').expect("its end").0;
        assert!(sheet.contains(question), "{question}");
    }
}

#[test]
fn a_point_that_there_is_not_is_refused() {
    let refused: Ran = guichet("tp", &["13"]).output().expect("it starts").into();
    assert_eq!(refused.code, Some(2));
    assert!(refused.log.contains("from 1 to 12"), "{}", refused.log);
}

#[test]
fn a_verdict_is_told_in_french_too() {
    let (right, wrong) = (class("right_lock"), class("wrong_not_released"));
    for (path, sentences) in [
        (&right, &["Rien trouvé en ", "Cela ne prouve pas que la classe est juste."][..]),
        (
            &wrong,
            &[
                "1. un verrou qui n’est jamais rendu",
                " est fini et tient encore ",
                "étape  client 1",
                " prend ",
                "avant : ",
            ],
        ),
    ] {
        let ran = check(&[&[flag(path), "--lang", "fr"], &FLAGS[..]].concat());
        // Sentences are broken into lines.
        let words = ran.out.replace('\u{a0}', " ");
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        for sentence in sentences {
            let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.contains(&sentence), "{sentence}: {}", ran.out);
        }
        for english in [" schedule ", "preemption", " takes ", " waits ", " step "] {
            assert!(!words.contains(english), "{english}: {}", ran.out);
        }
        assert!(ran.out.lines().all(|line| line.chars().count() <= 80), "{}", ran.out);
    }
}
