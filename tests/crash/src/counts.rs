//! What there was, in numbers.

use std::collections::BTreeMap;
use std::time::Duration;

#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    pub(crate) kills: u64,
    /// Kills of a process that was still starting, in addition.
    pub(crate) kills_in_start: u64,
    pub(crate) terminations: u64,
    pub(crate) terminations_twice: u64,
    pub(crate) sent: u64,
    pub(crate) creates: u64,
    pub(crate) deletes: u64,
    pub(crate) reboots: u64,
    pub(crate) others: u64,
    /// Stops and starts.
    pub(crate) powers: u64,
    pub(crate) edits: u64,
    pub(crate) reads: u64,
    /// 404 and 409.
    pub(crate) refused: u64,
    /// 503 with Retry-After.
    pub(crate) busy: u64,
    pub(crate) unknown: u64,
    /// Creates sent again under their key.
    pub(crate) repeated: u64,
    /// Creates sent again though they had an answer.
    pub(crate) replayed: u64,
    /// Operations that a start went on with.
    pub(crate) resumed: u64,
    pub(crate) checks: u64,
    /// Servers at the end.
    pub(crate) servers: usize,
    /// From the start of a process to its first answer.
    pub(crate) restarts: Vec<Duration>,
    /// Of several nodes: what befell them and the database.
    pub(crate) faults: BTreeMap<&'static str, u64>,
    /// From the kill of a leader to the moment when another one takes requests.
    pub(crate) takeovers: Vec<Duration>,
    /// From a signal to the next process's first answer.
    pub(crate) longest_gap: Duration,
    /// What `guichet verify` said at the end.
    pub(crate) verified: Option<String>,
}

impl Counts {
    /// The lines of a report.
    pub(crate) fn lines(&self) -> Vec<(&'static str, String)> {
        let ms = |time: Duration| format!("{:.0} ms", time.as_secs_f64() * 1e3);
        let mut restarts = self.restarts.clone();
        restarts.sort();
        let median = restarts.get(restarts.len() / 2).copied().unwrap_or_default();
        let longest = restarts.last().copied().unwrap_or_default();
        let mut takeovers = self.takeovers.clone();
        takeovers.sort();
        let taken = takeovers.get(takeovers.len() / 2).copied().unwrap_or_default();
        let slowest = takeovers.last().copied().unwrap_or_default();
        let mut lines: Vec<_> =
            self.faults.iter().map(|(fault, count)| (*fault, count.to_string())).collect();
        if !takeovers.is_empty() {
            let shown = format!("median {}, max {}", ms(taken), ms(slowest));
            lines.push(("takeover after a kill", shown));
        }
        if self.faults.is_empty() {
            lines.extend([
                ("kills", format!("{}, and {} during a start", self.kills, self.kills_in_start)),
                (
                    "terminations",
                    format!("{}, and {} told twice", self.terminations, self.terminations_twice),
                ),
                ("restart to first answer", format!("median {}, max {}", ms(median), ms(longest))),
            ]);
        }
        lines.extend([
            ("requests sent", self.sent.to_string()),
            ("  creates acknowledged", self.creates.to_string()),
            ("  deletes", self.deletes.to_string()),
            ("  reboots", self.reboots.to_string()),
            ("  other actions", self.others.to_string()),
            ("  stops and starts", self.powers.to_string()),
            ("  metadata edits", self.edits.to_string()),
            ("  reads", self.reads.to_string()),
            ("  refused, 404 or 409", self.refused.to_string()),
            ("  told to come back, 503", self.busy.to_string()),
            ("  without an answer", self.unknown.to_string()),
            ("creates repeated by key", self.repeated.to_string()),
            ("  and though answered", self.replayed.to_string()),
            ("operations gone on with", self.resumed.to_string()),
            ("checks of everything", self.checks.to_string()),
            ("servers at the end", self.servers.to_string()),
            ("longest gap", ms(self.longest_gap)),
            ("verify", self.verified.clone().unwrap_or_else(|| "not run".to_owned())),
        ]);
        lines
    }
}
