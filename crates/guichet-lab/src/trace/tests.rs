use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::limits;
use guichet_core::server::Size;
use guichet_locale::Locale;
use proptest::prelude::*;

use super::{Trace, TraceBody, hosts, write_native};

const PODS: &str = "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time\n";
const OWN: &str = "time_s,client,project,action,server,vcpus,ram_mib\n";

fn trace(header: &str, rows: &str) -> Trace {
    Trace::parse(format!("{header}{rows}").as_bytes(), "t.csv").expect("a sound trace")
}

fn refusal(header: &str, rows: &str) -> String {
    let text = Trace::parse(format!("{header}{rows}").as_bytes(), "t.csv");
    text.expect_err("not a sound trace").to_string()
}

/// The requests in words, numbers replaced by the names they stand for.
fn described(trace: &Trace) -> Vec<String> {
    let described = trace.requests.iter().map(|request| {
        let body = match request.body {
            TraceBody::Create { server, size } => {
                let name = &trace.servers[server as usize];
                format!("create {name} {}x{}", size.vcpus, size.ram_mib)
            }
            TraceBody::Act { action, server } => {
                format!("{action} {}", trace.servers[server as usize])
            }
            TraceBody::List => "list".to_owned(),
        };
        let client = &trace.clients[request.client.index()];
        let project = &trace.projects[request.project.index()];
        format!("{:?} {client}@{project} {body}", request.at)
    });
    described.collect()
}

/// What is said of a trace.
fn notes(trace: &Trace, locale: Locale) -> Vec<String> {
    trace.notes.iter().map(|note| note.text_in(locale).replace('\u{a0}', " ")).collect()
}

fn names(names: &[std::sync::Arc<str>]) -> Vec<&str> {
    names.iter().map(|name| &**name).collect()
}

#[test]
fn openb_pods_are_creates_and_deletes_with_room_given_back_first() {
    let rows = "\
        late,1001,2048,1,1000,,LS,Running,10,20,10\n\
        early,999,0,0,0,,BE,Pending,0,10,\n\
        flash,1000,1,0,0,V100|P100,LS,Failed,10,10,11.5\n\
        next,4000,8,2,1000,,Guaranteed,Succeeded,10,10,10\n\
        last,0,8,0,0,,BE,Succeeded,2,20,10\n";
    let trace = trace(PODS, rows);
    assert_eq!(
        described(&trace),
        [
            "0ns BE@BE create early 1x0",
            "2s BE@BE create last 0x8",
            "10s BE@BE delete early",
            "10s LS@LS create late 2x2048",
            "10s LS@LS create flash 1x1",
            "10s LS@LS delete flash",
            "10s Guaranteed@Guaranteed create next 4x8",
            "10s Guaranteed@Guaranteed delete next",
            "20s LS@LS delete late",
            "20s BE@BE delete last",
        ]
    );
    assert_eq!(names(&trace.projects), ["LS", "BE", "Guaranteed"]);
    assert_eq!(trace.projects, trace.clients);
    assert_eq!(names(&trace.servers), ["late", "early", "flash", "next", "last"]);
    assert_eq!((trace.span, trace.creates), (Duration::from_secs(20), 5));
    assert_eq!(
        notes(&trace, Locale::English),
        [
            "2 of 5 rows ask for GPUs, which are ignored",
            "1 of 5 rows were never scheduled on the original cluster; they are created all the same",
        ]
    );
    assert_eq!(
        notes(&trace, Locale::French),
        [
            "2 lignes sur 5 demandent des GPU, qui sont ignorés",
            "1 ligne sur 5 n’a jamais été placée sur la grappe d’origine ; son serveur est créé quand même",
        ]
    );
}

