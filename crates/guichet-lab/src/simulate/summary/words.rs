//! A summary in a few sentences: what somebody wants to know who has seen none before.

use guichet_engine::Drained;
use guichet_view::number::{counted, grouped, time_ms};
use guichet_view::text::listed;

use super::Summary;

impl Summary {
    /// What became of the requests, how long one took, and whether all that was checked holds.
    pub fn in_words(&self, interrupted: bool, drained: Drained) -> Vec<String> {
        let mut sentences = vec![self.answers(interrupted)];
        sentences.extend(self.ends(drained));
        sentences.extend(self.durations());
        sentences
    }

    /// Whether everything that was checked holds.
    pub fn verdict(&self) -> String {
        let checked = counted(self.invariants.checked, "check");
        match self.invariants.violations.len() {
            0 => format!(
                "Everything that was checked holds ({checked}): no request was lost, and no \
                 server was lost, doubled or brought back."
            ),
            broken => format!(
                "Something is wrong: {} of {checked} failed. The lines with \"broken\" say which.",
                grouped(broken as u64)
            ),
        }
    }

    /// How requests were answered.
    fn answers(&self, interrupted: bool) -> String {
        let requests = &self.requests;
        let (sent, reads) = (requests.sent + self.queries.count, self.queries.count);
        let refused: u64 = requests.refused.values().sum();
        let parts = [
            (requests.accepted, "accepted"),
            (requests.repeated, "repeated"),
            (refused, "refused"),
        ];
        let parts = parts.into_iter().filter(|(count, _)| *count > 0);
        let mut parts: Vec<String> =
            parts.map(|(count, how)| format!("{} {how}", grouped(count))).collect();
        if reads > 0 {
            parts.push(counted(reads, "read"));
        }
        let all = match (sent, interrupted) {
            (0, _) => return "No request was sent.".to_owned(),
            (1, false) => "The one request was answered".to_owned(),
            (_, false) => format!("All {} requests were answered", grouped(sent)),
            (_, true) => {
                format!(
                    "It was interrupted; {} had been sent and were answered",
                    counted(sent, "request")
                )
            }
        };
        format!("{all}: {}.", listed(&parts))
    }

    /// How what was accepted ended.
    fn ends(&self, drained: Drained) -> Option<String> {
        let operations = &self.operations;
        if operations.accepted == 0 {
            return None;
        }
        let ends = [
            (operations.succeeded, "succeeded"),
            (operations.failed, "failed"),
            (operations.cancelled, "gave way to a delete or a hard reboot"),
        ];
        let ends: Vec<String> = ends
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, how)| format!("{} {how}", grouped(count)))
            .collect();
        let left = drained.left_queued + drained.left_running;
        let left = match left {
            0 => String::new(),
            left => format!("; {} not finished in time", grouped(left as u64)),
        };
        Some(format!("Of what was accepted {}{left}.", listed(&ends)))
    }

    /// How long one took.
    fn durations(&self) -> Option<String> {
        if self.samples.latency == 0 {
            return None;
        }
        let (latency, wait) = (&self.latency_ms, &self.wait_ms);
        Some(format!(
            "Half of them took {} at most from the request to its end, 99 of 100 took {} at most; \
             half waited {} at most for their turn.",
            time_ms(latency.p50),
            time_ms(latency.p99),
            time_ms(wait.p50)
        ))
    }
}
