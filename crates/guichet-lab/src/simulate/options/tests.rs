use std::fmt::{Debug, Display};
use std::str::FromStr;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::chance::Chance;
use guichet_core::project::Quota;
use guichet_core::server::Size;
use guichet_locale::Locale;
use proptest::prelude::*;

use super::{Arrivals, Bursts, DurationArg, HostSpec, Mix, MixItem, QuotaSpec, RateArg};
use crate::trace::input::InputError;

fn parsed<T: FromStr<Err = InputError>>(text: &str) -> T {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Each text is refused with a message that holds what stands beside it.
fn all_refused<T: FromStr<Err = InputError> + Debug>(table: &[(&str, &str)]) {
    for (text, expected) in table {
        let message = text.parse::<T>().expect_err("not a sound value").to_string();
        assert!(message.contains(expected), "{message}\nshould say\n{expected}");
        assert!(message.contains(", for example "), "{message}");
    }
}

#[test]
fn a_mix_picks_in_proportion_and_in_a_fixed_order() {
    let mix: Mix = parsed(" list=1, delete=2,reboot=3 ,create=4,stop=0");
    assert_eq!(mix.to_string(), "create=4,reboot=3,delete=2,list=1");
    assert_eq!(mix, parsed("create=4,reboot=3,delete=2,list=1"));
    assert_eq!(mix.weight(MixItem::Action(Action::RebootSoft)), 3);
    assert_eq!(mix.weight(MixItem::Action(Action::Stop)), 0);
    let picked: Vec<&str> =
        (0..10).map(|tenth| mix.pick(f64::from(tenth) / 10.0 + 0.05).as_str()).collect();
    let expected = [
        "create", "create", "create", "create", "reboot", "reboot", "reboot", "delete", "delete",
        "list",
    ];
    assert_eq!(picked, expected);
    for unit in [1.0, 2.0, f64::INFINITY] {
        assert_eq!(mix.pick(unit), MixItem::List);
    }
    for unit in [0.0, -1.0, f64::NAN, f64::NEG_INFINITY] {
        assert_eq!(mix.pick(unit), MixItem::Action(Action::Create));
    }
}

#[test]
fn unsound_mixes_are_refused() {
    all_refused::<Mix>(&[
        (
            "",
            "part 1: found \"\", expected NAME=NUMBER, for example create=5,reboot=3,delete=2,list=1",
        ),
        ("create", "part 1: found \"create\", expected NAME=NUMBER"),
        ("create=1,", "part 2: found \"\", expected NAME=NUMBER"),
        ("create:1", "part 1: found \"create:1\", expected"),
        (
            "create=1,resize=2",
            "kind of request: found \"resize\", expected create, reboot, reboot_hard, start, stop, delete, list",
        ),
        ("=1", "kind of request: found \"\", expected create"),
        ("create=", "weight of create: found \"\", expected a whole number from 0 to 1,000,000"),
        ("create=-1", "weight of create: found \"-1\", expected a whole number"),
        ("create=0.5", "weight of create: found \"0.5\", expected a whole number"),
        ("create=NaN", "weight of create: found \"NaN\", expected a whole number"),
        ("create=1000001", "weight of create: found \"1000001\", expected a whole number"),
        ("create=1=2", "weight of create: found \"1=2\", expected a whole number"),
        ("create=99999999999999999999", "weight of create: found \"99999999999999999999\""),
        (
            "create=1,list=1,create=0",
            "mix: found \"create=1,list=1,create=0\", expected create once",
        ),
        ("create=0,list=0", "mix: found \"create=0,list=0\", expected one weight above 0"),
    ]);
}

#[test]
fn bursts_are_read() {
    let bursts: Bursts = parsed("3x2s@5000");
    assert_eq!((bursts.count, bursts.length, bursts.rate), (3, Duration::from_secs(2), 5_000.0));
    assert_eq!(bursts.to_string(), "3x2s@5000");
    assert_eq!(parsed::<Bursts>(" 1 x 500ms @ 0.5 ").to_string(), "1x0.5s@0.5");
    assert_eq!(parsed::<Bursts>("1000x1m@10000000").length, Duration::from_secs(60));
    all_refused::<Bursts>(&[
        ("", "bursts: found \"\", expected COUNTxLENGTH@RATE, for example 3x2s@5000"),
        ("3x2s", "bursts: found \"3x2s\", expected COUNTxLENGTH@RATE"),
        ("3@2sx5", "bursts: found \"3@2sx5\", expected COUNTxLENGTH@RATE"),
        ("0x2s@5", "number of bursts: found \"0\", expected a whole number from 1 to 1,000"),
        ("1001x2s@5", "number of bursts: found \"1001\", expected a whole number"),
        ("-1x2s@5", "number of bursts: found \"-1\", expected"),
        ("3x0s@5", "length of a burst: found \"0s\", expected a length of time above 0"),
        ("3x2@5", "length of a burst: found \"2\", expected a length of time"),
        ("3x2s@0", "rate of a burst: found \"0\", expected requests per second"),
        ("3x2s@inf", "rate of a burst: found \"inf\", expected requests per second"),
        ("3x2s@-5", "rate of a burst: found \"-5\", expected"),
        ("3x2s@1e3", "rate of a burst: found \"1e3\", expected"),
        ("3x2s@10000001", "rate of a burst: found \"10000001\", expected"),
    ]);
}

#[test]
fn hosts_are_read() {
    let size = Size { vcpus: 4, ram_mib: 8_192 };
    assert_eq!(parsed::<HostSpec>("3:4x8192"), HostSpec { count: 3, capacity: size });
    assert_eq!(parsed::<HostSpec>("16").to_string(), "16:64x262144");
    assert_eq!(parsed::<HostSpec>(" 2 : 4 x 8192 ").to_string(), "2:4x8192");
    all_refused::<HostSpec>(&[
        (
            "",
            "number of hosts: found \"\", expected a whole number from 1 to 100,000, for example 16:64x262144",
        ),
        ("0", "number of hosts: found \"0\", expected"),
        ("-1", "number of hosts: found \"-1\", expected"),
        ("100001", "number of hosts: found \"100001\", expected"),
        ("1:", "capacity of a host: found \"\", expected VCPUSxRAM_MIB"),
        ("1:64", "capacity of a host: found \"64\", expected VCPUSxRAM_MIB"),
        (
            "1:0x1",
            "virtual processors of a host: found \"0\", expected a whole number from 1 to 4,294,967,295",
        ),
        ("1:1x0", "memory of a host: found \"0\", expected a whole number from 1"),
        ("1:1x4294967296", "memory of a host: found \"4294967296\", expected"),
        ("1:1x1x1", "memory of a host: found \"1x1\", expected"),
    ]);
}

#[test]
fn quotas_are_read() {
    let all = Quota { instances: Some(10), cores: Some(20), ram_mib: Some(0) };
    assert_eq!(parsed::<QuotaSpec>("cores=20, ram_mib=0,instances=10").0, all);
    assert_eq!(QuotaSpec(all).to_string(), "instances=10,cores=20,ram_mib=0");
    let most = parsed::<QuotaSpec>("cores=18446744073709551615").0;
    assert_eq!((most.instances, most.cores), (None, Some(u64::MAX)));
    assert_eq!(parsed::<QuotaSpec>("unlimited"), QuotaSpec::default());
    assert_eq!(QuotaSpec::default().to_string(), "unlimited");
    all_refused::<QuotaSpec>(&[
        ("", "quota: found \"\", expected unlimited, or limits as NAME=NUMBER"),
        ("none", "quota: found \"none\", expected unlimited"),
        ("cores=1,", "part 2: found \"\", expected NAME=NUMBER"),
        ("ram=1", "resource: found \"ram\", expected instances, cores or ram_mib"),
        ("cores=-1", "quota of cores: found \"-1\", expected a whole number from 0 to 18,446"),
        ("cores=", "quota of cores: found \"\", expected a whole number"),
        ("cores=18446744073709551616", "quota of cores: found \"18446744073709551616\""),
        ("cores=1,cores=1", "quota: found \"cores=1,cores=1\", expected cores once"),
    ]);
}

#[test]
fn lengths_of_time_and_rates_are_read() {
    let table = [
        ("30s", 30_000),
        ("500ms", 500),
        ("1.5s", 1_500),
        ("2m", 120_000),
        ("1h", 3_600_000),
        ("0.5h", 1_800_000),
        ("1d", 86_400_000),
        ("1000us", 1),
        ("1000000ns", 1),
        (" 0s ", 0),
    ];
    for (text, ms) in table {
        assert_eq!(parsed::<DurationArg>(text).0, Duration::from_millis(ms), "{text}");
    }
    assert_eq!(parsed::<DurationArg>("1.0000000019s").to_string(), "1.000000001s");
    let expected = "expected a decimal number of at most 100 years with its unit: ns, us, ms, s, m, h or d, for example 30s";
    for text in [
        "", "s", "5", "1.s", ".5s", "-1s", "1 s", "1e3s", "NaNs", "infs", "1S", "1w", "36501d",
        "1s2s", "é",
    ] {
        all_refused::<DurationArg>(&[(text, expected)]);
    }
    assert_eq!(DurationArg::positive("1ns").expect("above 0").0, Duration::from_nanos(1));
    let zero = DurationArg::positive("0.0s").expect_err("zero").to_string();
    assert_eq!(
        zero,
        "length of time: found \"0.0s\", expected a length of time above 0, for example 30s"
    );
    assert_eq!(parsed::<RateArg>(" 0.25 ").to_string(), "0.25");
    let expected = "rate: found \"0\", expected requests per second as a decimal number above 0, at most 10,000,000";
    all_refused::<RateArg>(&[
        ("0", expected),
        ("", "rate: found"),
        ("-1", "rate: found"),
        ("inf", "rate: found"),
        ("NaN", "rate: found"),
        ("10000001", "rate: found"),
    ]);
}

#[test]
fn what_is_wrong_with_a_value_is_said_in_french() {
    fn worded<T: FromStr<Err = InputError> + Debug>(text: &str) -> String {
        let error = text.parse::<T>().expect_err("not a sound value");
        error.text_in(Locale::French).replace(['\u{a0}', '\u{202f}'], " ")
    }
    let whole = "un nombre entier de 1 à";
    for (worded, what, expected) in [
        (worded::<Mix>("create"), "partie 1", "NOM=NOMBRE, par exemple create=5,"),
        (worded::<Mix>("resize=1"), "sorte de requête", "create, reboot, reboot_hard, "),
        (worded::<Mix>("create=x"), "poids de create", "un nombre entier de 0 à 1 000 000"),
        (worded::<Mix>("list=1,list=1"), "mélange", "list une seule fois"),
        (worded::<Mix>("list=0"), "mélange", "au moins un poids supérieur à 0"),
        (worded::<Bursts>("x"), "pics", "NOMBRExDURÉE@DÉBIT"),
        (worded::<Bursts>("0x2s@5"), "nombre de pics", "un nombre entier de 1 à 1 000"),
        (worded::<Bursts>("3x2@5"), "durée d’un pic", "une durée supérieure à 0, comme 500ms,"),
        (worded::<Bursts>("3x2s@0"), "débit d’un pic", "des requêtes par seconde, en nombre"),
        (worded::<DurationArg>("5"), "durée", "un nombre décimal avec son unité (ns, us, ms,"),
        (
            worded::<RateArg>("0"),
            "débit",
            "des requêtes par seconde, en nombre décimal supérieur à 0, 10 000 000 au plus, par exemple 250",
        ),
        (worded::<HostSpec>("0"), "nombre d’hôtes", whole),
        (worded::<HostSpec>("1:2"), "capacité d’un hôte", "VCPUSxRAM_MIB"),
        (worded::<HostSpec>("1:0x1"), "processeurs virtuels d’un hôte", whole),
        (worded::<HostSpec>("1:1x0"), "mémoire d’un hôte", whole),
        (worded::<QuotaSpec>("x"), "quota", "unlimited, ou des limites comme NOM=NOMBRE"),
        (worded::<QuotaSpec>("x=1"), "ressource", "instances, cores ou ram_mib"),
        (worded::<QuotaSpec>("cores=x"), "quota de cores", "un nombre entier de 0 à"),
        (worded::<QuotaSpec>("cores=1,cores=1"), "quota", "cores une seule fois"),
    ] {
        assert!(worded.starts_with(&format!("{what} : \"")), "{worded}");
        assert!(worded.contains(&format!(" trouvé ; attendu : {expected}")), "{worded}");
        assert!(worded.contains(", par exemple "), "{worded}");
    }
    let zero = DurationArg::positive("0s").expect_err("zero").text_in(Locale::French);
    assert!(zero.contains("une durée supérieure à 0, par exemple 30s"), "{zero}");
}

const SECOND: Duration = Duration::from_secs(1);

fn arrivals(
    rate: f64,
    bursts: Option<&str>,
    total: Option<u64>,
    duration: Option<Duration>,
) -> Vec<Duration> {
    let bursts = bursts.map(parsed::<Bursts>);
    Arrivals::new(rate, bursts, total, duration, Chance::new(7)).collect()
}

fn between(arrivals: &[Duration], from_s: f64, to_s: f64) -> usize {
    let seconds = arrivals.iter().map(Duration::as_secs_f64);
    seconds.filter(|at| (from_s..to_s).contains(at)).count()
}

#[test]
fn arrivals_come_at_their_rate_and_end() {
    let all = arrivals(1_000.0, None, Some(100_000), None);
    assert_eq!(all.len(), 100_000);
    assert!(all.is_sorted());
    // The sum of 100,000 gaps of 1 ms: standard deviation 0.32 s.
    assert!((99.0..101.0).contains(&all[99_999].as_secs_f64()), "{:?}", all[99_999]);
    // Exponential gaps: 1 - 1/e of them are shorter than the mean; standard deviation 0.15 %.
    let short = all.windows(2).filter(|pair| pair[1] - pair[0] < Duration::from_millis(1)).count();
    assert!((0.62..0.645).contains(&(short as f64 / 1e5)), "{short}");
    assert_eq!(all, arrivals(1_000.0, None, Some(100_000), None));
    let cut = arrivals(1_000.0, None, None, Some(SECOND));
    assert!(cut.iter().all(|at| *at < SECOND) && all[cut.len()] >= SECOND);
    assert_eq!(cut, all[..cut.len()]);
    assert_eq!(arrivals(1_000.0, None, Some(10), Some(SECOND)), all[..10]);
    let endless = Arrivals::new(1_000.0, None, None, None, Chance::new(7));
    assert_eq!(endless.take(100_000).collect::<Vec<_>>(), all);
    let other = Arrivals::new(1_000.0, None, Some(10), None, Chance::new(8));
    assert_ne!(other.collect::<Vec<_>>(), all[..10]);
}

#[test]
fn bursts_lie_evenly_over_the_base_length() {
    // 3 bursts over 100 s: from 25, 50 and 75 s, 2 s each, about 10,000 requests in each.
    let all = arrivals(10.0, Some("3x2s@5000"), None, Some(100 * SECOND));
    for begin in [25.0, 50.0, 75.0] {
        let inside = between(&all, begin, begin + 2.0);
        assert!((9_500..10_500).contains(&inside), "{inside} from {begin} s");
        let before = between(&all, begin - 23.0, begin);
        assert!((150..310).contains(&before), "{before} before {begin} s");
    }
    assert!(all.is_sorted());
    // The base length is total / rate = 100 s; the first burst reaches the total.
    let all = arrivals(10.0, Some("3x2s@5000"), Some(1_000), None);
    assert_eq!(all.len(), 1_000);
    assert!((200..300).contains(&between(&all, 0.0, 25.0)));
    assert!(all[999] < Duration::from_millis(25_300), "{:?}", all[999]);
    // Overlapping bursts are one, not a sum: 9 of 1 s in 1 s last from 0.1 to 1.9 s.
    let all = arrivals(1.0, Some("9x1s@1000"), Some(10_000), Some(SECOND));
    let inside = between(&all, 0.1, 1.0);
    assert!((800..1_000).contains(&inside), "{inside}");
}

#[test]
fn unsound_rates_end_rather_than_hang() {
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(arrivals(rate, None, None, None).is_empty());
        assert!(arrivals(rate, Some("1x1s@5"), Some(3), None).is_empty());
        let only_bursts = arrivals(rate, Some("1x1s@500"), None, Some(10 * SECOND));
        assert_eq!(between(&only_bursts, 5.0, 6.0), only_bursts.len());
        assert!((400..600).contains(&only_bursts.len()));
    }
    assert!(arrivals(5.0, None, Some(0), None).is_empty());
    assert!(arrivals(5.0, Some("1x1s@5"), Some(0), Some(Duration::ZERO)).is_empty());
    let hand_made = Bursts { count: 0, length: Duration::ZERO, rate: f64::NAN };
    assert_eq!(Arrivals::new(5.0, Some(hand_made), Some(3), None, Chance::new(1)).count(), 3);
    let slow = Arrivals::new(f64::MIN_POSITIVE, None, Some(3), None, Chance::new(1));
    assert_eq!(slow.count(), 0);
}

