//! The summary as people read it.

use std::time::Duration;

use guichet_core::audit::Audit;
use guichet_core::ids::{ClientId, RequestId, WorkerId};
use guichet_core::refusal::RefusalKind;
use guichet_core::scheduler::Load as Queue;
use guichet_core::server::{Operation, OperationState};
use guichet_core::time::Timestamp;
use guichet_engine::Drained;
use guichet_lab::simulate::summary::{Measured, Servers, Setup, Summary};
use guichet_lab::simulate::tally::{Answered, Tally};
use guichet_locale::Locale;
use guichet_store::Figures;

use crate::support::{closed, open, profile, run, scenario};

const EN: Locale = Locale::English;
const FR: Locale = Locale::French;

const SETUP: Setup =
    Setup { seed: 3, model: "async", workers: 2, permits: None, queue: 10, clients: 4 };

const COMPLETE: Drained = Drained { left_queued: 0, left_running: 0, is_recorded: true };

const MEASURED: Measured =
    Measured { seconds: 2.0, virtual_seconds: None, cpu_s: 0.5, peak_rss_mib: 12.34 };

fn ended(tally: &Tally, state: OperationState, wait_us: u64, service_us: Option<u64>) {
    let at = |micros| Timestamp::from_micros(1_000 + micros);
    let end = wait_us + service_us.unwrap_or(0);
    let operation = Operation {
        number: 1,
        request: RequestId::from_bits(1),
        client: ClientId(0),
        action: guichet_core::action::Action::Create,
        state,
        attempt: 1,
        worker: WorkerId(1),
        accepted: at(0),
        started: service_us.map(|_| at(wait_us)),
        finished: Some(at(end)),
        not_before: None,
        args: None,
        failure: None,
    };
    tally.ended(0, &operation, Duration::from_micros(end));
}

/// Three accepted (one cancelled before it was started), two refused, one read.
fn summary(measured: Measured) -> Summary {
    let tally = Tally::default();
    let accepted = Answered::Accepted { operations: 1, create_hour: Some(0) };
    for action in ["create", "create", "delete"] {
        tally.answered(0, action, accepted);
    }
    tally.answered(0, "delete", Answered::Refused(RefusalKind::NoServer));
    tally.answered(0, "create", Answered::Refused(RefusalKind::QueueFull));
    tally.read(0, Duration::from_micros(7));
    ended(&tally, OperationState::Succeeded, 50, Some(11_000));
    ended(&tally, OperationState::Failed, 60, Some(2_500_000));
    ended(&tally, OperationState::Cancelled, 120_000, None);
    let mut figures = Figures {
        load: Queue { max_waiting: 2, max_requeued: 1, max_in_flight: 2, ..Queue::default() },
        longest_lock_ns: 1_250,
        ..Figures::default()
    };
    figures.counts.accepted = 3;
    figures.counts.succeeded = 1;
    figures.counts.failed = 1;
    figures.counts.cancelled = 1;
    figures.counts.retried = 4;
    figures.counts.failed_driver = 1;
    figures.counts.peak_servers = 2;
    let servers = Servers { total: 2, active: 1, shutoff: 0, error: 1 };
    let audit = Audit { checked: 42, violations: vec!["a fault".to_owned()] };
    Summary::new(SETUP, &tally.total(), &figures, servers, measured, audit)
}

#[test]
fn the_lines_say_what_happened() {
    let summary = summary(MEASURED);
    assert_eq!(
        summary.lines(EN),
        [
            "requests    5 sent: 3 accepted, 0 repeated, 2 refused (no_server 1, queue_full 1); and 1 read",
            "actions     create 3, delete 2, list 1",
            "operations  3 accepted = 1 succeeded + 1 failed + 1 cancelled; 4 retried",
            "failed by   no valid host 0, driver 1, deadline 0",
            "servers     2 at the end (1 ACTIVE, 0 SHUTOFF, 1 ERROR); at most 2 at once",
            "bounds      2 in flight at most, 2 waiting at most (queue 10), 1 waiting for another attempt at most",
            "speed       2.00 s: 3 requests/s, 2 operations/s; 0.50 s CPU, 166,666.67 µs an operation; lock held 1.2 µs at most; 12.3 MiB",
        ]
    );
    assert_eq!(summary.invariants_line(EN), "invariants: 42 checked, 1 broken");
}

