//! A summary for people: lines of figures and a table.

use comfy_table::Table;
use guichet_locale::{Locale, text};
use guichet_view::screen::{Screen, Squeeze, framed};

use super::{FailedBy, Journal, Summary, Times};

/// How wide the word is that a line begins with.
const LABEL: usize = 12;

/// A line: a word that says what it is about, and figures.
fn line(label: &str, figures: &str) -> String {
    format!("{label:LABEL$}{figures}")
}

impl Summary {
    /// The table people read.
    pub fn table(&self, locale: Locale) -> Table {
        let row = |what: String, count: u64, times: &Times| {
            let mut row = vec![what, locale.grouped(count)];
            let values = [times.p50, times.p90, times.p99, times.p999, times.max];
            // Of nothing there is no time.
            let shown = |ms| if count > 0 { locale.time_ms(ms) } else { "-".to_owned() };
            row.extend(values.map(shown));
            row
        };
        let (samples, reads) = (self.samples, &self.queries);
        let mut head = vec![String::new(), text!(locale, "simulate-column-count")];
        head.extend(["p50", "p90", "p99", "p99.9", "max"].map(str::to_owned));
        let columns = head.len();
        let rows = [
            row(text!(locale, "simulate-row-wait"), samples.wait, &self.wait_ms),
            row(text!(locale, "simulate-row-service"), samples.service, &self.service_ms),
            row(text!(locale, "simulate-row-latency"), samples.latency, &self.latency_ms),
            row(text!(locale, "simulate-row-reads"), reads.count, &reads.latency_ms),
        ];
        framed(head, rows, 1..columns)
    }

    /// The table and the lines above it for a screen: figures under each other, and none cut.
    pub fn shown(&self, screen: Screen, locale: Locale) -> Vec<String> {
        let lines = self.lines(locale);
        let mut lines: Vec<String> =
            lines.iter().flat_map(|line| screen.line(line, LABEL)).collect();
        // The fewest are asked about the far end.
        lines.push(screen.table(self.table(locale), Squeeze { drops: &[5, 3], wraps: 0 }));
        lines
    }

    /// The lines above the table.
    pub fn lines(&self, locale: Locale) -> Vec<String> {
        let mut lines = Vec::from(self.request_lines(locale));
        lines.extend(self.operation_lines(locale));
        lines.extend([
            self.servers_line(locale),
            self.bounds_line(locale),
            self.speed_line(locale),
        ]);
        lines.extend(self.journal.as_ref().map(|journal| journal_line(journal, locale)));
        lines
    }

    fn request_lines(&self, locale: Locale) -> [String; 2] {
        let requests = &self.requests;
        let refused: u64 = requests.refused.values().sum();
        let reasons: Vec<String> = requests
            .refused
            .iter()
            .filter(|(_, count)| **count > 0)
            .map(|(kind, count)| format!("{kind} {}", locale.grouped(*count)))
            .collect();
        let reads = match self.queries.count {
            0 => String::new(),
            count => text!(locale, "simulate-and-reads", count = count),
        };
        let reasons =
            if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
        let sent = text!(
            locale,
            "simulate-requests",
            sent = requests.sent,
            accepted = requests.accepted,
            repeated = requests.repeated,
            refused = refused,
            reasons = reasons,
            reads = reads
        );
        let by_action: Vec<String> = requests
            .by_action
            .iter()
            .map(|(action, count)| format!("{action} {}", locale.grouped(*count)))
            .collect();
        let by_action = if by_action.is_empty() {
            text!(locale, "simulate-no-action")
        } else {
            by_action.join(", ")
        };
        [
            line(&text!(locale, "simulate-label-requests"), &sent),
            line(&text!(locale, "simulate-label-actions"), &by_action),
        ]
    }

    /// How operations ended, and why some failed, if any did.
    fn operation_lines(&self, locale: Locale) -> Vec<String> {
        let operations = &self.operations;
        let ends = text!(
            locale,
            "simulate-operations",
            accepted = operations.accepted,
            succeeded = operations.succeeded,
            failed = operations.failed,
            cancelled = operations.cancelled,
            retried = operations.retried
        );
        let mut lines = vec![line(&text!(locale, "simulate-label-operations"), &ends)];
        if operations.failed > 0 {
            let FailedBy { no_valid_host, driver, deadline, interrupted } = self.failed_by;
            let mut why = text!(
                locale,
                "simulate-failed-by",
                host = no_valid_host,
                driver = driver,
                deadline = deadline
            );
            if interrupted > 0 {
                why += &text!(locale, "simulate-failed-interrupted", count = interrupted);
            }
            lines.push(line(&text!(locale, "simulate-label-failed"), &why));
        }
        lines
    }

    fn servers_line(&self, locale: Locale) -> String {
        let servers = &self.servers;
        let mut figures = text!(
            locale,
            "simulate-servers",
            total = servers.total,
            active = servers.active,
            shutoff = servers.shutoff,
            error = servers.error,
            peak = self.peak.servers
        );
        // Of a run shorter than an hour the busiest hour says nothing.
        if self.virtual_seconds.unwrap_or(self.seconds) >= 3_600.0 {
            let count = self.peak.creates_per_hour;
            figures += &text!(locale, "simulate-busiest-hour", count = count);
        }
        line(&text!(locale, "simulate-label-servers"), &figures)
    }

    fn bounds_line(&self, locale: Locale) -> String {
        let figures = text!(
            locale,
            "simulate-bounds",
            flight = self.max_in_flight,
            waiting = self.max_queue_depth,
            queue = self.setup.queue,
            again = self.max_requeued
        );
        line(&text!(locale, "simulate-label-bounds"), &figures)
    }

    fn speed_line(&self, locale: Locale) -> String {
        let seconds = locale.unit(&locale.fixed(self.seconds, 2), "s");
        let span = match self.virtual_seconds {
            Some(time) => {
                text!(locale, "simulate-span", span = locale.span_s(time), seconds = seconds)
            }
            None => seconds,
        };
        let each = self.cpu_us_per_operation.map_or_else(String::new, |micros| {
            text!(locale, "simulate-cpu-each", micros = locale.fixed(micros, 2))
        });
        let figures = text!(
            locale,
            "simulate-speed",
            span = span,
            requests = locale.fixed(self.requests_per_s, 0),
            operations = locale.fixed(self.operations_per_s, 0),
            cpu = locale.fixed(self.cpu_s, 2),
            each = each,
            lock = locale.fixed(self.longest_lock_us, 1),
            memory = locale.fixed(self.peak_rss_mib, 1)
        );
        line(&text!(locale, "simulate-label-speed"), &figures)
    }

    /// The last line: what was checked.
    pub fn invariants_line(&self, locale: Locale) -> String {
        text!(
            locale,
            "simulate-invariants",
            checked = self.invariants.checked,
            broken = self.invariants.violations.len()
        )
    }
}

fn journal_line(journal: &Journal, locale: Locale) -> String {
    let batches = journal.batches.max(1) as f64;
    let figures = text!(
        locale,
        "simulate-journal",
        batches = journal.batches,
        rows = locale.fixed(journal.rows as f64 / batches, 1),
        answers = locale.fixed(journal.answers as f64 / batches, 1),
        backlog = journal.backlog_max
    );
    line(&text!(locale, "simulate-label-journal"), &figures)
}
