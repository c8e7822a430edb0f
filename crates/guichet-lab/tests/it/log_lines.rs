//! Log lines as they are read, whole and in order.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::event::{Event, EventKind};
use guichet_core::ids::{ClientId, OperationId, ProjectId, RequestId, ServerId, WorkerId};
use guichet_core::limits;
use guichet_core::refusal::RefusalKind;
use guichet_core::server::Failure;
use guichet_core::state::{State, TaskState, VmState};
use guichet_core::time::Timestamp;
use guichet_engine::Model;
use guichet_lab::simulate::Show;
use guichet_lab::simulate::log::{Console, LogFormat, Logged, line, millis, write};
use guichet_locale::Locale;
use guichet_store::hub::{Hub, LogEntry, Refused};
use serde_json::Value;

use crate::support::{EVERYTHING, builtin, closed, run_showing, scenario};

const PLAIN: LogFormat = LogFormat::Text { color: false, locale: Locale::English };
const COLOR: LogFormat = LogFormat::Text { color: true, locale: Locale::English };

fn succeeded() -> Event {
    Event {
        sequence: 7,
        at: Timestamp::from_micros(1_767_225_600_123_456),
        kind: EventKind::Succeeded,
        request: RequestId::from_bits(0x1111),
        client: ClientId(3),
        project: ProjectId(0),
        operation: OperationId { server: ServerId::from_bits(0x2222), number: 1 },
        action: Action::Create,
        attempt: 1,
        from: Some(State { vm_state: VmState::Building, task_state: Some(TaskState::Spawning) }),
        to: State { vm_state: VmState::Active, task_state: None },
        wait: Some(Duration::from_micros(17)),
        service: Some(Duration::from_micros(12_345)),
        worker: Some(WorkerId(12)),
        failure: None,
    }
}

fn accepted() -> Event {
    Event {
        kind: EventKind::Accepted,
        action: Action::RebootHard,
        attempt: 0,
        from: None,
        wait: None,
        service: None,
        worker: None,
        ..succeeded()
    }
}

fn failed() -> Event {
    Event { kind: EventKind::Failed, attempt: 5, failure: Some(Failure::Deadline), ..succeeded() }
}

fn refused() -> LogEntry {
    LogEntry::Refused(Refused {
        at: Timestamp::from_micros(1_767_225_600_000_001),
        request: RequestId::from_bits(0x1111),
        client: ClientId(3),
        project: ProjectId(0),
        action: Action::Delete,
        server: Some(ServerId::from_bits(0x2222)),
        kind: RefusalKind::NoServer,
    })
}

fn shown(record: &LogEntry, format: LogFormat) -> String {
    let mut text = String::new();
    assert!(line(&mut text, record, &[Arc::from("red")], format));
    text
}

#[test]
fn text_lines() {
    let lines = [
        LogEntry::Event(accepted()),
        LogEntry::Event(succeeded()),
        LogEntry::Event(failed()),
        refused(),
    ]
    .map(|record| shown(&record, PLAIN));
    assert_eq!(
        lines,
        [
            "2026-01-01T00:00:00.123456Z accepted  -           req-00000000-0000-4000-8000-000000001111 red          reboot_hard 00000000-0000-4000-8000-000000002222 - → ACTIVE\n",
            "2026-01-01T00:00:00.123456Z succeeded worker-12   req-00000000-0000-4000-8000-000000001111 red          create      00000000-0000-4000-8000-000000002222 BUILD/spawning → ACTIVE wait 0.017 ms service 12.345 ms\n",
            "2026-01-01T00:00:00.123456Z failed    worker-12   req-00000000-0000-4000-8000-000000001111 red          create      00000000-0000-4000-8000-000000002222 BUILD/spawning → ACTIVE wait 0.017 ms service 12.345 ms (deadline) attempt 5\n",
            "2026-01-01T00:00:00.000001Z refused   -           req-00000000-0000-4000-8000-000000001111 red          delete      00000000-0000-4000-8000-000000002222 no_server\n",
        ]
    );
}