#[test]
fn the_lines_say_the_same_in_french() {
    let summary = summary(MEASURED);
    let lines = summary.lines(FR).map_spaces();
    assert_eq!(
        lines,
        [
            "requêtes    5 envoyées : 3 acceptées, 0 répétée, 2 refusées (no_server 1, queue_full 1) ; et 1 lecture",
            "actions     create 3, delete 2, list 1",
            "opérations  3 acceptées = 1 réussie + 1 échouée + 1 annulée ; 4 nouveaux essais",
            "échecs      aucun hôte possible 0, pilote 1, délai dépassé 0",
            "serveurs    2 à la fin (1 ACTIVE, 0 SHUTOFF, 1 ERROR) ; au plus 2 en même temps",
            "bornes      au plus 2 en cours, 2 en attente (file de 10) et 1 en attente d’un nouvel essai",
            "débit       2,00 s : 3 requêtes/s, 2 opérations/s ; 0,50 s de processeur, 166\u{202f}666,67 µs par opération ; verrou tenu 1,2 µs au plus ; 12,3 Mio",
        ]
    );
    assert_eq!(
        vec![summary.invariants_line(FR)].map_spaces(),
        ["invariants : 42 vérifiés, 1 rompu"]
    );
    let words = summary.in_words(false, COMPLETE, FR).map_spaces();
    assert_eq!(
        words,
        [
            "Les 6 requêtes ont toutes reçu une réponse : 3 acceptées, 2 refusées et 1 lecture.",
            "De celles qui ont été acceptées, 1 a réussi, 1 a échoué et 1 a cédé la place à une suppression ou à un redémarrage forcé.",
            "De l’envoi à la fin, la moitié a pris 120 ms au plus, et 99 sur 100 2,5 s au plus ; la moitié a attendu son tour 60 µs au plus.",
        ]
    );
    let table = summary.table(FR).to_string();
    assert!(table.contains("│ attente ") && table.contains("11,0\u{a0}ms"), "{table}");
}

/// Text with its no-break spaces as others, to be read here.
trait MapSpaces {
    fn map_spaces(self) -> Vec<String>;
}

impl MapSpaces for Vec<String> {
    fn map_spaces(self) -> Vec<String> {
        self.iter().map(|line| line.replace('\u{a0}', " ")).collect()
    }
}

/// Each row counts what its times are of: an operation that was never started has no service time.
#[test]
fn the_table_counts_what_its_times_are_of() {
    assert_eq!(
        summary(MEASURED).table(EN).to_string(),
        "\
┌────────────────────────────────────────────────────────────────────┐
│                count       p50      p90      p99    p99.9      max │
╞════════════════════════════════════════════════════════════════════╡
│ wait               3     60 µs   120 ms   120 ms   120 ms   120 ms │
│ service time       2   11.0 ms    2.5 s    2.5 s    2.5 s    2.5 s │
│ latency            3    120 ms    2.5 s    2.5 s    2.5 s    2.5 s │
│ reads              1      7 µs     7 µs     7 µs     7 µs     7 µs │
└────────────────────────────────────────────────────────────────────┘"
    );
}

#[test]
fn virtual_time_is_shown_beside_real_time() {
    for (seconds, shown) in
        [(12.34, "12.3 s"), (90.0, "1.5 min"), (5_400.0, "1.5 h"), (149.0 * 86_400.0, "149.0 days")]
    {
        let measured = Measured { virtual_seconds: Some(seconds), ..MEASURED };
        let lines = summary(measured).lines(EN);
        let expected = format!("speed       {shown} of virtual time in 2.00 s: ");
        assert!(lines.iter().any(|line| line.starts_with(&expected)), "{lines:#?}");
        let busiest = lines.iter().any(|line| line.ends_with(", 3 creates in the busiest hour"));
        assert_eq!(busiest, seconds >= 3_600.0, "of less than an hour it says nothing");
    }
}

