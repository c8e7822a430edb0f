use std::path::PathBuf;

use guichet_core::limits;
use guichet_locale::Locale;
use guichet_view::data::{Block, Report, Walk, WalkState};
use serde_json::json;

use crate::message::{Done, Found, Graph};
use crate::verdict::Verdict;

/// Two threads that both add to a list: the second one overtakes, or the choice is not there. As
/// the tracer reports it.
fn graph() -> Graph {
    let found = json!({
        "kind": "lost_server",
        "actors": [
            { "task": 3, "name": "client 1", "client": 1 },
            { "task": 4, "name": "client 2", "client": 2 },
        ],
        "rows": [
            [["self.serveurs", "[]"], ["self.verrou", [], []]],
            [["self.serveurs", "['web-1']"], ["self.verrou", [0], [1]], ["self.n", "1"]],
        ],
        "statuses": [
            ["new", 0, "", "", [], []],
            ["ready", 2, "reads", "serveurs", [["nom", "'web-1'"]], ["self.verrou"]],
            ["waits", 2, "", "self.verrou", [], []],
            ["done", 0, "", "", [], []],
        ],
        "steps": [
            [[], [{ "what": "calls", "text": "creer('web-1')" }]],
            [[2, 3], [
                { "what": "goes_on", "kind": "calls", "name": "" },
                { "what": "takes", "name": "self.verrou" },
            ]],
        ],
        "harms": [[["lost_server", { "count": 1, "expected": [2] }]]],
        "states": [
            [0, [0, 0], [[0, 0, 1], [1, -1, -1]], -1],
            [1, [1, 2], [[0, 1, 2]], -1],
            [1, [3, 3], [], 0],
        ],
        "shortest": [0, 0],
        "cut": true,
        "stray": false,
    });
    serde_json::from_value(found).expect("as it is reported")
}

fn verdict(graphs: Vec<Graph>, lines: usize) -> Verdict {
    let found = Found {
        kind: "lost_server".to_owned(),
        preemptions: 1,
        details: json!({ "count": 1, "expected": [2] }),
        ..Found::default()
    };
    Verdict {
        path: PathBuf::from("rendus/serveur.py"),
        source: (1..=lines).map(|line| format!("line_{line}()")).collect(),
        subject: None,
        found: vec![found],
        untold: vec!["deadlock".to_owned()],
        done: Some(Done::default()),
        graphs,
        is_late: false,
    }
}

fn walk(report: &Report) -> &Walk {
    let blocks = report.sections.iter().flat_map(|section| &section.blocks);
    let walks = blocks.filter_map(|block| match block {
        Block::Walk(walk) => Some(walk),
        _ => None,
    });
    let walks: Vec<&Walk> = walks.collect();
    assert_eq!(walks.len(), 1);
    walks[0]
}

fn threads(state: &WalkState) -> Vec<(usize, &str, &str)> {
    let threads = state.threads.iter().flatten();
    threads.map(|it| (it.line, it.text.as_str(), it.known.as_str())).collect()
}

#[test]
fn states_are_told_in_words() {
    let report = verdict(vec![graph()], 3).page(Locale::English);
    let finding = &walk(&report).findings[0];
    assert_eq!(finding.title, "a lost server");
    assert_eq!(finding.labels, ["self.serveurs", "self.verrou", "self.n"]);
    let [first, second, last] = &finding.states[..] else { panic!("{finding:#?}") };
    assert_eq!(first.values, ["[]", "nobody has it", ""]);
    assert_eq!(threads(first), [(0, "begins", ""), (0, "begins", "")]);
    assert_eq!(second.values, ["['web-1']", "client 1; waiting: client 2", "1"]);
    let known = "nom = 'web-1' · has self.verrou";
    let waits = "waits for self.verrou (line 2)";
    assert_eq!(threads(second), [(2, "next: line 2, reads serveurs", known), (2, waits, "")]);
    assert_eq!(second.turns[0].lines, [2, 3]);
    assert_eq!(second.turns[0].notes, ["takes self.verrou"], "that it calls is seen in the code");
    assert_eq!(
        last.harms,
        ["At the end 1 server is there; one after the other, these requests leave 2."]
    );
    assert_eq!(threads(last), [(0, "done", ""), (0, "done", "")]);
    assert!(report.sections[1].title.contains("waits for ever"), "a kind that was not told");
}

