//! Frames of fixed answers, and what keys and answers do. `GUICHET_FRAMES=overwrite` writes the frames
//! anew, to be looked at.

use std::path::Path;
use std::time::Duration;

use guichet_locale::Locale;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use serde_json::{Value, json};

use super::asking::Answer;
use super::draw::{self, HEIGHT_MIN, WIDTH_MIN};
use super::keys::press;
use super::seen::InFlight;
use super::view::{Panel, Trouble, View};

fn host(name: &str, used: u64, more: &Value) -> Value {
    let mut host = json!({ "name": name, "state": "up", "status": "enabled", "vcpus_used": used,
        "vcpus": 64, "ram_used_mib": 2_048 * used, "ram_mib": 262_144, "drain": null });
    for (field, value) in more.as_object().unwrap() {
        host[field] = value.clone();
    }
    host
}

fn times(p50: f64) -> Value {
    json!({ "count": 9, "p50_ms": p50, "p95_ms": 3.0 * p50, "p99_ms": 10.0 * p50, "max_ms": 100.0 * p50 })
}

fn sample(number: u64, creates: u64) -> Value {
    let count = |action: &str, outcome: &str, count: u64| json!({ "action": action, "outcome": outcome, "count": count });
    json!({ "number": number, "seconds": 2.0, "wait": times(1.5), "service": times(40.0),
        "operations": [
            count("create", "accepted", creates), count("create", "started", creates),
            count("create", "succeeded", 48), count("create", "failed", 3),
            count("reboot_hard", "accepted", 14), count("reboot_hard", "cancelled", 1),
            count("delete", "accepted", 4_000), count("delete", "requeued", 1),
            count("live_migrate", "started", 6), count("stop", "started", 2),
            count("start", "started", 2),
        ],
        "refused": [
            { "reason": "over_quota", "count": 5 }, { "reason": "queue_full", "count": 2 },
        ] })
}

fn stats() -> Value {
    let draining = json!({ "status": "draining", "state": "up",
        "drain": { "left": 17, "moving": 8, "moved": 30, "stuck": 2 } });
    let closed = [
        host("compute-07", 12, &draining),
        host("compute-08", 0, &json!({ "status": "drained" })),
        host("compute-09", 3, &json!({ "status": "enabled", "state": "down" })),
    ];
    let project = |name: &str, waiting: u64, running: u64, oldest: Value| json!({ "project": "id", "name": name, "waiting": waiting, "in_flight": running, "oldest_s": oldest });
    json!({
        "now": "2026-11-29T12:03:04.123456Z", "uptime_s": 11_520.0, "missed": 0,
        "wait": times(2.5), "service": times(55.0),
        "queue": { "waiting": 8_120, "requeued": 3, "bound": 10_000, "oldest_s": 1.25,
            "projects": [
                project("analytics", 8_000, 40, json!(1.25)),
                project("web", 120, 23, json!(0.4)),
                project("a-project-whose-name-is-rather-long", 0, 1, json!(null)),
            ],
            "other_projects": { "projects": 12, "waiting": 0, "in_flight": 0 } },
        "permits": { "in_flight": 64, "service": 64, "per_host": 10, "per_project": 64, "workers": 64 },
        "hosts": { "count": 12, "closed_count": 3, "closed": closed,
            "fullest": [host("compute-01", 60, &json!({})), host("compute-02", 33, &json!({}))] },
        "servers": [
            { "status": "ACTIVE", "count": 998_765 }, { "status": "ERROR", "count": 12 },
            { "status": "BUILD", "count": 8_100 }, { "status": "SHUTOFF", "count": 3 },
            { "status": "PAUSED", "count": 2 }, { "status": "RESIZE", "count": 1 },
        ],
        "journal": { "is_stalled": false },
        "samples": (1..=40).map(|number| sample(number, 10 * number)).collect::<Vec<_>>(),
    })
}

fn operations() -> Value {
    let operation = |number: u32, action: &str, state: &str, attempts: u32, run_ms: Value| {
        json!({ "id": format!("{number:08x}-0000-4000-8000-000000000000/{number}"), "action": action,
            "name": format!("a-server-of-number-{number}"), "project": "analytics", "state": state,
            "attempts": attempts, "wait_ms": 12.5, "run_ms": run_ms })
    };
    json!({ "operations": [
        operation(1, "create", "running", 1, json!(754_000.0)),
        operation(2, "live_migrate", "queued", 4, json!(9_300.0)),
        operation(3, "reboot_hard", "cancelled", 1, json!(250.0)),
        operation(4, "delete", "running", 1, json!(0.35)),
        operation(5, "create", "running", 1, json!(null)),
    ] })
}

