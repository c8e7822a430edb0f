//! What the process itself costs: CPU time and memory.

use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// CPU time of all threads so far, user and system.
pub fn cpu_time() -> Duration {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) else {
        return Duration::ZERO;
    };
    [usage.user_time(), usage.system_time()]
        .iter()
        .map(|time| {
            let micros = time.num_microseconds();
            Duration::from_micros(u64::try_from(micros).unwrap_or(0))
        })
        .sum()
}

/// A figure of `/proc/self/status` (proc(5)), without its unit.
fn status(name: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    value.split_whitespace().next()?.parse().ok()
}

/// The most memory the process ever held, MiB. From `VmHWM` where there is one: the kernel's
/// `maxrss` also remembers what the parent held before it started this program.
pub fn peak_rss_mib() -> f64 {
    let kib = status("VmHWM").unwrap_or_else(|| {
        getrusage(UsageWho::RUSAGE_SELF).map_or(0.0, |usage| usage.max_rss() as f64)
    });
    kib / 1024.0
}

/// How many threads the process has now; 0 where the system does not say.
pub fn threads() -> usize {
    status("Threads").map_or(0, |count| count as usize)
}

/// How long all processors of the machine have been busy so far, whoever kept them busy, and for
/// how long another machine had them; zero where the system does not say (proc(5), `/proc/stat`).
pub fn machine_time() -> Duration {
    /// What the system counts in: hundredths of a second for every program, whatever its own tick.
    const TICKS_PER_S: f64 = 100.0;
    /// Idle and waiting for a disk; guests' time, the last two, is counted before already.
    const IDLE: [usize; 4] = [3, 4, 8, 9];
    let stat = std::fs::read_to_string("/proc/stat").unwrap_or_default();
    let all = stat.lines().next().and_then(|line| line.strip_prefix("cpu "));
    let ticks = all.unwrap_or_default().split_whitespace().enumerate();
    let busy = ticks.filter(|(column, _)| !IDLE.contains(column));
    let ticks: u64 = busy.filter_map(|(_, ticks)| ticks.parse::<u64>().ok()).sum();
    Duration::from_secs_f64(ticks as f64 / TICKS_PER_S)
}

/// How often the system took a processor from one of the process's threads, or was given it back.
pub fn context_switches() -> u64 {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) else {
        return 0;
    };
    let switches = usage.voluntary_context_switches() + usage.involuntary_context_switches();
    u64::try_from(switches).unwrap_or(0)
}

/// The memory the process holds now, MiB; 0 where the system does not say.
pub fn rss_mib() -> f64 {
    status("VmRSS").unwrap_or(0.0) / 1024.0
}
