//! What people see.

use std::process::Stdio;

use crate::support::{Place, Ran, TRACE, flag, good, run, simulate};

/// The last line says that all is well, and how much was checked.
fn ends_well(ran: &Ran) {
    let last = ran.out.lines().last().expect("lines");
    let checked =
        last.strip_prefix("invariants: ").and_then(|rest| rest.strip_suffix(" checked, 0 broken"));
    let checked = checked.and_then(|number| number.replace(',', "").parse::<u64>().ok());
    assert!(checked.is_some_and(|checked| checked > 10), "{last}");
    assert!(ran.out.ends_with('\n'));
}

#[test]
fn a_small_run_is_readable_without_a_manual() {
    let ran = good(&["--clients", "8", "--requests", "300", "--quiet"]);
    ends_well(&ran);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        lines[..3],
        [
            "guichet simulate: 300 requests from 8 clients, each waiting for its last",
            "model async, 64 in flight at most, queue 10,000, profile fast, seed 1",
            "10 hosts of 128 vcpus and 524,288 MiB: enough for every create of this load, were none deleted (--hosts for another fleet)",
        ]
    );
    for start in [
        "requests    ",
        "actions     ",
        "operations  ",
        "servers     ",
        "bounds      ",
        "speed       ",
    ] {
        assert!(lines.iter().any(|line| line.starts_with(start)), "{start}");
    }
    for row in ["│ wait ", "│ service time ", "│ latency ", "│ reads "] {
        assert!(lines.iter().any(|line| line.starts_with(row)), "{row}");
    }
    assert!(ran.out.contains("active servers: the first 10 of "), "{}", ran.out);
    assert!(!ran.out.contains('\u{1b}'), "no colours when nobody looks");
    assert!(lines.iter().all(|line| line.trim_end() == *line), "no trailing spaces");
}

#[test]
fn all_active_servers_are_listed_when_asked_for() {
    let flags = ["--requests", "100", "--mix", "create=1", "--virtual-time", "--quiet"];
    let servers = |ran: &Ran| ran.out.lines().filter(|line| line.contains(" ACTIVE ")).count();
    let first = good(&flags);
    assert_eq!(servers(&first), 10);
    assert!(first.out.contains("active servers: the first 10 of 100 (--all lists all)\n"));
    let all = good(&[&flags[..], &["--all"]].concat());
    assert_eq!(servers(&all), 100);
    assert!(all.out.contains("active servers: 100\n"));
    let none = good(&["--requests", "5", "--mix", "list=1", "--quiet"]);
    assert!(none.out.contains("active servers: none\n"));
}

#[test]
fn the_heading_says_what_is_run() {
    for (flags, heading) in [
        (
            &["--requests", "20", "--rate", "2000", "--bursts", "2x1ms@5000"][..],
            "guichet simulate: 20 requests from 64 clients at 2000 a second, bursts 2x0.001s@5000\n",
        ),
        (
            &["--requests", "1", "--clients", "1", "--virtual-time"],
            "guichet simulate: 1 request from 1 client, each waiting for its last, in virtual time\n",
        ),
        (
            &["--requests", "9", "--model", "sequential", "--workers", "5", "--seed", "7"],
            "\nmodel sequential, 1 in flight at most, queue 10,000, profile fast, seed 7\n",
        ),
        (
            &["--requests", "9", "--model", "pool", "--workers", "5", "--permits", "3"],
            "\nmodel pool, 3 in flight at most, ",
        ),
        (&["--requests", "9", "--hosts", "1"], "\n1 host of 64 vcpus and 262,144 MiB\n"),
    ] {
        let ran = good(&[flags, &["--quiet"]].concat());
        assert!(ran.out.contains(heading), "{}", ran.out);
        ends_well(&ran);
    }
}

#[test]
fn a_trace_is_replayed_with_the_realistic_profile() {
    let place = Place::new();
    let (trace, hosts) = (
        place.file("trace.csv", TRACE.as_bytes()),
        place.file("hosts.csv", b"name,vcpus,ram_mib\nbig,64,262144\nsmall,2,2048\n"),
    );
    let flags =
        ["--trace", flag(&trace), "--hosts-file", flag(&hosts), "--virtual-time", "--quiet"];
    let ran = good(&flags);
    ends_well(&ran);
    assert!(
        ran.out.starts_with(
            "guichet simulate: 11 requests of a trace from 2 clients, in virtual time\n"
        )
    );
    assert!(ran.out.contains(" profile realistic, "));
    assert!(ran.out.contains(&format!("\n2 hosts from {}\n", hosts.display())));
    let note = "\n1 change names a server that the trace never creates: not_found, or no_server where its project";
    assert!(ran.out.contains(note), "{}", ran.out);
    assert!(ran.out.contains("1.0 days of virtual time"), "{}", ran.out);
    let ran = good(&[&flags[..], &["--profile", "instant"]].concat());
    assert!(ran.out.contains(" profile instant, "));
}

#[test]
fn a_trace_is_replayed_faster_than_it_was_recorded() {
    let place = Place::new();
    let early: String = TRACE.lines().take(7).map(|line| format!("{line}\n")).collect();
    let trace = place.file("trace.csv", early.as_bytes());
    let ran = good(&["--trace", flag(&trace), "--speed", "1000", "--profile", "instant", "-q"]);
    ends_well(&ran);
    let heading = "guichet simulate: 6 requests of a trace from 2 clients, 1000 times as fast\n";
    assert!(ran.out.starts_with(heading), "{}", ran.out);
}

#[test]
fn a_profile_of_ones_own_is_used() {
    let place = Place::new();
    let profile = place.file("mine.toml", b"[default]\ndelay = { fixed = { ms = 70 } }\n");
    let flags = ["--requests", "10", "--mix", "create=1", "--virtual-time", "--quiet", "--profile"];
    let ran = good(&[&flags[..], &[flag(&profile)]].concat());
    assert!(ran.out.contains(&format!(" profile {}, ", profile.display())), "{}", ran.out);
    let service = ran.out.lines().find(|line| line.starts_with("│ service time "));
    assert!(service.is_some_and(|line| line.contains(" 70.0 ms ")), "{service:?}");
}

#[test]
fn who_stops_reading_early_has_read_enough() {
    for flags in [&["--format", "json"][..], &["--all"], &[]] {
        let mut command = simulate(&[flags, &["--requests", "300"]].concat());
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        drop(child.stdout.take());
        let ran: Ran = child.wait_with_output().expect("it ends").into();
        assert_eq!(ran.code, Some(0), "{ran:#?}");
    }
    let mut command = simulate(&["--requests", "300"]);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    drop(child.stderr.take());
    let ran: Ran = child.wait_with_output().expect("it ends").into();
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    ends_well(&ran);
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let full = std::fs::File::options().write(true).open("/dev/full").expect("a full disk");
    let mut command = simulate(&["--requests", "30", "--quiet"]);
    let ran: Ran = command.stdout(full).output().expect("it starts").into();
    assert_eq!(ran.code, Some(2));
    assert!(ran.log.starts_with("error: standard output: No space left"), "{}", ran.log);
}

#[test]
fn quiet_is_quiet() {
    for model in ["sequential", "threads", "pool", "async"] {
        let ran = run(&["--requests", "100", "--model", model, "-q", "--profile", "instant"]);
        assert_eq!((ran.code, ran.log.as_str()), (Some(0), ""));
        ends_well(&ran);
    }
}