fn answer(stats: Value) -> Answer {
    let InFlight { operations } = serde_json::from_value(operations()).unwrap();
    Answer { figures: serde_json::from_value(stats).unwrap(), operations }
}

fn view(locale: Locale) -> View {
    let place = "/var/lib/guichet/control.sock".to_owned();
    let mut view = View::new(place, Duration::from_secs(1), locale);
    view.take(answer(stats()));
    view
}

/// The lines of a screen of so many columns and rows.
fn frame(view: &View, columns: u16, rows: u16) -> Vec<String> {
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    let completed = terminal.draw(|frame| draw::draw(frame, view)).unwrap();
    draw::lines(completed.buffer)
}

/// Whether a frame is the one in the file.
fn check(name: &str, lines: &[String]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/top/frames").join(name);
    let found = lines.join("\n") + "\n";
    if std::env::var("GUICHET_FRAMES").is_ok_and(|what| what == "overwrite") {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert_eq!(found, expected, "{name} is:\n{found}");
}

fn key(view: &mut View, code: KeyCode) -> bool {
    press(view, KeyEvent::new(code, KeyModifiers::NONE))
}

#[test]
fn frames_are_as_they_were_looked_at() {
    let english = view(Locale::English);
    check("80x24.txt", &frame(&english, 80, 24));
    check("100x30.txt", &frame(&english, 100, 30));
    check("140x40.txt", &frame(&english, 140, 40));
    check("80x24.fr.txt", &frame(&view(Locale::French), 80, 24));
    let text = draw::as_text(&english).unwrap();
    check("once.txt", &text.lines().map(str::to_owned).collect::<Vec<_>>());
}

#[test]
fn nothing_is_drawn_twice_or_left_out_at_any_size_that_has_place() {
    for locale in Locale::ALL {
        let mut view = view(locale);
        for (columns, rows) in [(WIDTH_MIN, HEIGHT_MIN), (81, 25), (100, 30), (200, 60)] {
            for panel in Panel::ALL {
                view.focus = panel;
                let text = frame(&view, columns, rows).join("\n");
                for part in ["create", "analytics", "compute-01", "00000001/1", "ACTIVE", "p95"] {
                    let is_wide = columns >= 120 && part == "00000001/1";
                    let part =
                        if is_wide { "00000001-0000-4000-8000-000000000000/1" } else { part };
                    assert!(text.contains(part), "{part}, {columns}x{rows}:\n{text}");
                }
            }
        }
    }
}

#[test]
fn a_screen_without_place_says_how_much_it_wants() {
    let view = view(Locale::English);
    for (columns, rows) in [(79, 24), (80, 23), (20, 5), (1, 1)] {
        let text = frame(&view, columns, rows).join(" ");
        assert!(!text.contains("QUEUE"), "{text}");
        if columns > 70 {
            let wanted =
                format!("needs 80 columns and 24 rows; this terminal has {columns} and {rows}");
            assert!(text.contains(&wanted), "{text}");
        }
    }
}

#[test]
fn what_is_wrong_stands_in_the_second_line() {
    let mut view = view(Locale::English);
    let second = |view: &View| frame(view, 100, 30)[1].clone();
    assert_eq!(second(&view), "12:03:04 UTC, every 1.0 s");
    view.figures.missed = 1_234;
    assert!(second(&view).contains("1,234 entries of the log were missed"));
    view.figures.journal = Some(super::seen::Journal { is_stalled: true });
    assert!(second(&view).contains("nothing can be written to the disk"));
    view.is_paused = true;
    assert_eq!(second(&view), "paused at 12:03:04 UTC; p goes on");
    view.trouble = Some(Trouble { since: "12:05:00".to_owned(), why: String::new() });
    assert_eq!(second(&view), "no answer since 12:05:00 UTC; what is below is older");
    view.trouble = Some(Trouble { since: "12:05:00".to_owned(), why: "nobody listens".to_owned() });
    view.again_in = Duration::from_secs(8);
    let said = "not answering since 12:05:00 UTC, asked again in 8.0 s: nobody listens";
    assert_eq!(second(&view), said);
    // What was last known stays there.
    assert!(frame(&view, 100, 30).join("\n").contains("998,765"));
    view.take(answer(stats()));
    assert_eq!(view.trouble, None);
}

#[test]
fn keys_quit_pause_and_go_through_the_parts() {
    let mut view = view(Locale::English);
    for quits in [KeyCode::Char('q'), KeyCode::Esc] {
        assert!(!key(&mut view, quits));
    }
    assert!(!press(&mut view, KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)));
    assert!(press(&mut view, KeyEvent::new(KeyCode::Char('q'), KeyModifiers::CONTROL)));
    assert!(key(&mut view, KeyCode::Char('?')) && view.is_helped);
    assert!(frame(&view, 80, 24).join("\n").contains("go through its rows"));
    assert!(key(&mut view, KeyCode::Esc), "what lies in front goes first");
    assert!(!view.is_helped);
    key(&mut view, KeyCode::Char('p'));
    assert!(view.is_paused);
    let mut seen = Vec::new();
    for _ in Panel::ALL {
        key(&mut view, KeyCode::Tab);
        seen.push(view.focus);
    }
    assert_eq!(seen, [Panel::Rates, Panel::Projects, Panel::Hosts, Panel::Flight]);
    key(&mut view, KeyCode::Left);
    assert_eq!(view.focus, Panel::Hosts);
    // Its rows in three orders: as the service has them, those that are shut first, by name.
    let first = |view: &View| view.hosts()[0].name.clone();
    let mut found = Vec::new();
    for _ in 0..3 {
        found.push(first(&view));
        key(&mut view, KeyCode::Char('s'));
    }
    assert_eq!(found, ["compute-01", "compute-07", "compute-01"]);
    // And down to the last of them, which is then seen.
    for _ in 0..20 {
        key(&mut view, KeyCode::Down);
    }
    assert!(frame(&view, 80, 24).join("\n").contains("compute-09"));
    key(&mut view, KeyCode::Enter);
    let whole = frame(&view, 80, 24).join("\n");
    assert!(whole.contains("compute-07") && !whole.contains("QUEUE"), "{whole}");
    view.focus = Panel::Flight;
    let whole = frame(&view, 80, 24).join("\n");
    let command = "guichet operation show 00000001-0000-4000-8000-000000000000/1";
    assert!(whole.contains(command), "{whole}");
}

