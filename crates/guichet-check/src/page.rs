//! A verdict as the data of a page: the code, and beside it the shortest schedules, which a reader
//! steps through or leaves.

mod states;

use std::collections::BTreeSet;

use guichet_core::limits;
use guichet_locale::{Locale, capitalised, text};
use guichet_view::data::{
    Block, Fact, Report, Section, Step, Timeline, Walk, WalkFinding, WalkLine,
};

use crate::message::{Found, Graph};
use crate::sentence::title;
use crate::text::{before, headed};
use crate::timeline;
use crate::verdict::Verdict;

impl Verdict {
    /// The page. Whoever writes it adds what only it knows, such as the command.
    pub fn page(&self, locale: Locale) -> Report {
        let mut sections: Vec<Section> = self.stepped(locale).into_iter().collect();
        let others = self.numbered().filter(|(_, found)| self.graph(found).is_none());
        sections.extend(others.map(|(number, found)| self.plain(number, found, locale)));
        sections.extend(self.untold.iter().map(|kind| Section {
            title: capitalised(&title(kind, locale)),
            text: vec![text!(locale, "walk-not-told")],
            blocks: Vec::new(),
        }));
        Report {
            locale,
            title: "guichet tp check".to_owned(),
            lead: vec![self.heading(locale), self.summary(locale)],
            facts: Vec::<Fact>::new(),
            sections,
        }
    }

    /// What was found, with the number that it has on a terminal too.
    fn numbered(&self) -> impl Iterator<Item = (usize, &Found)> {
        (1..).zip(&self.found)
    }

    fn graph(&self, found: &Found) -> Option<&Graph> {
        self.graphs.iter().find(|graph| graph.kind == found.kind && !graph.states.is_empty())
    }

    /// What can be stepped through; nothing if nothing can.
    fn stepped(&self, locale: Locale) -> Option<Section> {
        let graphs: Vec<(usize, &Found, &Graph)> = self
            .numbered()
            .filter_map(|(number, found)| Some((number, found, self.graph(found)?)))
            .collect();
        if graphs.is_empty() {
            return None;
        }
        let findings = graphs.iter().map(|(number, found, graph)| WalkFinding {
            number: *number,
            title: headed(found, locale),
            about: vec![found.sentence(locale), capitalised(&before(found, locale))],
            ..states::finding(graph, locale)
        });
        let findings: Vec<WalkFinding> = findings.collect();
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        let walk = Walk {
            id: "walk".to_owned(),
            title: text!(locale, "walk-title"),
            file: name.to_string_lossy().into_owned(),
            code: self.code(&findings),
            findings,
        };
        Some(Section {
            title: text!(locale, "walk-section"),
            text: vec![text!(locale, "walk-choose"), text!(locale, "walk-gathered")],
            blocks: vec![Block::Walk(walk)],
        })
    }

    /// The lines that a page has room for: all of them, or those around the steps.
    fn code(&self, findings: &[WalkFinding]) -> Vec<WalkLine> {
        let lines = self.source.iter().enumerate();
        let lines = lines.map(|(at, text)| WalkLine { number: at + 1, text: text.clone() });
        if self.source.len() <= limits::CHECK_PAGE_LINES {
            return lines.collect();
        }
        let states = findings.iter().flat_map(|finding| &finding.states);
        let run = states.flat_map(|state| &state.turns).flat_map(|turn| &turn.lines);
        let near: BTreeSet<usize> = run
            .flat_map(|line| {
                line.saturating_sub(limits::CHECK_PAGE_AROUND)..=line + limits::CHECK_PAGE_AROUND
            })
            .collect();
        let near = lines.filter(|line| near.contains(&line.number));
        near.take(limits::CHECK_PAGE_LINES).collect()
    }

    /// A finding without states: its sentence, and its schedule if it has one.
    fn plain(&self, number: usize, found: &Found, locale: Locale) -> Section {
        let mut columns: Vec<u64> = found.steps.iter().map(|step| step.task).collect();
        columns.sort_unstable();
        columns.dedup();
        let steps: Vec<Step> = (found.steps.iter())
            .map(|step| Step {
                column: columns.iter().position(|task| *task == step.task).unwrap_or_default(),
                text: timeline::line(step, &self.source, locale),
                note: String::new(),
                harm: false,
            })
            .collect();
        let table = (!steps.is_empty()).then(|| {
            Block::Timeline(Timeline {
                title: capitalised(&before(found, locale)),
                columns: columns.iter().map(|task| found.name(*task, locale)).collect(),
                steps,
                outcome: found.sentence(locale),
            })
        });
        Section {
            title: format!("{number}. {}", capitalised(&headed(found, locale))),
            text: vec![found.sentence(locale)],
            blocks: table.into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests;