/// Whatever the text is: one line of error, or a value whose text parses to it again.
fn is_read_or_refused<T: FromStr<Err = InputError> + Display + PartialEq + Debug>(text: &str) {
    match text.parse::<T>() {
        Ok(value) => assert_eq!(parsed::<T>(&value.to_string()), value),
        Err(error) => {
            let message = error.to_string();
            assert!(!message.contains(char::is_control) && message.len() < 1_000, "{message:?}");
        }
    }
}

fn all_read_or_refused(text: &str) {
    is_read_or_refused::<Mix>(text);
    is_read_or_refused::<Bursts>(text);
    is_read_or_refused::<HostSpec>(text);
    is_read_or_refused::<QuotaSpec>(text);
    is_read_or_refused::<DurationArg>(text);
    is_read_or_refused::<RateArg>(text);
}

proptest! {
    #[test]
    fn arbitrary_texts_are_read_or_refused(text in "\\PC{0,40}", raw in any::<String>()) {
        all_read_or_refused(&text);
        all_read_or_refused(&raw);
    }

    #[test]
    fn likely_texts_are_read_or_refused(pieces in prop::collection::vec(prop::sample::select(vec![
        "create", "reboot", "list", "cores", "ram_mib", "=", "=", ",", "x", "@", ":", "-", ".", " ",
        "0", "1", "5", "64", "1000000", "4294967296", "18446744073709551616", "s", "ms", "m", "h",
        "NaN", "inf", "e", "é", "unlimited",
    ]), 0..10)) {
        all_read_or_refused(&pieces.concat());
    }

    #[test]
    fn a_mix_never_picks_what_has_no_weight(weights in prop::array::uniform7(0..4u64), unit in any::<f64>()) {
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let pairs: Vec<String> = MixItem::ALL.iter().zip(weights)
            .map(|(item, weight)| format!("{}={weight}", item.as_str())).collect();
        let mix: Mix = parsed(&pairs.join(","));
        prop_assert!(mix.weight(mix.pick(unit)) > 0);
        prop_assert!(mix.weight(mix.pick(unit.abs().fract())) > 0);
    }
}
