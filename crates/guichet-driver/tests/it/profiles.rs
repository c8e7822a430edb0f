//! Reading profiles: the built-in ones, what is inherited, and files that are none.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::limits;
use guichet_driver::profile::{Delay, FaultKind, Profile, ProfileError};

use crate::support::profile;

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[test]
fn the_built_in_profiles_are_sound() {
    assert_eq!(Profile::BUILTIN, ["instant", "fast", "realistic", "flaky"]);
    for name in Profile::BUILTIN {
        assert_eq!(Profile::builtin(name).unwrap().name(), *name);
    }
    assert_eq!(Profile::builtin("slow"), None);
}

#[test]
fn instant_is_what_an_empty_file_says() {
    let (instant, empty) = (Profile::builtin("instant").unwrap(), profile(""));
    for action in Action::ALL {
        assert!(instant.behaviour(*action).delay.is_zero());
        assert_eq!(instant.behaviour(*action), empty.behaviour(*action));
    }
    assert_eq!(instant.mean_service(), Duration::ZERO);
    assert!(instant.faults().is_empty() && empty.faults().is_empty());
}

#[test]
fn fast_takes_10_ms_on_average_and_flaky_is_as_quick() {
    assert_eq!(Profile::builtin("fast").unwrap().mean_service(), ms(10));
    assert_eq!(Profile::builtin("flaky").unwrap().mean_service(), ms(10));
}

/// Means a little above the medians, as log-normal ones are.
#[test]
fn realistic_takes_tens_of_seconds() {
    let realistic = Profile::builtin("realistic").unwrap();
    let medians = [
        (Action::Create, 25),
        (Action::RebootSoft, 15),
        (Action::RebootHard, 20),
        (Action::Start, 10),
        (Action::Stop, 12),
        (Action::Delete, 8),
    ];
    for (action, median_s) in medians {
        let mean_s = realistic.mean_of(action).as_secs_f64();
        let ratio = mean_s / f64::from(median_s);
        assert!((1.0..1.1).contains(&ratio), "{action}: mean {mean_s} s");
    }
}

#[test]
fn flaky_keeps_what_hurts_rare() {
    let flaky = Profile::builtin("flaky").unwrap();
    let share = |wanted: &dyn Fn(FaultKind, bool) -> bool| -> f64 {
        let rules = flaky.faults().iter();
        rules.filter(|r| wanted(r.kind, r.transient)).map(|r| r.probability).sum()
    };
    assert!(
        (0.01..0.05).contains(&share(&|kind, transient| kind == FaultKind::Error && transient))
    );
    assert!((0.001..0.02).contains(&share(&|kind, _| kind == FaultKind::FailedButDone)));
    assert!((0.001..0.01).contains(&share(&|_, transient| !transient)));
    assert!((0.0001..0.001).contains(&share(&|kind, _| kind == FaultKind::Timeout)));
    assert_eq!(share(&|kind, _| kind == FaultKind::Stuck), 0.0);
}

#[test]
fn an_action_has_from_default_what_it_does_not_say() {
    let profile = profile(
        "default = { delay = { fixed = { ms = 10 } }, cpu_ms = 2 }
         create.delay.fixed.ms = 30
         stop.cpu_ms = 0.5
         delete = { delay = { fixed = { ms = 0 } }, cpu_ms = 0 }",
    );
    assert_eq!(profile.mean_of(Action::RebootSoft), ms(12));
    assert_eq!(profile.mean_of(Action::RebootHard), ms(12));
    assert_eq!(profile.mean_of(Action::Start), ms(12));
    assert_eq!(profile.mean_of(Action::Create), ms(32));
    assert_eq!(profile.mean_of(Action::Stop), Duration::from_micros(10_500));
    assert_eq!(profile.mean_of(Action::Delete), Duration::ZERO);
    let total = ms(3 * 12 + 32) + Duration::from_micros(10_500);
    assert_eq!(profile.mean_service(), total / 6);
    assert_eq!(profile.behaviour(Action::Delete).delay, Delay::ZERO);
}

