//! A verdict as text for a terminal of 80 columns.

use crate::layout::{WIDTH, wrapped};
use crate::sentence::title;
use crate::timeline;
use crate::verdict::Verdict;

impl Verdict {
    /// The verdict as lines.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        lines.extend(wrapped(&self.heading(), "", WIDTH));
        lines.extend(wrapped(&self.summary(), "  ", WIDTH));
        for (number, found) in self.found.iter().enumerate() {
            lines.push(String::new());
            let preempted = match found.preemptions {
                _ if found.steps.is_empty() => String::new(),
                0 => " (no preemption needed)".to_owned(),
                1 => " (1 preemption)".to_owned(),
                count => format!(" ({count} preemptions)"),
            };
            lines.push(format!("{}. {}{preempted}", number + 1, title(&found.kind)));
            lines.extend(wrapped(&found.sentence(), "   ", WIDTH));
            if !found.steps.is_empty() {
                let start: Vec<&str> = found.start.iter().map(|call| call.text.as_str()).collect();
                let start = if start.is_empty() { "nothing".to_owned() } else { start.join(", ") };
                lines.push(String::new());
                lines.extend(wrapped(&format!("before: {start}"), "   ", WIDTH));
                lines.extend(timeline::lines(found, &self.source));
            }
        }
        for kind in &self.untold {
            lines.push(String::new());
            lines.push(format!("-  {}: its time was up before it was shown", title(kind)));
        }
        lines
    }

    fn heading(&self) -> String {
        let mut text = self.path.display().to_string();
        if let Some(subject) = &self.subject {
            let methods: Vec<&str> = subject.methods.values().map(String::as_str).collect();
            text += &format!(": class {}, methods {}", subject.class, methods.join(", "));
        }
        text
    }

    fn summary(&self) -> String {
        let Some(done) = &self.done else {
            return "Ended at the end of its time; what was found until then:".to_owned();
        };
        let schedules = counted(done.schedules, "schedule");
        let mut text = match self.found.len() + self.untold.len() {
            0 => format!("Nothing found in {schedules}"),
            1 => format!("1 kind of mistake found in {schedules}"),
            count => format!("{count} kinds of mistakes found in {schedules}"),
        };
        match done.preemptions {
            -1 => {}
            0 => text += ", among them all tried without a preemption",
            1 => text += ", up to 1 preemption",
            most => text += &format!(", up to {most} preemptions"),
        }
        text += match done.stopped.as_deref() {
            Some("time") => "; stopped by --time, so another run may get further",
            Some("schedules") => "; stopped by --schedules",
            Some("stuck") => "; one client alone hangs, so nothing else was tried",
            Some("stubborn") => "; stopped because a thread could not be ended",
            _ if done.cut => "; more could be tried with --schedules",
            _ => "",
        };
        text.push('.');
        if !self.is_bad() {
            text += " That is no proof that it is right.";
        }
        if done.stray {
            text += " The class does not do the same each time (random numbers, dates), so some \
                     schedules could not be run as planned.";
        }
        text
    }
}

fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