#[test]
fn text_lines_in_french() {
    let french = LogFormat::Text { color: false, locale: Locale::French };
    let lines = [LogEntry::Event(failed()), refused()].map(|record| shown(&record, french));
    let ids = "00000000-0000-4000-8000-00000000";
    assert_eq!(
        lines,
        [
            format!(
                "2026-01-01T00:00:00.123456Z échouée   worker-12   req-{ids}1111 red          create      {ids}2222 BUILD/spawning → ACTIVE attente 0,017\u{a0}ms service 12,345\u{a0}ms (deadline) essai 5\n"
            ),
            format!(
                "2026-01-01T00:00:00.000001Z refusée   -           req-{ids}1111 red          delete      {ids}2222 no_server\n"
            ),
        ]
    );
}

#[test]
fn coloured_lines_differ_in_the_kind_only() {
    let kinds = [
        (EventKind::Accepted, "\u{1b}[34maccepted \u{1b}[0m"),
        (EventKind::Started, "\u{1b}[36mstarted  \u{1b}[0m"),
        (EventKind::Succeeded, "\u{1b}[32msucceeded\u{1b}[0m"),
        (EventKind::Requeued, "\u{1b}[33mrequeued \u{1b}[0m"),
        (EventKind::Cancelled, "\u{1b}[33mcancelled\u{1b}[0m"),
        (EventKind::Failed, "\u{1b}[31mfailed   \u{1b}[0m"),
    ];
    for (kind, painted) in kinds {
        let record = LogEntry::Event(Event { kind, ..succeeded() });
        let (plain, color) = (shown(&record, PLAIN), shown(&record, COLOR));
        assert!(color.contains(painted), "{color:?}");
        assert_eq!(color.replace(painted, &format!("{:<9}", kind.as_str())), plain);
    }
    assert!(shown(&refused(), COLOR).contains("\u{1b}[35mrefused  \u{1b}[0m"));
}

#[test]
fn json_lines() {
    assert_eq!(
        shown(&LogEntry::Event(succeeded()), LogFormat::Json),
        concat!(
            r#"{"action":"create","attempt":1,"client":3,"event":"succeeded","failure":null,"#,
            r#""from":"BUILD/spawning","operation":1,"project":"red","#,
            r#""request":"00000000-0000-4000-8000-000000001111","sequence":7,"#,
            r#""server":"00000000-0000-4000-8000-000000002222","service_us":12345,"#,
            r#""time":"2026-01-01T00:00:00.123456Z","to":"ACTIVE","wait_us":17,"worker":12}"#,
            "\n"
        )
    );
    assert_eq!(
        shown(&refused(), LogFormat::Json),
        concat!(
            r#"{"action":"delete","client":3,"event":"refused","project":"red","#,
            r#""refused":"no_server","request":"00000000-0000-4000-8000-000000001111","#,
            r#""server":"00000000-0000-4000-8000-000000002222","#,
            r#""time":"2026-01-01T00:00:00.000001Z"}"#,
            "\n"
        )
    );
}

#[test]
fn notes_have_no_line_and_unknown_projects_a_mark() {
    let mut text = String::new();
    assert!(!line(&mut text, &LogEntry::Note("x".into()), &[], PLAIN));
    assert_eq!(text, "");
    assert!(line(&mut text, &refused(), &[], PLAIN));
    assert!(text.contains(" ?            delete "), "{text}");
}

#[test]
fn times_are_milliseconds_to_the_microsecond() {
    for (time, shown) in [
        (Duration::ZERO, "0.000 ms"),
        (Duration::from_nanos(1_499), "0.001 ms"),
        (Duration::from_micros(1), "0.001 ms"),
        (Duration::from_micros(12_345), "12.345 ms"),
        (Duration::from_secs(90), "90000.000 ms"),
    ] {
        assert_eq!(millis(time, Locale::English), shown);
    }
}

/// Keeps what is written, each call apart.
#[derive(Clone, Default)]
struct RecordChange(Arc<Mutex<Vec<Vec<u8>>>>);

