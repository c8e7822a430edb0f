//! What people read of a race. Every figure and every sentence is computed from what came of it.

use comfy_table::{CellAlignment, Table, presets};
use guichet_view::number::{counted, grouped};
use guichet_view::screen::{Screen, Squeeze};

use crate::anomaly::Anomaly;
use crate::case::STARTS;
use crate::explore::Explored;
use crate::outcome::Outcome;
use crate::timeline::{HARM_MARK, Timeline};

impl Outcome {
    /// All of it, as lines of text.
    pub fn lines(&self, screen: Screen) -> Vec<String> {
        let wrapped = |text: &String| screen.paragraph(text, 0);
        let mut lines = vec!["1. Real threads".to_owned(), String::new()];
        lines.extend(self.threads_text().iter().flat_map(wrapped));
        lines.push(table(&self.threads_table(), 2, (screen, THREADS_SQUEEZE)));
        lines.extend([String::new(), "2. Every schedule".to_owned(), String::new()]);
        lines.extend(self.explored_text().iter().flat_map(wrapped));
        lines.push(table(&self.explored_table(), usize::MAX, (screen, EXPLORED_SQUEEZE)));
        if !self.shortest.is_empty() {
            lines.extend([String::new(), "3. The shortest schedule for each".to_owned()]);
            lines.push(String::new());
            let mark = format!(
                "{HARM_MARK} marks the step after which the harm can no longer be avoided, whoever \
                 goes on."
            );
            lines.extend(screen.line(&mark, 0));
        }
        for timeline in &self.shortest {
            lines.extend(shown(timeline, "", screen));
        }
        if let (Some(timeline), Some((permits, _))) =
            (&self.shortest_with_semaphore, &self.explored_semaphore)
        {
            lines.push(String::new());
            lines.push(format!("4. The shortest schedule with a semaphore of {permits}"));
            lines.extend(shown(timeline, &format!("--with semaphore={permits} "), screen));
        }
        lines.push(String::new());
        lines.extend(self.verdict().iter().flat_map(wrapped));
        lines
    }

    /// What the threads access.
    pub(crate) fn threads_text(&self) -> Vec<String> {
        let all = if self.unlocked.kinds() == Anomaly::ALL.len() {
            "until each anomaly had shown".to_owned()
        } else {
            format!("{} of {} anomalies shown", self.unlocked.kinds(), Anomaly::ALL.len())
        };
        vec![format!(
            "{} on {} without the lock, {all}; then {} with it.",
            counted(self.unlocked.requests, "request"),
            counted(self.options.clients as u128, "thread"),
            counted(self.locked.requests, "request"),
        )]
    }

    /// The anomalies that the threads have shown: a head and rows.
    pub(crate) fn threads_table(&self) -> Rows {
        let head = ["anomaly", "without lock", "with lock", "the first one found"];
        let rows = Anomaly::ALL.into_iter().enumerate().map(|(index, kind)| {
            vec![
                kind.title().to_owned(),
                grouped(self.unlocked.found[index]),
                grouped(self.locked.found[index]),
                self.unlocked.examples[index].clone().unwrap_or_default(),
            ]
        });
        Rows { head: head.map(str::to_owned).to_vec(), rows: rows.collect() }
    }

    /// What was explored, in sentences.
    pub(crate) fn explored_text(&self) -> Vec<String> {
        let mut lines = vec![
            format!(
                "{}: {} start fleets, and from each every choice of create, reboot and delete for \
                 2 clients with 1 or 2 requests each and for 3 clients with 1 each, with the \
                 worker that runs what they queue.",
                counted(self.explored_unlocked.cases, "case"),
                STARTS.len()
            ),
            "A step is one cell read or written, or one job run; with the lock a whole request. A \
             schedule is one order of all their steps, to the end. It is broken if the rows are \
             wrong at a moment when nobody is in the middle of a request."
                .to_owned(),
        ];
        if self.explored_semaphore.is_some() {
            lines.push(
                "With a semaphore each request and each job needs a permit from its first step to \
                 its last."
                    .to_owned(),
            );
        }
        for (name, explored) in self.managers() {
            if !explored.complete {
                lines.push(format!(
                    "Not complete ({name}): stopped at {} states; the figures are of what was seen.",
                    grouped(explored.states)
                ));
            }
        }
        lines
    }

    fn managers(&self) -> Vec<(String, &Explored)> {
        let mut managers = vec![
            ("without the lock".to_owned(), &self.explored_unlocked),
            ("with the lock".to_owned(), &self.explored_locked),
        ];
        if let Some((permits, explored)) = &self.explored_semaphore {
            managers.push((format!("semaphore of {permits}"), explored));
        }
        managers
    }