#[test]
fn our_own_traces_are_sorted_by_time_and_then_as_written() {
    let rows = "\
        3,alice,red,delete,web-1,,\n\
        0.5,7,blue,list,,,\n\
        0.000000001,alice,red,create,web-1,2,2048\n\
        3,alice,red,create,\"db, main\",0,0\n\
        3,bob,red,reboot_hard,web-1,,\n\
        0,bob,red,stop,web-1,,\n\
        3,bob,red,start,ghost,,\n";
    let trace = trace(OWN, rows);
    assert_eq!(
        described(&trace),
        [
            "0ns bob@red stop web-1",
            "1ns alice@red create web-1 2x2048",
            "500ms 7@blue list",
            "3s alice@red delete web-1",
            "3s alice@red create db, main 0x0",
            "3s bob@red reboot_hard web-1",
            "3s bob@red start ghost",
        ]
    );
    assert_eq!(names(&trace.clients), ["alice", "7", "bob"]);
    assert_eq!(names(&trace.projects), ["red", "blue"]);
    assert_eq!(names(&trace.servers), ["web-1", "db, main", "ghost"]);
    assert_eq!((trace.span, trace.creates), (Duration::from_secs(3), 2));
    assert_eq!(
        notes(&trace, Locale::English),
        [
            "1 change names a server that the trace never creates: not_found, or no_server where its project has none",
            "1 change names a server that the trace creates later only: not_found, or no_server where its project has none",
        ]
    );
    assert_eq!(
        notes(&trace, Locale::French),
        [
            "1 changement porte sur un serveur que la trace ne crée jamais : not_found, ou no_server si son projet n’en a aucun",
            "1 changement porte sur un serveur que la trace ne crée que plus tard : not_found, ou no_server si son projet n’en a aucun",
        ]
    );
}

#[test]
fn columns_may_be_in_any_order() {
    let turned = Trace::parse(
        b"\xEF\xBB\xBFram_mib,action,server,project,vcpus,client,time_s\r\n512,create,a,p,1,c,1\r\n",
        "t.csv",
    );
    assert_eq!(turned.expect("sound"), trace(OWN, "1,c,p,create,a,1,512\n"));
}

#[test]
fn a_pod_without_an_end_is_still_there() {
    let trace = trace(PODS, "a,1000,1,0,0,,LS,Running,1,,1\nb,1000,1,0,0,,LS,Failed,2,3,2\n");
    assert_eq!(
        described(&trace),
        ["1s LS@LS create a 1x1", "2s LS@LS create b 1x1", "3s LS@LS delete b"]
    );
    assert_eq!(trace.span, Duration::from_secs(3));
}

#[test]
fn whole_numbers_may_have_decimals_of_zero() {
    let rows = "0,c,p,create,a,2.0,512.000\n";
    assert_eq!(described(&trace(OWN, rows)), ["0ns c@p create a 2x512"]);
    let pod = described(&trace(PODS, "a,1500.0,1.0,0.0,0,,LS,Running,1,2,1\n"));
    assert_eq!(pod[0], "1s LS@LS create a 2x1");
    assert_eq!(
        hosts::parse(b"name,vcpus,ram_mib\nh,4.0,1024.0\n", "h.csv").expect("sound")[0].capacity,
        Size { vcpus: 4, ram_mib: 1_024 }
    );
    for wrong in ["2.5", "2.", ".0", "2.0.0", "2,0", "2.00x", "-2.0"] {
        let text = refusal(OWN, &format!("0,c,p,create,a,\"{wrong}\",512\n"));
        assert!(text.contains("expected a whole number"), "{wrong}: {text}");
    }
}

#[test]
fn a_trace_that_counts_from_1970_begins_at_its_first_request_and_says_so() {
    let rows = "1700000030.5,c,p,list,,,\n1700000000.25,c,p,create,a,1,512\n";
    let late = trace(OWN, rows);
    assert_eq!(described(&late), ["0ns c@p create a 1x512", "30.25s c@p list"]);
    assert_eq!(late.span, Duration::from_millis(30_250));
    assert_eq!(
        notes(&late, Locale::English),
        ["the first request is at 1700000000.25 s: the trace begins with it"]
    );
    let french = notes(&late, Locale::French);
    assert_eq!(french, ["la première requête est à 1700000000.25 s : la trace commence par elle"]);
    let day = limits::TRACE_LEAD_MAX.as_secs();
    let soon = trace(OWN, &format!("{day},c,p,list,,,\n"));
    assert_eq!((soon.requests[0].at.as_secs(), soon.notes.len()), (day, 0), "a day is waited for");
}

