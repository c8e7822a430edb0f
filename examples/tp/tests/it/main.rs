//! Every program is run, and its output says what the program is there to show. Figures that
//! differ from run to run (times, the order of threads) are not looked at.

mod guides;
mod right;
mod wrong;

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

macro_rules! programs {
    ($($name:literal)*) => {
        &[$(($name, env!(concat!("CARGO_BIN_EXE_", $name)))),*]
    };
}

/// Every program, and where it is.
const PROGRAMS: &[(&str, &str)] = programs![
    "step1_manager" "step1_wrong"
    "step2_lock" "step2_wrong"
    "step3_clients" "step3_wrong"
    "step4_pool" "step4_wrong"
    "step5_semaphore" "step5_wrong"
    "step6_log" "step6_wrong"
    "step7_queue" "step7_wrong"
    "step8_measure" "step8_wrong"
];

/// A program needs a second or two. One that has not ended by now never will.
const DEADLINE: Duration = Duration::from_secs(120);

/// A program that has ended.
struct Ended {
    code: Option<i32>,
    output: String,
    errors: String,
}

/// Runs a program to its end.
fn ended(name: &str) -> Ended {
    let (_, path) = PROGRAMS.iter().find(|(known, _)| *known == name).expect("it is a program");
    let mut command = Command::new(path);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let (mut stdout, mut stderr) = (child.stdout.take(), child.stderr.take());
    let (sender, receiver) = sync_channel(1);
    // What it prints is far less than a pipe holds, so one can be read after the other.
    let reader = thread::spawn(move || {
        let (mut output, mut errors) = (String::new(), String::new());
        stdout.as_mut().map(|pipe| pipe.read_to_string(&mut output));
        stderr.as_mut().map(|pipe| pipe.read_to_string(&mut errors));
        sender.send((output, errors)).expect("the test waits, or has failed");
    });
    let Ok((output, errors)) = receiver.recv_timeout(DEADLINE) else {
        child.kill().expect("it can be ended");
        panic!("{name} does not end");
    };
    reader.join().expect("the reader ends");
    Ended { code: child.wait().expect("it has ended").code(), output, errors }
}

/// What a program prints that ends well.
fn output(name: &str) -> String {
    let ended = ended(name);
    assert_eq!(ended.code, Some(0), "{name}: {}{}", ended.output, ended.errors);
    ended.output
}