#[test]
fn operations_are_in_the_order_that_is_asked_for() {
    let mut view = view(Locale::English);
    let numbers = |view: &View| -> Vec<char> {
        view.operations().iter().filter_map(|row| row.id.chars().last()).collect()
    };
    assert_eq!(numbers(&view), ['1', '2', '3', '4', '5']);
    view.next_order();
    assert_eq!(numbers(&view), ['1', '2', '3', '4', '5']);
    view.next_order();
    assert_eq!(numbers(&view), ['2', '1', '3', '4', '5']);
    view.focus = Panel::Projects;
    view.next_order();
    view.next_order();
    let names: Vec<_> = view.projects().iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["analytics", "web", "a-project-whose-name-is-rather-long"]);
}

#[test]
fn samples_are_added_once_and_a_service_that_was_started_again_begins_anew() {
    let mut view = view(Locale::English);
    assert_eq!((view.samples.len(), view.last()), (40, 40));
    let with = |numbers: std::ops::RangeInclusive<u64>, uptime_s: f64| {
        let mut stats = stats();
        stats["samples"] = numbers.map(|number| sample(number, 1)).collect();
        stats["uptime_s"] = json!(uptime_s);
        answer(stats)
    };
    view.take(with(39..=42, 11_522.0));
    assert_eq!((view.samples.len(), view.last()), (42, 42));
    view.take(with(43..=400, 11_900.0));
    assert_eq!((view.samples.len(), view.last()), (guichet_core::limits::TOP_SAMPLES, 400));
    view.take(with(1..=2, 3.0));
    assert_eq!((view.samples.len(), view.last()), (2, 2));
}

#[test]
fn a_name_with_control_characters_moves_no_cursor() {
    let mut stats = stats();
    stats["queue"]["projects"][0]["name"] = json!("evil\u{1b}[2J\nname");
    let mut view = view(Locale::English);
    view.take(answer(stats));
    let text = draw::as_text(&view).unwrap();
    assert!(!text.contains('\u{1b}') && text.contains("evil"), "{text}");
}

#[test]
fn an_answer_that_leaves_everything_out_is_drawn_too() {
    let mut view = View::new("there".to_owned(), Duration::from_secs(1), Locale::English);
    view.take(answer(json!({})));
    let text = frame(&view, 80, 24).join("\n");
    assert!(text.contains("QUEUE") && text.contains("nothing accepted"), "{text}");
    assert!(!text.contains("accepted/s"), "{text}");
}