/// A lock held over a sleep is found before a lost server, and has no states to step through.
#[test]
fn a_page_numbers_what_was_found_as_a_terminal_does() {
    let mut verdict = verdict(vec![graph()], 3);
    let sleep = Found {
        kind: "lock_over_sleep".to_owned(),
        details: json!({ "locks": ["self.verrou"], "line": 2 }),
        ..Found::default()
    };
    verdict.found.insert(0, sleep);
    let lines = verdict.lines(Locale::English);
    let headed: Vec<&String> = lines.iter().filter(|line| line.contains(". a ")).collect();
    let report = verdict.page(Locale::English);
    let finding = &walk(&report).findings[0];
    assert_eq!(format!("{}. {}", finding.number, finding.title), *headed[1]);
    assert_eq!(report.sections[1].title.to_lowercase(), headed[0].to_lowercase());
}

#[test]
fn harm_is_unavoidable_once_no_way_is_left_that_could_be_good() {
    let sealed = |graph: Graph| -> Vec<bool> {
        let report = verdict(vec![graph], 3).page(Locale::English);
        walk(&report).findings[0].states.iter().map(|state| state.is_sealed).collect()
    };
    assert_eq!(sealed(graph()), [false, true, true], "a choice that is not there could be good");
    let mut whole = graph();
    whole.states[0].2.pop();
    assert_eq!(sealed(whole.clone()), [true, true, true]);
    // A loop that waits leads back; its other way out ends well.
    whole.states[1].2.push((1, 1, 0));
    whole.states[0].2.push((1, 1, 3));
    whole.states.push(Default::default());
    whole.states[3].1 = vec![3, 3];
    whole.states[3].3 = -1;
    assert_eq!(sealed(whole), [false, false, true, false]);
}

#[test]
fn a_choice_that_is_not_in_the_page_is_named() {
    let said = |graph: Graph| -> String {
        let report = verdict(vec![graph], 3).page(Locale::English);
        walk(&report).findings[0].beyond.clone()
    };
    assert!(said(graph()).contains("room for 12,000 states"), "{}", said(graph()));
    assert!(said(Graph { stray: true, ..graph() }).contains("random numbers"));
    let mut whole = graph();
    whole.states[0].2.pop();
    assert_eq!(said(whole), "");
}

#[test]
fn a_page_is_french_in_french() {
    let report = verdict(vec![graph()], 3).page(Locale::French);
    let finding = &walk(&report).findings[0];
    let second = &finding.states[1];
    assert_eq!(second.values[1], "client 1\u{a0}; en attente\u{a0}: client 2");
    assert_eq!(
        second.threads[1].as_ref().map(|it| it.text.as_str()),
        Some("attend self.verrou (ligne 2)")
    );
    assert!(finding.beyond.contains("12\u{202f}000 états"), "{}", finding.beyond);
    let page = guichet_view::render(&report).expect("sound data");
    assert!(page.contains("Quel thread avance") && !page.contains("Which thread"));
}

#[test]
fn of_a_long_file_the_lines_near_a_step_are_there() {
    let long = limits::CHECK_PAGE_LINES + 400;
    let report = verdict(vec![graph()], long).page(Locale::English);
    let code = &walk(&report).code;
    let numbers: Vec<usize> = code.iter().map(|line| line.number).collect();
    assert_eq!(numbers, (1..=3 + limits::CHECK_PAGE_AROUND).collect::<Vec<_>>());
    let report = verdict(vec![graph()], limits::CHECK_PAGE_LINES).page(Locale::English);
    assert_eq!(walk(&report).code.len(), limits::CHECK_PAGE_LINES);
}

#[test]
fn a_finding_without_states_is_told() {
    let report = verdict(Vec::new(), 3).page(Locale::English);
    assert_eq!(report.sections.len(), 2);
    assert_eq!(report.sections[0].title, "1. A lost server");
    assert!(report.sections[0].text[0].starts_with("At the end 1 server is there"));
}
