//! What is sent and when it is killed: a function of the seed alone.

use std::time::Duration;

use guichet_core::chance::{Chance, Purpose};

/// What a client does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A create, with an Idempotency-Key or without.
    Create { keyed: bool },
    /// A soft reboot.
    RebootSoft,
    /// A hard reboot.
    RebootHard,
    /// A stop.
    Stop,
    /// A start.
    Start,
    /// Another of Compute's actions, by its place in [`OTHERS`].
    Other(usize),
    /// A delete.
    Delete,
    /// Metadata of its own, set anew.
    Edit,
    /// A page of servers.
    List,
    /// One server.
    Show,
}

/// Actions that members ask for beside reboots, starts and stops. Most are refused most of the time,
/// as the server is in another state: that is to be answered as rightly as the rest.
pub(crate) const OTHERS: [&str; 17] = [
    "pause",
    "unpause",
    "suspend",
    "resume",
    "rebuild",
    "resize",
    "resize",
    "confirmResize",
    "revertResize",
    "rescue",
    "unrescue",
    "shelve",
    "unshelve",
    "unshelve",
    "createImage",
    "changePassword",
    "restore",
];

/// What befalls one of several nodes, or the database that they share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The leader gets SIGKILL.
    Kill,
    /// The leader gets SIGTERM.
    Term,
    /// The leader gets SIGSTOP, and SIGCONT once another one leads.
    Stop,
    /// The sessions of the leaders are ended.
    Cut,
    /// Nothing comes through between the leader and the database, until another one leads and then for a while.
    NoDatabase,
    /// Nothing comes through between nodes for a while. Clients reach each.
    NoPeers,
    /// Another node is to lead, in order.
    Move,
    /// The database is ended at once and started.
    Database,
    /// Another node gets SIGKILL.
    KillFollower,
}

impl Fault {
    /// What a report calls it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Kill => "leader killed",
            Self::Term => "leader told to stop",
            Self::Stop => "leader stopped and woken",
            Self::Cut => "leader's sessions ended",
            Self::NoDatabase => "database out of reach",
            Self::NoPeers => "nodes out of reach",
            Self::Move => "cell moved",
            Self::Database => "database restarted",
            Self::KillFollower => "follower killed",
        }
    }
}

/// A fault, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// How long all is well before.
    pub(crate) after: Duration,
    pub(crate) fault: Fault,
    /// How long after a takeover the one that was stopped or cut off is back.
    pub(crate) again: Duration,
}

/// How the process is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// SIGKILL.
    Kill,
    /// SIGTERM: it finishes what it has.
    Term,
    /// SIGTERM, and another so much later.
    TermTwice(Duration),
}

/// One end of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Strike {
    /// How long it serves before.
    pub(crate) after: Duration,
    pub(crate) end: End,
    /// The next process is killed too, so long after it was made: before it listens or at it.
    pub(crate) in_start: Option<Duration>,
}

/// Servers there should be at least, and at most: past that a create becomes a delete. A check
/// looks at each of them.
const FLEET: std::ops::Range<usize> = 32..400;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan(Chance);

/// The killer's number among the clients.
const KILLER: u64 = u64::MAX;