impl Write for RecordChange {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panics").push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl RecordChange {
    fn calls(&self) -> Vec<String> {
        let calls = self.0.lock().expect("nobody panics");
        let text = |call: &Vec<u8>| String::from_utf8(call.clone()).expect("text");
        calls.iter().map(text).collect()
    }

    fn text(&self) -> String {
        self.calls().concat()
    }
}

async fn written(
    records: impl IntoIterator<Item = LogEntry>,
    format: LogFormat,
) -> (Logged, RecordChange) {
    let hub = Hub::default();
    let (reader, kept) = (hub.subscribe(), RecordChange::default());
    hub.append(records);
    hub.close();
    let console = Console::to(kept.clone());
    let logged = write(reader, vec![Arc::from("red")], format, console).await;
    (logged, kept)
}

fn numbered(sequence: u64) -> LogEntry {
    LogEntry::Event(Event { sequence, ..succeeded() })
}

#[tokio::test]
async fn what_the_reader_is_too_slow_for_is_dropped_and_counted() {
    let kept = limits::EVENTS_MAX as u64;
    for format in [PLAIN, LogFormat::Json] {
        let (logged, out) = written((1..=kept + 123).map(numbered), format).await;
        assert_eq!((logged.lines, logged.dropped), (kept, 123));
        let text = out.text();
        let first = text.lines().next().expect("lines");
        assert!(first.contains("dropped") && first.contains("123"), "{first}");
        assert_eq!(text.lines().count() as u64, kept + 1);
        if format == LogFormat::Json {
            let sequence = |line: &str| {
                let value: Value = serde_json::from_str(line).expect("JSON");
                value["sequence"].as_u64()
            };
            let rest: Vec<u64> = text.lines().filter_map(sequence).collect();
            assert!(rest.iter().copied().eq(124..=kept + 123), "the newest, in order");
        }
    }
}

#[tokio::test]
async fn nothing_dropped_is_not_mentioned() {
    let (logged, out) = written((1..=1_000).map(numbered), PLAIN).await;
    assert_eq!((logged.lines, logged.dropped), (1_000, 0));
    assert!(!out.text().contains("dropped"));
}

#[tokio::test]
async fn a_line_is_never_cut_between_two_writes() {
    let (logged, out) = written((1..=5_000).map(numbered), PLAIN).await;
    let calls = out.calls();
    assert!(calls.len() > 2 && calls.len() < 100, "in batches: {}", calls.len());
    for call in &calls {
        assert!(call.ends_with('\n'));
        assert!(call.len() <= limits::LOG_LINE_BATCH_BYTES + 512);
    }
    assert_eq!(out.text().lines().count() as u64, logged.lines);
}

#[test]
fn lines_of_many_threads_do_not_interleave() {
    for model in Model::ALL {
        let mut scenario = scenario(closed(16, 1_500, EVERYTHING));
        scenario.config.model = model;
        scenario.virtual_time = false;
        scenario.profile = builtin("instant");
        let kept = RecordChange::default();
        let show = Show {
            log: Some(LogFormat::Json),
            console: Console::to(kept.clone()),
            servers: 0,
            ..Show::default()
        };
        let ran = run_showing(&scenario, &show);
        let text = kept.text();
        let mut sequence = 0;
        let mut refused = 0;
        for line in text.lines() {
            let value: Value = serde_json::from_str(line).expect("one whole object a line");
            match value["sequence"].as_u64() {
                Some(next) => {
                    assert_eq!(next, sequence + 1);
                    sequence = next;
                }
                None => refused += 1,
            }
        }
        assert_eq!(ran.logged.dropped, 0);
        assert_eq!(ran.logged.lines, sequence + refused);
        assert_eq!(refused, ran.summary.requests.refused.values().sum::<u64>());
    }
}

#[test]
fn nobody_reading_the_log_does_not_stop_the_run() {
    struct Broken;
    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let show =
        Show { log: Some(PLAIN), console: Console::to(Broken), servers: 0, ..Show::default() };
    let ran = run_showing(&scenario(closed(4, 100, EVERYTHING)), &show);
    assert!(ran.logged.lines > 0);
}
