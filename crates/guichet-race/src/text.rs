//! What people read of a race. Every figure and every sentence is computed from what came of it.

mod tables;
mod verdict;

use guichet_locale::{Locale, text};
use guichet_view::screen::Screen;

use crate::anomaly::Anomaly;
use crate::case::STARTS;
use crate::explore::Explored;
use crate::outcome::Outcome;
use crate::timeline::{HARM_MARK, Timeline};
pub(crate) use tables::Rows;
use tables::{EXPLORED_SQUEEZE, THREADS_SQUEEZE, table};

impl Outcome {
    /// All of it, as lines of text.
    pub fn lines(&self, screen: Screen, locale: Locale) -> Vec<String> {
        let wrapped = |text: &String| screen.paragraph(text, 0);
        let mut lines = vec![format!("1. {}", text!(locale, "race-threads")), String::new()];
        lines.extend(self.threads_text(locale).iter().flat_map(wrapped));
        let (counts, firsts) = self.threads_table(locale).without_sentences((screen, locale));
        lines.push(table(&counts, 2, (screen, THREADS_SQUEEZE)));
        if !firsts.is_empty() {
            lines.push(text!(locale, "race-first-found"));
            lines.extend(firsts);
        }
        let explored = format!("2. {}", text!(locale, "race-explored"));
        lines.extend([String::new(), explored, String::new()]);
        lines.extend(self.explored_text(locale).iter().flat_map(wrapped));
        lines.push(table(&self.explored_table(locale), usize::MAX, (screen, EXPLORED_SQUEEZE)));
        if !self.shortest.is_empty() {
            let shortest = format!("3. {}", text!(locale, "race-shortest"));
            lines.extend([String::new(), shortest, String::new()]);
            let mark = text!(locale, "race-mark", mark = HARM_MARK.to_string());
            lines.extend(screen.line(&mark, 0));
        }
        for timeline in &self.shortest {
            lines.extend(shown(timeline, "", (screen, locale)));
        }
        if let (Some(timeline), Some((permits, _))) =
            (&self.shortest_with_semaphore, &self.explored_semaphore)
        {
            let permits = *permits;
            let title = text!(locale, "race-shortest-semaphore", permits = permits);
            lines.extend([String::new(), format!("4. {title}")]);
            let flags = format!("--with semaphore={permits} ");
            lines.extend(shown(timeline, &flags, (screen, locale)));
        }
        lines.push(String::new());
        lines.extend(self.verdict(locale).iter().flat_map(wrapped));
        lines
    }

    /// What the threads did.
    pub(crate) fn threads_text(&self, locale: Locale) -> Vec<String> {
        let (requests, again) = (self.unlocked.requests, self.locked.requests);
        let (clients, shown) = (self.options.clients, self.unlocked.kinds());
        let kinds = Anomaly::ALL.len();
        vec![if shown == kinds {
            text!(locale, "race-threads-all", requests = requests, clients = clients, again = again)
        } else {
            text!(
                locale,
                "race-threads-some",
                requests = requests,
                clients = clients,
                shown = shown,
                kinds = kinds,
                again = again
            )
        }]
    }

    /// What was explored, in sentences.
    pub(crate) fn explored_text(&self, locale: Locale) -> Vec<String> {
        let (cases, starts) = (self.explored_unlocked.cases, STARTS.len());
        let mut lines = vec![
            text!(locale, "race-scope", cases = cases, starts = starts),
            text!(locale, "race-a-step-is"),
        ];
        if self.explored_semaphore.is_some() {
            lines.push(text!(locale, "race-a-permit-is"));
        }
        for (name, explored) in self.managers(locale) {
            if !explored.complete {
                let states = explored.states;
                lines.push(text!(locale, "race-incomplete", manager = name, states = states));
            }
        }
        lines
    }

    /// Each manager that was explored, by its name.
    fn managers(&self, locale: Locale) -> Vec<(String, &Explored)> {
        let mut managers = vec![
            (text!(locale, "race-without-lock"), &self.explored_unlocked),
            (text!(locale, "race-with-lock"), &self.explored_locked),
        ];
        if let Some((permits, explored)) = &self.explored_semaphore {
            let permits = *permits;
            managers.push((text!(locale, "race-with-semaphore", permits = permits), explored));
        }
        managers
    }
}

/// A timeline under its heading, with how to see it again.
fn shown(timeline: &Timeline, flags: &str, (screen, locale): (Screen, Locale)) -> Vec<String> {
    let start = timeline.schedule.case.start.in_words(locale);
    let steps = timeline.steps.len();
    let mut lines = vec![String::new()];
    lines.push(text!(locale, "race-found", kind = timeline.title(locale), steps = steps));
    lines.extend(screen.line(&format!("  {start}"), 4));
    lines.push(String::new());
    lines.extend(timeline.lines(screen, locale));
    let command = format!("guichet race {flags}");
    let begin = format!("  {}", text!(locale, "race-replay-with", command = command));
    let end = format!("--replay '{}'", timeline.schedule);
    let whole = begin.chars().count() + end.chars().count();
    if screen.width().is_some_and(|width| whole > width) {
        // In two lines that a shell takes for one.
        lines.extend([format!("{begin}\\"), format!("    {end}")]);
    } else {
        lines.push(begin + &end);
    }
    lines
}
