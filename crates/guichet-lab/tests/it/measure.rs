//! What the process costs.

use std::hint::black_box;

use guichet_lab::measure::{
    context_switches, cpu_time, machine_time, peak_rss_mib, rss_mib, threads,
};

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

/// What the machine computed in all its life is more than this process did, and it only grows.
#[cfg(target_os = "linux")]
#[test]
fn the_machine_has_computed_for_longer_than_this_process() {
    let before = machine_time();
    assert!(before >= cpu_time(), "{before:?}");
    let mut rounds = 0u64;
    while machine_time() == before {
        rounds = (0..100_000).fold(rounds, |sum, n| black_box(sum ^ n));
    }
    assert!(machine_time() > before);
}

#[cfg(target_os = "linux")]
#[test]
fn a_thread_more_is_seen_and_so_is_waiting_for_it() {
    let (told, tell) = std::sync::mpsc::sync_channel::<()>(0);
    let (before, switches) = (threads(), context_switches());
    assert!(before >= 1);
    let other = std::thread::spawn(move || tell.recv());
    // Others of these tests end and begin meanwhile, but this one is there.
    assert!(threads() >= 2);
    told.send(()).expect("it listens");
    assert!(other.join().expect("it ends").is_ok());
    assert!(context_switches() > switches, "it was waited for");
}