#[test]
fn nothing_sent_is_said_without_gaps() {
    let (tally, figures) = (Tally::default().total(), Figures::default());
    let audit = Audit::default();
    let summary = Summary::new(SETUP, &tally, &figures, Servers::default(), MEASURED, audit);
    let lines = summary.lines(EN);
    assert_eq!(lines[0], "requests    0 sent: 0 accepted, 0 repeated, 0 refused");
    let table = summary.table(EN).to_string();
    for row in table.lines().skip(3).take(4) {
        assert_eq!(row.matches(" -").count(), 5, "{row}");
    }
    assert_eq!(lines[1], "actions     none");
    assert!(lines.iter().all(|line| line.trim_end() == line), "{lines:#?}");
    assert_eq!(summary.cpu_us_per_operation, None, "nothing is none's share");
    assert!(!lines.iter().any(|line| line.contains("an operation")), "{lines:#?}");
}

#[test]
fn quantiles_are_exact_to_three_digits() {
    let mut scenario = scenario(open(4, 1_000, "create=1", 100.0, ""));
    scenario.profile = profile("[default]\ndelay = { fixed = { ms = 250 } }\n");
    let times = run(&scenario).summary.service_ms;
    for time in [times.p50, times.p90, times.p99, times.p999, times.max] {
        assert!((250.0..250.5).contains(&time), "{times:?}");
    }
}

#[test]
fn servers_are_counted_by_status() {
    let mut scenario = scenario(closed(4, 300, "create=4,stop=2,start=1"));
    scenario.profile = profile(
        "[[fault]]\nkind = \"error\"\nprobability = 0.2\nactions = [\"create\"]\ntransient = false\n",
    );
    let ran = run(&scenario);
    let servers = ran.summary.servers;
    assert_eq!(servers.total, servers.active + servers.shutoff + servers.error);
    assert!(servers.active > 0 && servers.shutoff > 0 && servers.error > 0, "{servers:?}");
    let created = ran.summary.requests.by_action["create"];
    assert_eq!(servers.total, created, "none was deleted");
}

#[test]
fn a_read_takes_no_virtual_time_whenever_the_clock_ticks() {
    // 700 a second: most arrivals fall between two ticks of the virtual clock.
    let ran = run(&scenario(open(4, 60, "list=1,create=1", 700.0, "")));
    let summary = &ran.summary;
    assert!(summary.queries.count > 10);
    assert_eq!(summary.queries.latency_ms.max, 0.0, "{:?}", summary.queries);
    assert!(summary.service_ms.max <= summary.latency_ms.max);
}

#[test]
fn a_summary_begins_with_what_a_person_wants_to_know() {
    let summary = run(&scenario(closed(4, 200, "create=3,delete=2,list=1"))).summary;
    let words = summary.in_words(false, COMPLETE, EN).join(" ");
    assert!(words.starts_with("All 200 requests were answered: "), "{words}");
    let reads = format!(" and {} reads. Of what was accepted ", summary.queries.count);
    assert!(words.contains(&reads) && words.contains(" succeeded"), "{words}");
    assert!(words.contains(" from the request to its end, 99 of 100 took "), "{words}");
    assert!(summary.verdict(EN).starts_with("Everything that was checked holds ("));
    let cut = summary.in_words(true, COMPLETE, EN).join(" ");
    assert!(cut.starts_with("It was interrupted; 200 requests had been sent"), "{cut}");
}

#[test]
fn what_is_broken_is_said_first() {
    let mut summary = summary(MEASURED);
    let before = summary.invariants.violations.len() + 1;
    summary.invariants.check(false, || "a server is lost".to_owned());
    let verdict = summary.verdict(EN);
    assert!(verdict.starts_with(&format!("Something is wrong: {before} of ")), "{verdict}");
    assert!(verdict.contains(" checks failed."), "{verdict}");
    let words = summary.in_words(false, COMPLETE, EN).join(" ");
    assert!(words.contains("3 accepted, 2 refused and 1 read."), "{words}");
}