#[test]
fn unsound_openb_rows_are_refused_with_their_place() {
    let good = "a,1000,1,0,0,,LS,Running,0,1,0\n";
    let table = [
        (
            "b,1000,1,0,0,,LS,Running,5,4.5,5\n",
            "column deletion_time (10): found \"4.5\", expected no time before creation_time, 5",
        ),
        (good, "column name (1): found \"a\", expected a name that no row before has"),
        (
            "b,1000,1,0,0,,LS,Running,,4,5\n",
            "column creation_time (9): found \"\", expected seconds",
        ),
        (
            "b,1000,1,0,0,,LS,Running,1,never,5\n",
            "column deletion_time (10): found \"never\", expected seconds",
        ),
        ("b,1000,1,0,0,,LS,Running,1,4,soon\n", "column scheduled_time (11): found \"soon\""),
        (
            "b,12.5,1,0,0,,LS,Running,1,4,5\n",
            "column cpu_milli (2): found \"12.5\", expected a whole",
        ),
        ("b,1,-1,0,0,,LS,Running,1,4,5\n", "column memory_mib (3): found \"-1\", expected a whole"),
        ("b,1,1,one,0,,LS,Running,1,4,5\n", "column num_gpu (4): found \"one\", expected a whole"),
        ("b,1,1,0,0,,,Running,1,4,5\n", "column qos (7): found \"\", expected a name of 1 to 255"),
        ("b,1,1,0,0,,LS,Running,1,4\n", "found 10 fields, expected 11: name,cpu_milli"),
    ];
    for (row, expected) in table {
        let text = refusal(PODS, &format!("{good}{row}"));
        assert!(text.starts_with("t.csv:3: "), "{text}");
        assert!(text.contains(expected), "{text}\nshould say\n{expected}");
    }
}

#[test]
fn unsound_rows_of_our_own_are_refused_with_their_place() {
    let table = [
        ("-1,c,p,list,,,\n", "column time_s (1): found \"-1\", expected seconds"),
        ("1,,p,list,,,\n", "column client (2): found \"\", expected a name"),
        ("1,c, ,list,,,\n", "column project (3): found \"\", expected a name"),
        (
            "1,c,p,resize,a,,\n",
            "column action (4): found \"resize\", expected one of create, reboot, reboot_hard, start, stop, delete, list",
        ),
        ("1,c,p,Create,a,1,1\n", "column action (4): found \"Create\", expected one of"),
        (
            "1,c,p,list,a,,\n",
            "column server (5): found \"a\", expected nothing: a list names no server",
        ),
        (
            "1,c,p,list,,1,\n",
            "column vcpus (6): found \"1\", expected nothing: only a create has a size",
        ),
        ("1,c,p,delete,,,\n", "column server (5): found \"\", expected a name"),
        ("1,c,p,delete,a,,0\n", "column ram_mib (7): found \"0\", expected nothing: only a create"),
        ("1,c,p,create,,1,1\n", "column server (5): found \"\", expected a name"),
        (
            "1,c,p,create,a,1,1\n",
            "column server (5): found \"a\", expected a name that no create before has",
        ),
        ("1,c,p,create,b,,1\n", "column vcpus (6): found \"\", expected a whole number from 0 to"),
        ("1,c,p,create,b,1,4294967296\n", "column ram_mib (7): found \"4294967296\", expected"),
    ];
    for (row, expected) in table {
        let text = refusal(OWN, &format!("0,c,p,create,a,1,1\n\n{row}"));
        assert!(text.starts_with("t.csv:4: "), "{text}");
        assert!(text.contains(expected), "{text}\nshould say\n{expected}");
    }
}