#[test]
fn a_rule_says_what_it_fits_and_how_it_fails() {
    let profile = profile(
        r#"
        fault = [
            { kind = "failed_but_done", probability = 1 },
            { kind = "error", probability = 0.25, actions = ["create", "reboot_hard"],
              project = "red", host = "far", name = "web-*", transient = false, message = "No." },
        ]"#,
    );
    let [plain, full] = profile.faults() else { panic!("two rules") };
    assert_eq!((plain.kind, plain.probability), (FaultKind::FailedButDone, 1.0));
    assert!(plain.transient && !plain.message.is_empty());
    assert!(Action::ALL.iter().all(|action| plain.fits(*action)));
    assert_eq!((full.kind, full.probability), (FaultKind::Error, 0.25));
    assert_eq!((full.project.as_deref(), full.host.as_deref()), (Some("red"), Some("far")));
    assert_eq!((full.transient, &*full.message), (false, "No."));
    assert!(full.name.as_ref().unwrap().matches("web-1"));
    assert!(full.fits(Action::RebootHard) && !full.fits(Action::RebootSoft));
}

fn load(bytes: &[u8]) -> Result<Profile, ProfileError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let result = Profile::load(file.path());
    let shown = file.path().display().to_string();
    match &result {
        Ok(profile) => assert_eq!(profile.name(), shown),
        Err(error) => assert!(error.to_string().starts_with(&format!("{shown}: ")), "{error}"),
    }
    result
}

#[test]
fn a_file_is_a_profile_or_says_why_not() {
    let largest = usize::try_from(limits::PROFILE_FILE_MAX).unwrap();
    load(b"[stop]\ndelay.fixed.ms = 3").unwrap();
    load(&vec![b'\n'; largest]).unwrap();

    let error = load(&vec![b'\n'; largest + 1]).unwrap_err();
    assert!(matches!(error, ProfileError::TooLarge { .. }));
    assert!(error.to_string().ends_with("larger than 1048576 bytes, the most a profile may have"));

    let error = load(b"# fine\n# not \xff\n").unwrap_err();
    assert!(matches!(error, ProfileError::NotText { line: 2, column: 7, .. }), "{error:?}");
    assert!(error.to_string().ends_with("not UTF-8 text at line 2, byte 7 of the line"));

    let error = load(b"[stop]\ndelay.fixed.ms = -3").unwrap_err();
    assert!(error.to_string().contains(": TOML parse error at line 2, column 18"));
}

#[test]
fn a_missing_file_and_a_directory_are_told_apart() {
    let directory = tempfile::tempdir().unwrap();
    let missing = Profile::load(&directory.path().join("none.toml")).unwrap_err();
    assert!(missing.to_string().contains("none.toml: cannot be read: "), "{missing}");
    let error = Profile::load(directory.path()).unwrap_err();
    assert!(matches!(error, ProfileError::Unreadable { .. }), "{error:?}");
    assert_ne!(missing.to_string(), error.to_string());
}

/// An endless file is read no further than a profile may be long.
#[test]
#[cfg(unix)]
fn an_endless_file_is_too_large() {
    let error = Profile::load(Path::new("/dev/zero")).unwrap_err();
    assert!(matches!(error, ProfileError::TooLarge { .. }), "{error:?}");
}

/// Whatever the distribution, the mean stays and the share is as asked.
#[test]
fn a_share_of_the_time_can_be_made_work() {
    let close = |found: Duration, wanted: Duration| {
        let off = found.as_secs_f64() - wanted.as_secs_f64();
        assert!(off.abs() <= 2e-9 + 1e-6 * wanted.as_secs_f64(), "{found:?}, expected {wanted:?}");
    };
    let texts = [
        "[default]\ndelay = { fixed = { ms = 10 } }",
        "[default]\ndelay = { uniform = { min_ms = 5, max_ms = 15 } }\ncpu_ms = 2",
        "[default]\ndelay = { log_normal = { median_ms = 10, sigma = 0.5, max_ms = 40 } }",
        "[default]\ndelay = { exponential = { mean_ms = 10, max_ms = 30 } }",
        "[default]\ndelay = { trace = { samples_ms = [1, 2, 30] } }",
        "[default]\ncpu_ms = 4",
        "",
    ];
    for (text, share) in texts.iter().flat_map(|text| [0.0, 0.25, 1.0].map(|share| (text, share))) {
        let (before, after) = (profile(text), profile(text).with_cpu_share(share));
        for action in Action::ALL {
            close(after.mean_of(*action), before.mean_of(*action));
            let work = before.mean_of(*action).mul_f64(share);
            close(after.behaviour(*action).cpu, work);
            assert!(share < 1.0 || after.behaviour(*action).delay.is_zero());
        }
    }
}