impl Plan {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(Chance::new(seed))
    }

    /// A client's n-th step, beside so many servers.
    pub(crate) fn step(self, client: u64, n: u64, fleet: usize) -> Step {
        let bits = self.0.bits(Purpose::Action, client, n, 0);
        let step = match bits % 100 {
            0..20 => Step::Create { keyed: bits >> 32 & 1 == 0 },
            20..35 => Step::Delete,
            35..40 => Step::RebootSoft,
            40..44 => Step::RebootHard,
            44..49 => Step::Stop,
            49..54 => Step::Start,
            54..78 => Step::Other((bits >> 40) as usize % OTHERS.len()),
            78..85 => Step::Edit,
            85..88 => Step::List,
            _ => Step::Show,
        };
        match step {
            Step::Create { .. } if fleet >= FLEET.end => Step::Delete,
            Step::Delete if fleet < FLEET.start => Step::Create { keyed: bits >> 32 & 1 == 0 },
            step => step,
        }
    }

    /// Which of so many servers the step is about.
    pub(crate) fn target(self, client: u64, n: u64, servers: usize) -> Option<usize> {
        let bits = self.0.bits(Purpose::Target, client, n, 0);
        bits.checked_rem(servers as u64).map(|place| place as usize)
    }

    /// How long a client thinks before its next step.
    pub(crate) fn think(self, client: u64, n: u64) -> Duration {
        Duration::from_millis(self.0.bits(Purpose::Think, client, n, 0) % 20)
    }

    /// The n-th fault of several nodes.
    pub(crate) fn trouble(self, n: u64) -> Trouble {
        let draw = |place| self.0.bits(Purpose::Fault, KILLER, n, place);
        let after = if draw(0) % 4 == 0 { draw(1) % 50 } else { 50 + draw(1) % 900 };
        let fault = match draw(2) % 20 {
            0..=4 => Fault::Kill,
            5..=7 => Fault::Stop,
            8..=10 => Fault::NoDatabase,
            11 | 12 => Fault::NoPeers,
            13 => Fault::Cut,
            14 | 15 => Fault::Database,
            16 => Fault::Move,
            17 | 18 => Fault::Term,
            _ => Fault::KillFollower,
        };
        let again = Duration::from_millis(draw(3) % 400);
        Trouble { after: Duration::from_millis(after), fault, again }
    }

    /// The n-th end of the process.
    pub(crate) fn strike(self, n: u64) -> Strike {
        let draw = |place| self.0.bits(Purpose::Fault, KILLER, n, place);
        // Every fourth follows hard on the start: what recovery has just begun is cut off too.
        let after = if draw(0) % 4 == 0 { draw(1) % 20 } else { 20 + draw(1) % 781 };
        let end = match draw(2) % 20 {
            0 => End::TermTwice(Duration::from_micros(draw(3) % 20_000)),
            1 => End::Term,
            _ => End::Kill,
        };
        let in_start = (draw(4) % 6 == 0).then(|| Duration::from_micros(draw(5) % 40_000));
        Strike { after: Duration::from_millis(after), end, in_start }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_plan() {
        let steps = |seed| (0..1_000).map(|n| Plan::new(seed).step(3, n, 100)).collect::<Vec<_>>();
        let strikes = |seed| (0..1_000).map(|n| Plan::new(seed).strike(n)).collect::<Vec<_>>();
        assert_eq!((steps(7), strikes(7)), (steps(7), strikes(7)));
        assert_ne!(steps(7), steps(8));
        assert_ne!(strikes(7), strikes(8));
    }

    #[test]
    fn every_kind_of_step_and_end_comes() {
        let plan = Plan::new(1);
        let steps: Vec<Step> = (0..1_000).map(|n| plan.step(0, n, 100)).collect();
        for step in [
            Step::Create { keyed: true },
            Step::Create { keyed: false },
            Step::Delete,
            Step::RebootSoft,
            Step::RebootHard,
            Step::Stop,
            Step::Start,
            Step::Other(0),
            Step::Other(OTHERS.len() - 1),
            Step::Edit,
            Step::List,
            Step::Show,
        ] {
            assert!(steps.contains(&step), "{step:?}");
        }
        let strikes: Vec<Strike> = (0..400).map(|n| plan.strike(n)).collect();
        let count = |is: &dyn Fn(&Strike) -> bool| strikes.iter().filter(|s| is(s)).count();
        assert!((25..=60).contains(&count(&|s| s.end != End::Kill)), "about one in ten");
        assert!((10..=35).contains(&count(&|s| matches!(s.end, End::TermTwice(_)))));
        assert!(count(&|s| s.in_start.is_some()) > 30);
        assert!(strikes.iter().all(|strike| strike.after <= Duration::from_millis(800)));
    }

    #[test]
    fn the_fleet_neither_ends_nor_grows_without_bound() {
        let plan = Plan::new(2);
        for n in 0..1_000 {
            assert_ne!(plan.step(0, n, 0), Step::Delete);
            assert!(!matches!(plan.step(0, n, 400), Step::Create { .. }));
        }
        assert_eq!(plan.target(0, 0, 0), None);
    }
}
