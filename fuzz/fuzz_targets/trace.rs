//! Traces of both formats: read or refused in one line; what was read is sorted, its numbers have
//! names, and it can be written in our own format and read back.
#![no_main]

use guichet_lab::trace::{Trace, write_native};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let trace = match Trace::parse(bytes, "t.csv") {
        Ok(trace) => trace,
        Err(error) => {
            let text = error.to_string();
            assert!(text.starts_with("t.csv:"), "{text:?}");
            assert!(!text.contains(char::is_control), "{text:?}");
            return;
        }
    };
    assert!(trace.requests.is_sorted_by_key(|request| request.at));
    let mut written = Vec::new();
    write_native(&trace, &mut written).expect("its numbers have names");
    let read = Trace::parse(&written, "w.csv").expect("what was written is sound");
    assert_eq!(read.requests.len(), trace.requests.len());
    assert_eq!((read.span, read.creates), (trace.span, trace.creates));
    let mut again = Vec::new();
    write_native(&read, &mut again).expect("its numbers have names");
    assert_eq!(again, written);
});
