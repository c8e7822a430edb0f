//! `--report`: the page of one class.

use super::{FLAGS, check, checked, class};
use crate::support::{Place, flag};

/// How large a page may be: it should fit into any mail.
const BYTES_MAX: usize = 1_500_000;

#[test]
fn what_was_found_can_be_stepped_through() {
    let place = Place::new();
    let page = place.path("page.html");
    let flags = ["--report", flag(&page)];
    let (ran, object) = checked(&class("wrong_no_lock"), &[&flags[..], &FLAGS].concat());
    assert_eq!((ran.code, ran.log.as_str()), (Some(1), ""));
    let html = std::fs::read_to_string(&page).expect("a page");
    assert!(html.len() < BYTES_MAX, "{}", html.len());
    let found = object["found"].as_array().expect("a list").len();
    assert_eq!(html.matches(r#""beyond":"#).count(), found, "each can be chosen");
    for part in [
        r#"<div class="play walk" id="walk""#,
        r#"self.compteur += 1"#,
        "next: line 12, reads compteur",
        "sleeps 0.1 s",
        "At the end 1 server is there; one after the other, these requests leave 2.",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!html.contains("http://") && !html.contains("https://"), "nothing is fetched");
}

#[test]
fn the_json_is_the_same_with_a_page() {
    let place = Place::new();
    let page = place.path("page.html");
    let path = class("wrong_deadlock");
    let (without, _) = checked(&path, &FLAGS);
    let (with, _) = checked(&path, &[&["--report", flag(&page)], &FLAGS[..]].concat());
    assert_eq!(with.out, without.out);
}

#[test]
fn who_holds_and_waits_for_a_lock_is_shown() {
    let place = Place::new();
    let page = place.path("page.html");
    let flags = ["--lang", "fr", "--report", flag(&page)];
    let ran = check(&[&[flag(&class("wrong_deadlock"))], &flags[..], &FLAGS].concat());
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    let html = std::fs::read_to_string(&page).expect("a page").replace('\u{a0}', " ");
    for part in [
        "client 1 ; en attente : client 2",
        "attend self.verrou_journal (ligne 16)",
        "tient self.verrou_liste",
        "Client 1 attend, ligne 16, self.verrou_journal que tient client 2.",
        "Quel thread avance",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!html.contains("waits for") && !html.contains("next: line"));
}

#[test]
fn a_class_without_findings_has_a_page_that_says_so() {
    let place = Place::new();
    let page = place.path("page.html");
    let ran =
        check(&[&[flag(&class("right_rlock")), "--report", flag(&page)], &FLAGS[..]].concat());
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    let html = std::fs::read_to_string(&page).expect("a page");
    assert!(html.contains("Nothing found in 300 schedules") && html.contains("no proof"));
    assert!(!html.contains("class=\"play"));
}

#[test]
fn a_page_is_of_one_class_and_no_class_is_overwritten() {
    let place = Place::new();
    let page = place.path("page.html");
    let (one, other) = (class("right_rlock"), class("wrong_empty"));
    let ran = check(&[flag(&one), flag(&other), "--report", flag(&page)]);
    assert_eq!(ran.code, Some(2), "{ran:#?}");
    assert!(ran.log.contains("found 2 files, expected one"), "{}", ran.log);
    let text = std::fs::read(&one).expect("the class");
    let ran = check(&[flag(&one), "--report", flag(&one)]);
    assert_eq!(ran.code, Some(2), "{ran:#?}");
    assert_eq!(std::fs::read(&one).expect("the class"), text);
    assert!(!page.exists());
}

/// What a page cannot follow, it does not pretend to: this class counts its runs where they share it.
#[test]
fn a_class_that_differs_each_time_has_its_shortest_way_only() {
    let place = Place::new();
    let body = b"import string\nimport time\n\n\nclass ServeurManager:\n    \
        def __init__(self):\n        string.runs = getattr(string, 'runs', 0) + 1\n        \
        self.run = string.runs\n        self.serveurs = []\n\n    def creer(self, nom):\n        \
        time.sleep(0.1)\n        self.serveurs = self.serveurs + [nom]\n\n    \
        def supprimer(self, nom):\n        if nom in self.serveurs:\n            \
        self.serveurs = [s for s in self.serveurs if s != nom]\n";
    let file = place.file("compte.py", body);
    let page = place.path("page.html");
    let ran = check(&[&[flag(&file), "--report", flag(&page)], &FLAGS[..]].concat());
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    let html = std::fs::read_to_string(&page).expect("a page");
    assert!(html.contains(r#"<div class="play walk""#));
    assert!(html.contains("does not do the same each time (random numbers), so only the shortest"));
}