    /// What each manager came to: a head and rows.
    pub(crate) fn explored_table(&self) -> Rows {
        let head = ["manager", "states", "schedules", "broken", "share", "complete"];
        let rows = self.managers().into_iter().map(|(name, explored)| {
            vec![
                name,
                grouped(explored.states),
                grouped(explored.schedules),
                grouped(explored.broken),
                percent(explored.broken, explored.schedules),
                if explored.complete { "yes" } else { "no" }.to_owned(),
            ]
        });
        Rows { head: head.map(str::to_owned).to_vec(), rows: rows.collect() }
    }

    /// What it all says.
    pub fn verdict(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        let (without, with) = (&self.explored_unlocked, &self.explored_locked);
        sentences.push(if without.broken > 0 {
            format!(
                "Without the lock {} of {} schedules break: each read and each write is whole, but \
                 what was read may be old by the time something is written from it, for somebody \
                 else came in between.",
                grouped(without.broken),
                grouped(without.schedules)
            )
        } else if self.unlocked_broke() {
            "Without the lock threads access harm, but no schedule that was seen breaks.".to_owned()
        } else {
            "Without the lock nothing broke: this says nothing about the lock.".to_owned()
        });
        let schedules = grouped(with.schedules);
        sentences.push(if self.locked_holds() {
            format!(
                "With the lock nothing breaks in any of its {schedules} schedules, nor on threads: \
                 nobody comes in between the first read of a request and its last write."
            )
        } else if self.locked_unbroken() {
            format!(
                "With the lock nothing breaks in the {schedules} schedules that were seen, but \
                 that is not all of them: explore more states."
            )
        } else {
            format!(
                "With the lock {} of {} schedules break, and {} kinds of harm showed on threads: \
                 the lock does not hold.",
                grouped(with.broken),
                grouped(with.schedules),
                self.locked.kinds()
            )
        });
        sentences.extend(self.semaphore_answer());
        sentences
    }

    /// Whether the semaphore is as good as a lock.
    pub(crate) fn semaphore_answer(&self) -> Option<String> {
        let (permits, explored) = self.explored_semaphore.as_ref()?;
        let schedules = grouped(explored.schedules);
        Some(if explored.broken > 0 {
            let steps = self.shortest_with_semaphore.as_ref().map_or(0, |found| found.steps.len());
            format!(
                "A semaphore of {permits} is not a lock: {} of {schedules} schedules break, the shortest in {steps} steps.",
                grouped(explored.broken)
            )
        } else if explored.complete {
            format!("A semaphore of {permits} is a lock: none of its {schedules} schedules breaks.")
        } else {
            format!("A semaphore of {permits}: nothing broke, but not every schedule was seen.")
        })
    }
}

/// A table's head and rows, for people and for the report.
pub(crate) struct Rows {
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// The first one found is a sentence, which can be wrapped.
const THREADS_SQUEEZE: Squeeze<'_> = Squeeze { drops: &[], wraps: 3 };
/// How many states there were matters least; what is not complete is said above the table.
const EXPLORED_SQUEEZE: Squeeze<'_> = Squeeze { drops: &[1, 5], wraps: 0 };

/// A table as text: the first column and those after `numbers` more are to the left.
fn table(rows: &Rows, numbers: usize, (screen, squeeze): (Screen, Squeeze<'_>)) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY);
    table.set_header(rows.head.clone());
    for row in &rows.rows {
        table.add_row(row.clone());
    }
    for column in table.column_iter_mut().skip(1).take(numbers) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    screen.table(table, squeeze)
}

/// A share in hundredths of a percent, cut off so that it says 100 % only for all.
fn percent(part: u128, whole: u128) -> String {
    match part.saturating_mul(10_000).checked_div(whole) {
        Some(share) => format!("{}.{:02} %", share / 100, share % 100),
        None => "–".to_owned(),
    }
}

/// A timeline under its heading, with how to see it again.
fn shown(timeline: &Timeline, flags: &str, screen: Screen) -> Vec<String> {
    let start = timeline.schedule.case.start;
    let title = timeline.schedule.claim.map_or("schedule", Anomaly::title);
    let steps = counted(timeline.steps.len() as u128, "step");
    let mut lines = vec![String::new()];
    lines.push(format!("{title}, in {steps}"));
    lines.extend(screen.line(&format!("  start fleet {}: {}", start.name, start.about), 4));
    lines.push(String::new());
    lines.extend(timeline.lines(screen));
    let (begin, end) = (
        format!("  replay with: guichet race {flags}"),
        format!("--replay '{}'", timeline.schedule),
    );
    let whole = begin.chars().count() + end.chars().count();
    if screen.width().is_some_and(|width| whole > width) {
        // In two lines that a shell takes for one.
        lines.extend([format!("{begin}\\"), format!("    {end}")]);
    } else {
        lines.push(begin + &end);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn only_all_is_a_hundred_percent() {
        for (part, whole, text) in [
            (0, 0, "–"),
            (0, 5, "0.00 %"),
            (1, 3, "33.33 %"),
            (99_999, 100_000, "99.99 %"),
            (7, 7, "100.00 %"),
        ] {
            assert_eq!(percent(part, whole), text);
        }
    }
}
