//! Whatever a profile file holds, reading it ends in a profile or an error, and a profile that
//! was read can be used: its means and samples are finite and in bounds.

use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::chance::generator;
use guichet_core::limits;
use guichet_driver::profile::Profile;
use proptest::prelude::*;

fn use_it(profile: &Profile) {
    let longest = Duration::from_secs_f64(limits::PROFILE_DELAY_MAX_MS / 1e3);
    for action in Action::ALL {
        let delay = &profile.behaviour(*action).delay;
        let mut rng = generator(1);
        for _ in 0..8 {
            assert!(delay.sample(&mut rng) <= longest);
        }
        assert!(delay.mean() <= longest);
    }
    for rule in profile.faults() {
        assert!((0.0..=1.0).contains(&rule.probability));
    }
}

fn read(text: &str) {
    match Profile::parse(text, "fuzz.toml") {
        Ok(profile) => use_it(&profile),
        Err(error) => assert!(error.to_string().starts_with("fuzz.toml: "), "{error}"),
    }
}

/// What profiles are written with, so that arbitrary texts are often nearly one.
fn words() -> impl Strategy<Value = String> {
    let words = [
        "[default]",
        "[create]",
        "[[fault]]",
        "delay",
        "fixed",
        "uniform",
        "log_normal",
        "exponential",
        "trace",
        "ms",
        "min_ms",
        "max_ms",
        "median_ms",
        "mean_ms",
        "sigma",
        "samples_ms",
        "cpu_ms",
        "kind",
        "probability",
        "actions",
        "name",
        "transient",
        "\"error\"",
        "\"stuck\"",
        "\"create\"",
        "=",
        ".",
        ",",
        "{",
        "}",
        "[",
        "]",
        "\n",
        " ",
        "0",
        "1",
        "-1",
        "1e308",
        "nan",
        "inf",
        "true",
        "\"\"",
        "'''",
        "#",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..60)
        .prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn arbitrary_text(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn arbitrary_words(text in words()) {
        read(&text);
    }

    #[test]
    fn a_good_profile_with_bytes_changed(
        builtin in prop::sample::select(Profile::BUILTIN.to_vec()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = Profile::source(builtin).unwrap().as_bytes().to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        read(&String::from_utf8_lossy(&bytes));
        read(&String::from_utf8_lossy(&bytes[..cut.index(bytes.len())]));
    }

    #[test]
    fn a_good_profile_with_other_numbers(a in any::<f64>(), b in any::<f64>(), c in any::<i64>()) {
        read(&format!("[create]\ndelay = {{ uniform = {{ min_ms = {a:?}, max_ms = {b:?} }} }}"));
        read(&format!("[create]\ndelay = {{ log_normal = {{ median_ms = {}, sigma = {} }} }}",
            a.abs() % 1e5, b.abs() % 4.0));
        read(&format!("[[fault]]\nkind = \"error\"\nprobability = {c}"));
    }

    #[test]
    fn an_arbitrary_file(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &bytes).unwrap();
        if let Ok(profile) = Profile::load(file.path()) {
            use_it(&profile);
        }
    }
}

#[test]
fn deep_nesting_is_an_error() {
    read(&format!("x = {}", "[".repeat(500_000)));
    read(&format!("x = {}", "{a=".repeat(300_000)));
    read(&"a.".repeat(500_000));
}
