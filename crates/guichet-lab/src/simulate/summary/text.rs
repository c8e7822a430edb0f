//! A summary for people: sentences and a table.

use comfy_table::{CellAlignment, Table, presets};
use guichet_view::number::{span_s, time_ms};
use guichet_view::screen::{Screen, Squeeze};

use super::{FailedBy, Journal, Summary, Times};

/// How wide the word is that a line begins with.
const LABEL: usize = 12;

impl Summary {
    /// The table people read.
    pub fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::UTF8_BORDERS_ONLY);
        table.set_header(["", "count", "p50", "p90", "p99", "p99.9", "max"]);
        let times = |table: &mut Table, what: &str, count: u64, times: &Times| {
            let mut row = vec![what.to_owned(), count.to_string()];
            let values = [times.p50, times.p90, times.p99, times.p999, times.max];
            // Of nothing there is no time.
            row.extend(values.map(|ms| if count > 0 { time_ms(ms) } else { "-".to_owned() }));
            table.add_row(row);
        };
        times(&mut table, "wait", self.samples.wait, &self.wait_ms);
        times(&mut table, "service time", self.samples.service, &self.service_ms);
        times(&mut table, "latency", self.samples.latency, &self.latency_ms);
        times(&mut table, "reads", self.queries.count, &self.queries.latency_ms);
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        table
    }

    /// The table and the lines above it for a screen: figures under each other, and none cut.
    pub fn shown(&self, screen: Screen) -> Vec<String> {
        let lines = self.lines();
        let mut lines: Vec<String> =
            lines.iter().flat_map(|line| screen.line(line, LABEL)).collect();
        // The fewest are asked about the far end.
        lines.push(screen.table(self.table(), Squeeze { drops: &[5, 3], wraps: 0 }));
        lines
    }

    /// The sentences above and below the table.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::from(self.request_lines());
        lines.extend(self.operation_lines());
        lines.extend([self.servers_line(), self.bounds_line(), self.speed_line()]);
        lines.extend(self.journal.as_ref().map(journal_line));
        lines
    }

    fn request_lines(&self) -> [String; 2] {
        let requests = &self.requests;
        let refused: u64 = requests.refused.values().sum();
        let reasons: Vec<String> = requests
            .refused
            .iter()
            .filter(|(_, count)| **count > 0)
            .map(|(kind, count)| format!("{kind} {count}"))
            .collect();
        let reads = match self.queries.count {
            0 => String::new(),
            1 => String::from("; and 1 read"),
            count => format!("; and {count} reads"),
        };
        let sent = format!(
            "requests    {} sent: {} accepted, {} repeated, {refused} refused{}{reads}",
            requests.sent,
            requests.accepted,
            requests.repeated,
            if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) },
        );
        let mut by_action: Vec<String> =
            requests.by_action.iter().map(|(action, count)| format!("{action} {count}")).collect();
        if by_action.is_empty() {
            by_action.push("none".to_owned());
        }
        [sent, format!("actions     {}", by_action.join(", "))]
    }

    /// How operations ended, and why some failed, if any did.
    fn operation_lines(&self) -> Vec<String> {
        let operations = &self.operations;
        let mut lines = vec![format!(
            "operations  {} accepted = {} succeeded + {} failed + {} cancelled; {} retried",
            operations.accepted,
            operations.succeeded,
            operations.failed,
            operations.cancelled,
            operations.retried,
        )];
        if operations.failed > 0 {
            let FailedBy { no_valid_host, driver, deadline, interrupted } = self.failed_by;
            let interrupted = match interrupted {
                0 => String::new(),
                count => format!(", interrupted {count}"),
            };
            lines.push(format!(
                "failed by   no valid host {no_valid_host}, driver {driver}, deadline {deadline}{interrupted}"
            ));
        }
        lines
    }

    fn servers_line(&self) -> String {
        // Of a run shorter than an hour the busiest hour says nothing.
        let busiest = match self.virtual_seconds.unwrap_or(self.seconds) {
            s if s >= 3_600.0 => {
                format!(", {} creates in the busiest hour", self.peak.creates_per_hour)
            }
            _ => String::new(),
        };
        format!(
            "servers     {} at the end ({} ACTIVE, {} SHUTOFF, {} ERROR); at most {} at once{busiest}",
            self.servers.total,
            self.servers.active,
            self.servers.shutoff,
            self.servers.error,
            self.peak.servers,
        )
    }

    fn bounds_line(&self) -> String {
        format!(
            "bounds      {} in flight at most, {} waiting at most (queue {}), {} waiting for another attempt at most",
            self.max_in_flight, self.max_queue_depth, self.setup.queue, self.max_requeued
        )
    }

    fn speed_line(&self) -> String {
        let span = match self.virtual_seconds {
            Some(seconds) => {
                format!("{} of virtual time in {:.2} s", span_s(seconds), self.seconds)
            }
            None => format!("{:.2} s", self.seconds),
        };
        let each = self
            .cpu_us_per_operation
            .map_or_else(String::new, |micros| format!(", {micros:.2} µs an operation"));
        format!(
            "speed       {span}: {:.0} requests/s, {:.0} operations/s; {:.2} s CPU{each}; lock held {:.1} µs at most; {:.1} MiB",
            self.requests_per_s,
            self.operations_per_s,
            self.cpu_s,
            self.longest_lock_us,
            self.peak_rss_mib,
        )
    }

    /// The last line: what was checked.
    pub fn invariants_line(&self) -> String {
        format!(
            "invariants: {} checked, {} broken",
            self.invariants.checked,
            self.invariants.violations.len()
        )
    }
}

fn journal_line(journal: &Journal) -> String {
    let batches = journal.batches.max(1) as f64;
    format!(
        "journal     {} batches of {:.1} rows and {:.1} answers; {} waited at most",
        journal.batches,
        journal.rows as f64 / batches,
        journal.answers as f64 / batches,
        journal.backlog_max,
    )
}