#[test]
fn unsound_files_are_refused_in_french() {
    let refused = |header: &str, rows: &str| {
        let file = format!("{header}{rows}");
        let error = Trace::parse(file.as_bytes(), "t.csv").expect_err("unsound");
        error.text_in(Locale::French).replace(['\u{a0}', '\u{202f}'], " ")
    };
    let pod = "a,1000,1,0,0,,LS,Running,5,6,0\n";
    for (header, rows, said) in [
        ("", "name,vcpus,ram_mib\n", "t.csv:1 : en-tête : une liste d’hôtes ; attendu : time_s,"),
        ("", "sn,cpu_milli,memory_mib,gpu,model\n", "t.csv:1 : en-tête : une liste de nœuds openb"),
        (
            OWN,
            "1,c,p,resize,a,,\n",
            "t.csv:2 : colonne action (4) : \"resize\" trouvé ; attendu : une valeur parmi create, ",
        ),
        (
            OWN,
            "1,c,p,list,a,,\n",
            "t.csv:2 : colonne server (5) : \"a\" trouvé ; attendu : rien : list ne nomme pas de serveur",
        ),
        (
            OWN,
            "1,c,p,stop,a,1,\n",
            "t.csv:2 : colonne vcpus (6) : \"1\" trouvé ; attendu : rien : seul create a une taille",
        ),
        (
            OWN,
            "1,c,p,create,a,1,1\n1,c,p,create,a,1,1\n",
            "t.csv:3 : colonne server (5) : \"a\" trouvé ; attendu : un nom qu’aucun create précédent n’a",
        ),
        (
            PODS,
            &format!("{pod}{pod}"),
            "t.csv:3 : colonne name (1) : \"a\" trouvé ; attendu : un nom qu’aucune ligne précédente n’a",
        ),
        (
            PODS,
            "a,1000,1,0,0,,LS,Running,5,4.5,0\n",
            "t.csv:2 : colonne deletion_time (10) : \"4.5\" trouvé ; attendu : un temps qui ne précède pas creation_time, 5",
        ),
    ] {
        let told = refused(header, rows);
        assert!(told.starts_with(said), "{told}\nshould say\n{said}");
    }
    let clients: String =
        (0..=limits::CLIENTS_MAX).map(|n| format!("0,c{n},p,list,,,\n")).collect();
    assert!(refused(OWN, &clients).ends_with("attendu : 100 000 clients différents au plus"));
    let projects: String =
        (0..=limits::PROJECTS_MAX).map(|n| format!("0,c,p{n},list,,,\n")).collect();
    assert!(refused(OWN, &projects).ends_with("attendu : 10 000 projets différents au plus"));
    let hosts = hosts::parse(b"name,vcpus,ram_mib\na,1,1\na,1,1\n", "h.csv").expect_err("twice");
    assert!(hosts.text_in(Locale::French).ends_with("un nom qu’aucun hôte précédent n’a"));
}

#[test]
fn a_file_of_the_wrong_kind_is_recognised() {
    let text = refusal("", "sn,cpu_milli,memory_mib,gpu,model\nn,1,1,0,\n");
    assert!(text.starts_with("t.csv:1: header: found a list of openb nodes, expected time_s,client,project,action,server,vcpus,ram_mib or name,cpu_milli,"), "{text}");
    assert!(refusal("", "vcpus,ram_mib,name\n").contains("found a list of hosts, expected time_s"));
    let wrong = |header: &str| {
        let refused = hosts::parse(header.as_bytes(), "h.csv");
        refused.expect_err("not a list of hosts").to_string()
    };
    assert!(
        wrong(OWN)
            .starts_with("h.csv:1: header: found a trace, expected name,vcpus,ram_mib or sn,")
    );
    assert!(wrong(PODS).contains("found a trace of openb pods, expected name,vcpus"));
    assert!(wrong("sn,cpu_milli,memory_mib\n").contains("found no column gpu, expected sn,cpu"));
}

