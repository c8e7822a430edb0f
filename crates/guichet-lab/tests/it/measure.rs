//! What the process costs.

use std::hint::black_box;

use guichet_lab::measure::{cpu_time, peak_rss_mib, rss_mib};

#[test]
fn computing_costs_cpu_time() {
    let before = cpu_time();
    let mut rounds = 0u64;
    // Ends as soon as it shows, however coarse the system counts.
    while cpu_time() == before {
        rounds = (0..100_000).fold(rounds, |sum, n| black_box(sum ^ n));
    }
    assert!(cpu_time() > before);
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_measured_in_mib() {
    let held = black_box(vec![1u8; 64 << 20]);
    let (now, peak) = (rss_mib(), peak_rss_mib());
    assert!(now >= 64.0, "{now}");
    assert!(peak >= 64.0, "{peak}");
    assert!(now < 65_536.0 && peak < 65_536.0, "{now} {peak}");
    drop(held);
}
