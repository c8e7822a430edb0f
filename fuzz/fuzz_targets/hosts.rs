//! Lists of hosts of both formats: read or refused in one line.
#![no_main]

use guichet_lab::trace::hosts;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match hosts::parse(bytes, "h.csv") {
        Ok(hosts) => {
            assert!(!hosts.is_empty());
            assert!(
                hosts
                    .iter()
                    .enumerate()
                    .all(|(place, host)| host.id.index() == place)
            );
        }
        Err(error) => {
            let text = error.to_string();
            assert!(text.starts_with("h.csv:"), "{text:?}");
            assert!(!text.contains(char::is_control), "{text:?}");
        }
    }
});
