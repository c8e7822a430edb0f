//! `guichet report`: results of earlier runs, or of earlier comparisons, laid side by side.
//!
//! [`taken`] reads one file's figures, [`shown`] makes a table and a page of several.

pub mod shown;
pub mod taken;
#[cfg(test)]
mod tests;

use guichet_locale::{Locale, text};

use crate::compare::plan::Work;

/// What a figure is of.
#[derive(Debug, Clone, PartialEq)]
pub enum Key {
    /// A figure of one run.
    Run(RunFigure),
    /// Requests a second of one row of a comparison.
    Rate(RowName),
    /// CPU for each operation of one row, µs.
    Cpu(RowName),
    /// The time from sending to the end that one in a hundred passes, ms.
    Slow(RowName),
    /// The most requests a second of one model.
    Most(Work, String),
}

/// A row of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct RowName {
    work: Work,
    model: String,
    workers: Option<u64>,
}

/// A figure that runs are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunFigure {
    /// How long it took, s of its own time.
    Seconds,
    /// Requests sent in a second of its own time.
    Requests,
    /// Requests refused.
    Refused,
    /// Operations that failed.
    Failed,
    /// Half wait so long, ms.
    Wait,
    /// One in a hundred waits longer, ms.
    WaitSlow,
    /// Half take so long from sending to the end, ms.
    Latency,
    /// One in a hundred takes longer, ms.
    LatencySlow,
    /// Most operations in flight.
    Flight,
    /// Most operations waiting.
    Queue,
    /// CPU for each accepted operation, µs.
    Cpu,
    /// Most memory, MiB.
    Memory,
}

impl RunFigure {
    const ALL: [Self; 12] = [
        Self::Seconds,
        Self::Requests,
        Self::Refused,
        Self::Failed,
        Self::Wait,
        Self::WaitSlow,
        Self::Latency,
        Self::LatencySlow,
        Self::Flight,
        Self::Queue,
        Self::Cpu,
        Self::Memory,
    ];

    fn label(self, locale: Locale) -> String {
        match self {
            Self::Seconds => text!(locale, "report-beside-seconds"),
            Self::Requests => text!(locale, "report-beside-requests"),
            Self::Refused => text!(locale, "report-beside-refused"),
            Self::Failed => text!(locale, "report-beside-failed"),
            Self::Wait => text!(locale, "report-beside-wait"),
            Self::WaitSlow => text!(locale, "report-beside-wait-slow"),
            Self::Latency => text!(locale, "report-beside-latency"),
            Self::LatencySlow => text!(locale, "report-beside-latency-slow"),
            Self::Flight => text!(locale, "report-beside-flight"),
            Self::Queue => text!(locale, "report-beside-queue"),
            Self::Cpu => text!(locale, "report-beside-cpu"),
            Self::Memory => text!(locale, "report-beside-memory"),
        }
    }
}

impl RowName {
    fn label(&self, locale: Locale) -> String {
        let size = self.workers.map_or_else(String::new, |workers| format!(" {workers}"));
        format!("{} {}{size}", self.work.word(locale), self.model)
    }
}

impl Key {
    /// What it is called, with its unit.
    pub fn label(&self, locale: Locale) -> String {
        match self {
            Self::Run(figure) => figure.label(locale),
            Self::Rate(row) => text!(locale, "report-beside-rate", row = row.label(locale)),
            Self::Cpu(row) => text!(locale, "report-beside-row-cpu", row = row.label(locale)),
            Self::Slow(row) => text!(locale, "report-beside-row-slow", row = row.label(locale)),
            Self::Most(work, model) => {
                let row = format!("{} {model}", work.word(locale));
                text!(locale, "report-beside-most", row = row)
            }
        }
    }

    /// Whether it counts something.
    fn is_count(&self) -> bool {
        use RunFigure::{Failed, Flight, Queue, Refused};
        matches!(self, Self::Run(Refused | Failed | Flight | Queue))
    }

    /// Whether it is drawn too: what people look at first.
    fn is_drawn(&self) -> bool {
        use RunFigure::{Cpu, Latency, LatencySlow, Memory, Requests};
        match self {
            Self::Run(figure) => {
                matches!(figure, Requests | Latency | LatencySlow | Cpu | Memory)
            }
            Self::Most(..) => true,
            Self::Rate(_) | Self::Cpu(_) | Self::Slow(_) => false,
        }
    }
}