#[test]
fn more_projects_or_clients_than_may_be_are_refused() {
    let rows = |column: usize, count: usize| {
        let row = |number: usize| match column {
            2 => format!("0,c{number},p,list,,,\n"),
            _ => format!("0,c,p{number},list,,,\n"),
        };
        (0..count).map(row).collect::<String>()
    };
    trace(OWN, &rows(3, limits::PROJECTS_MAX));
    let text = refusal(OWN, &rows(3, limits::PROJECTS_MAX + 1));
    let expected = "t.csv:10002: column project (3): found \"p10000\", expected at most 10,000 different projects";
    assert_eq!(text, expected);
    let text = refusal(OWN, &rows(2, limits::CLIENTS_MAX + 1));
    assert!(text.contains("expected at most 100,000 different clients"), "{text}");
}

#[test]
fn every_trace_can_be_written_in_our_own_format_and_read_back() {
    let rows = "\
        b,1001,2048,1,1000,,LS,Running,10,20,10\n\
        \"a \"\"x\"\", y\",999,0,0,0,,\"B,E\",Pending,0,10,\n\
        c,1000,1,0,0,,LS,Failed,10,10,11.5\n";
    let original = trace(PODS, rows);
    let mut written = Vec::new();
    write_native(&original, &mut written).expect("written");
    let read = Trace::parse(&written, "w.csv").expect("sound");
    assert_eq!(described(&read), described(&original));
    assert_eq!((read.span, read.creates), (original.span, original.creates));
    let mut again = Vec::new();
    write_native(&read, &mut again).expect("written");
    assert_eq!(again, written);
    assert_eq!(Trace::parse(&again, "w.csv").expect("sound"), read);
}

#[test]
fn a_trace_with_numbers_of_nothing_is_not_written() {
    let mut unsound = trace(OWN, "0,c,p,delete,a,,\n");
    unsound.servers.clear();
    let error = write_native(&unsound, Vec::new()).expect_err("no such server");
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
}

#[test]
fn hosts_of_both_formats_are_read() {
    let nodes = "sn,cpu_milli,memory_mib,gpu,model\nn-0,32999,262144,0,\nn-1,96000,1,8,V100\n";
    let nodes = hosts::parse(nodes.as_bytes(), "h.csv").expect("sound");
    let own = hosts::parse(b"ram_mib,name,vcpus\n262144,n-0,32\n1,n-1,96\n", "h.csv");
    assert_eq!(own.expect("sound"), nodes);
    assert_eq!((nodes[1].id.0, &*nodes[1].name), (1, "n-1"));
    assert_eq!(nodes[1].capacity, Size { vcpus: 96, ram_mib: 1 });
}

#[test]
fn unsound_hosts_are_refused_with_their_place() {
    let refusal = |rows: &str| {
        let file = format!("name,vcpus,ram_mib\n{rows}");
        hosts::parse(file.as_bytes(), "h.csv").expect_err("unsound").to_string()
    };
    let text = refusal("a,1,1\nb,1,1\na,2,2\n");
    assert_eq!(
        text,
        "h.csv:4: column name (1): found \"a\", expected a name that no host before has"
    );
    assert!(refusal("a,-4,1\n").starts_with("h.csv:2: column vcpus (2): found \"-4\", expected"));
    assert!(refusal("").contains("found nothing after the header"));
    let row = |number: usize| format!("h{number},1,1\n");
    let many: String = (0..=limits::HOSTS_MAX).map(row).collect();
    assert!(refusal(&many).starts_with("h.csv:100002: found more than 100,000 rows"));
}

#[test]
fn files_are_loaded_under_their_own_name() {
    let directory = tempfile::tempdir().expect("a directory for the test");
    let path = directory.path().join("own.csv");
    std::fs::write(&path, format!("{OWN}0,c,p,list,,,\n")).expect("written");
    assert_eq!(Trace::load(&path).expect("sound").requests.len(), 1);
    let text = hosts::load(&path).expect_err("a trace").to_string();
    assert!(text.ends_with("own.csv:1: header: found a trace, expected name,vcpus,ram_mib or sn,cpu_milli,memory_mib,gpu,model"), "{text}");
    assert!(Trace::load(directory.path()).is_err());
}

