//! The twelve points of the lab sheet: which commands show each.

use super::figures::Figures;
use crate::cli::TP_POINTS;

/// What is looked at of a command that was run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// What it prints itself.
    Printed,
    /// These figures of its JSON.
    Figures(Figures),
}

/// A command, without the program's name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) args: &'static str,
    pub(super) shown: Shown,
}

const fn figures(args: &'static str, figures: Figures) -> Step {
    Step { args, shown: Shown::Figures(figures) }
}

const fn printed(args: &'static str) -> Step {
    Step { args, shown: Shown::Printed }
}

/// The commands of each point, the first point first.
pub(super) const POINTS: [&[Step]; TP_POINTS as usize] = [
    &[figures("simulate --requests 2000", Figures::Fleet)],
    &[figures("simulate --requests 2000 --mix create=4,reboot=4,delete=2", Figures::Actions)],
    &[figures("race", Figures::Race)],
    &[
        figures("simulate --model threads --client-threads --clients 200", Figures::Run),
        figures("simulate --model async --workers 200 --clients 200", Figures::Run),
    ],
    &[
        figures("simulate --model pool --workers 8 --requests 2000", Figures::Run),
        figures("simulate --model pool --workers 64 --requests 2000", Figures::Run),
    ],
    &[figures("simulate --requests 8 --log", Figures::Actions)],
    &[
        figures("simulate --model pool --workers 64 --requests 1000", Figures::Run),
        figures("simulate --model pool --workers 64 --permits 4 --requests 1000", Figures::Run),
    ],
    &[figures("simulate --mix delete=1 --requests 5", Figures::Refusals)],
    &[figures("compare --models sequential,threads,pool --workers 2,16 --runs 3", Figures::Rows)],
    &[printed("simulate --requests 60 --mix create=3,delete=1,list=1 --all --quiet")],
    &[
        figures(
            "simulate --rate 500 --bursts 3x2s@5000 --duration 20s --requests 50000 --queue 2000 \
             --workers 16 --virtual-time --quiet",
            Figures::Queue,
        ),
        figures(
            "simulate --rate 500 --bursts 3x2s@5000 --duration 20s --requests 50000 --queue 2000 \
             --workers 64 --virtual-time --quiet",
            Figures::Queue,
        ),
    ],
    &[printed("race --replay lost_server@empty:create/create:1x6,2x10,1x4")],
];

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn each_command_can_be_typed() {
        for step in POINTS.iter().copied().flatten() {
            let typed = std::iter::once("guichet").chain(step.args.split(' '));
            assert!(Cli::try_parse_from(typed).is_ok(), "{}", step.args);
        }
    }
}
