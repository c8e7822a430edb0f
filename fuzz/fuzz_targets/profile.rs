//! Profiles of the simulated driver: read or refused; what was read has a mean for every action.
#![no_main]

use guichet_driver::profile::Profile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Profile::parse(text, "p.toml") {
        Ok(profile) => {
            profile.mean_service();
        }
        Err(error) => assert!(error.to_string().starts_with("p.toml"), "{error}"),
    }
});
