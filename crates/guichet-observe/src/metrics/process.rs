//! What the process takes, as Linux says it; elsewhere nothing is said.

use std::fs;

/// Clock ticks of a second as `/proc` counts them: part of Linux's interface to programs.
const TICKS_PER_S: f64 = 100.0;

/// Processor time, s.
pub(super) fn cpu_s() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name, in parentheses, may have blanks. Behind it fields count from the third.
    let behind = stat.rsplit_once(')')?.1;
    let ticks: Vec<f64> =
        behind.split_whitespace().skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    (ticks.len() == 2).then(|| ticks.iter().sum::<f64>() / TICKS_PER_S)
}

/// Resident memory, bytes.
pub(super) fn resident_bytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024.0)
}

/// Open files: one look at what counts them, without one for each.
pub(super) fn open_files() -> Option<f64> {
    // Since Linux 6.2 the size of the directory is their number; before it is 0, and says nothing.
    let size = fs::metadata("/proc/self/fd").ok()?.len();
    (size > 0).then_some(size as f64)
}
