//! What one thread costs, as the system counts it.

use anyhow::Context as _;

/// Time a thread had on a processor (proc(5), `schedstat`: nanoseconds first).
pub(crate) fn cpu_ns(thread: &str) -> anyhow::Result<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{thread}/schedstat"))?;
    let first = stat.split_whitespace().next().context("schedstat")?;
    Ok(first.parse()?)
}