/// Whatever the bytes are: one line of error, or a trace that holds together.
fn is_read_or_refused(bytes: &[u8]) {
    let one_line = |error: crate::trace::input::InputError| {
        let text = error.to_string();
        assert!(text.starts_with("any.csv:"), "{text:?}");
        assert!(!text.contains(char::is_control) && text.len() < 2_000, "{text:?}");
    };
    hosts::parse(bytes, "any.csv").map_or_else(one_line, drop);
    let trace = match Trace::parse(bytes, "any.csv") {
        Err(error) => return one_line(error),
        Ok(trace) => trace,
    };
    assert!(trace.requests.is_sorted_by_key(|request| request.at));
    let mut written = Vec::new();
    write_native(&trace, &mut written).expect("its numbers have names");
    let read = Trace::parse(&written, "any.csv").expect("what was written is sound");
    assert_eq!(described(&read), described(&trace));
}

const SEEDS: [&str; 4] = [
    "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time\np-0,12000,16384,1,1000,,LS,Running,0,12537496,0\np-1,6000,0,1,460,,BE,Pending,427061,427061,\n",
    "time_s,client,project,action,server,vcpus,ram_mib\n0,alice,red,create,web-1,2,2048\n1.25,7,red,reboot,web-1,,\n1.25,bob,blue,list,,,\n0.5,bob,red,delete,\"a, b\",,\n",
    "sn,cpu_milli,memory_mib,gpu,model\nnode-0,32000,262144,0,\nnode-1,32000,262144,2,P100\n",
    "name,vcpus,ram_mib\r\na,1,2\r\nb,3,4\r\n",
];

/// One change to a file: at a position, some bytes are taken away and others put there.
fn change() -> impl Strategy<Value = (prop::sample::Index, usize, Vec<u8>)> {
    let piece = prop_oneof![
        4 => prop::collection::vec(prop::sample::select(b"\n\r,\"-.0159eE \tx".to_vec()), 0..3),
        1 => prop::collection::vec(any::<u8>(), 0..3),
        1 => prop::sample::select(vec![b"inf".to_vec(), "\u{FEFF}".into(), vec![b'9'; 30], b"delete".to_vec()]),
    ];
    (any::<prop::sample::Index>(), 0..4usize, piece)
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        is_read_or_refused(&bytes);
    }

    #[test]
    fn changed_files_are_read_or_refused(
        seed in prop::sample::select(SEEDS.to_vec()),
        changes in prop::collection::vec(change(), 0..6),
    ) {
        let mut bytes = seed.as_bytes().to_vec();
        for (position, taken, put) in changes {
            let start = position.index(bytes.len() + 1);
            let end = (start + taken).min(bytes.len());
            bytes.splice(start..end, put);
        }
        is_read_or_refused(&bytes);
    }

    #[test]
    fn any_trace_of_ours_survives_being_written(
        rows in prop::collection::vec((0..5_000_000_000u64, 0..3u8, "[ -~é]{1,8}", 0..7usize), 1..20),
    ) {
        let mut file = String::from(OWN);
        for (row, (ns, client, name, action)) in rows.iter().enumerate() {
            let quoted = format!("\"x{}\"", name.replace('"', "\"\""));
            let time = format!("{}.{:09}", ns / 1_000_000_000, ns % 1_000_000_000);
            let rest = match Action::LAB.get(*action) {
                None => "list,,,".to_owned(),
                Some(Action::Create) => format!("create,s{row},{row},{client}"),
                Some(action) => format!("{action},{quoted},,"),
            };
            file.push_str(&format!("{time},{client},{quoted},{rest}\n"));
        }
        let trace = Trace::parse(file.as_bytes(), "p.csv").expect("sound");
        prop_assert_eq!(trace.requests.len(), rows.len());
        is_read_or_refused(file.as_bytes());
    }
}
