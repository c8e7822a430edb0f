//! A trace from the standard input, as another program writes it.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Ran, simulate};

#[test]
fn a_trace_is_read_from_the_standard_input() {
    let flags = ["--trace", "-", "--virtual-time", "--format", "json", "--quiet"];
    let piped = |text: &str| -> Ran {
        let mut command = simulate(&flags);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut stdin = child.stdin.take().expect("it is piped");
        stdin.write_all(text.as_bytes()).expect("it is read");
        drop(stdin);
        child.wait_with_output().expect("it ends").into()
    };
    let header = "time_s,client,project,action,server,vcpus,ram_mib\n";
    let ran = piped(&format!("{header}0,c,p,create,a,1.0,512\n1,c,p,delete,a,,\n"));
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    let summary: Value = serde_json::from_str(&ran.out).expect("one JSON object");
    assert!(summary.is_object(), "{summary}");
    assert!(ran.out.contains("\"accepted\""), "{summary}");
    let ran = piped(&format!("{header}0,c,p,create,a,x,512\n"));
    assert_eq!(ran.code, Some(2), "{ran:#?}");
    assert!(ran.log.contains("-:2: column vcpus (6): found \"x\""), "{}", ran.log);
}
