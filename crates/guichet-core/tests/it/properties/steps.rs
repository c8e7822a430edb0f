//! What may happen, and in what worlds.

use std::ops::Range;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::project::Quota;
use guichet_core::scheduler::Bounds;
use proptest::prelude::*;

/// A small world: every limit is met.
#[derive(Debug, Clone)]
pub(super) struct Setup {
    pub(super) quotas: Vec<(Quota, u32)>,
    /// Processors and units of 512 MiB.
    pub(super) hosts: Vec<(u32, u32)>,
    pub(super) bounds: Bounds,
    pub(super) servers_max: usize,
    /// How many addresses the network has that every server is plugged into, if there is one.
    pub(super) addresses: Option<u32>,
    /// How long a resized server waits to be confirmed.
    pub(super) confirm_after: Option<Duration>,
}

/// How an attempt ends.
#[derive(Debug, Clone, Copy)]
pub(super) enum End {
    Success,
    Transient,
    Permanent,
}

/// One thing that happens. A `pick` names one of those there are at that time.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Create {
        project: usize,
        count: usize,
        min_count: usize,
        vcpus: u32,
        name: u8,
        key: Option<u8>,
    },
    Act {
        action: Action,
        /// Of any server there ever was.
        pick: usize,
        /// By another project than its own.
        stranger: Option<usize>,
        key: Option<u8>,
        /// What a resize is to.
        vcpus: u32,
    },
    Claim,
    Finish {
        pick: usize,
        end: End,
    },
    /// An outcome of a claim that had one before.
    FinishAgain {
        pick: usize,
        end: End,
    },
    /// The last request once more, as a client would send it: with other ids.
    SendAgain,
    Pass {
        millis: u64,
    },
}

fn key() -> impl Strategy<Value = Option<u8>> {
    prop_oneof![3 => Just(None), 1 => (0..6_u8).prop_map(Some)]
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![
        6 => Just(End::Success),
        3 => Just(End::Transient),
        1 => Just(End::Permanent),
    ]
}

/// Where the actions begin that are neither the lab's nor a resize's.
const LATER: usize = Action::RevertResize as usize + 1;

fn change() -> impl Strategy<Value = Step> {
    let action = prop_oneof![
        3 => Just(Action::RebootSoft),
        2 => Just(Action::RebootHard),
        2 => Just(Action::Stop),
        2 => Just(Action::Start),
        3 => Just(Action::Delete),
        3 => Just(Action::Resize),
        1 => Just(Action::ConfirmResize),
        1 => Just(Action::RevertResize),
        8 => proptest::sample::select(&Action::ALL[LATER..]),
    ];
    let stranger = prop_oneof![12 => Just(None), 1 => (0..3_usize).prop_map(Some)];
    (action, any::<usize>(), stranger, key(), 0..4_u32).prop_map(
        |(action, pick, stranger, key, vcpus)| Step::Act { action, pick, stranger, key, vcpus },
    )
}

fn create() -> impl Strategy<Value = Step> {
    let counts = prop_oneof![4 => Just((1, 1)), 1 => (1..5_usize, 0..4_usize)];
    (0..3_usize, counts, 0..4_u32, 0..3_u8, key()).prop_map(
        |(project, (count, min_count), vcpus, name, key)| Step::Create {
            project,
            count,
            min_count,
            vcpus,
            name,
            key,
        },
    )
}

fn pass() -> impl Strategy<Value = Step> {
    let millis = prop_oneof![
        6 => 0..300_u64,
        3 => 300..12_000_u64,
        1 => Just(25 * 3_600 * 1_000_u64),
    ];
    millis.prop_map(|millis| Step::Pass { millis })
}

pub(super) fn steps(count: Range<usize>) -> impl Strategy<Value = Vec<Step>> {
    let one = prop_oneof![
        5 => create(),
        8 => change(),
        8 => Just(Step::Claim),
        7 => (any::<usize>(), end()).prop_map(|(pick, end)| Step::Finish { pick, end }),
        2 => (any::<usize>(), end()).prop_map(|(pick, end)| Step::FinishAgain { pick, end }),
        2 => Just(Step::SendAgain),
        2 => pass(),
    ];
    prop::collection::vec(one, count)
}

fn limit(range: Range<u64>) -> impl Strategy<Value = Option<u64>> {
    prop_oneof![2 => Just(None), 1 => range.prop_map(Some)]
}

fn quota() -> impl Strategy<Value = (Quota, u32)> {
    (limit(1..8), limit(1..12), limit(1..12), 1..4_u32).prop_map(
        |(instances, cores, units, weight)| {
            let quota = Quota { instances, cores, ram_mib: units.map(|units| units * 512) };
            (quota, weight)
        },
    )
}

fn bounds() -> impl Strategy<Value = Bounds> {
    let active = prop_oneof![2 => Just(usize::MAX), 1 => 1..8_usize];
    (1..7_usize, 1..5_usize, 1..3_usize, 1..4_usize, active).prop_map(
        |(queue, service, per_host, per_project, active)| Bounds {
            queue,
            service,
            per_host,
            per_project,
            active,
        },
    )
}

pub(super) fn setup() -> impl Strategy<Value = Setup> {
    (
        prop::collection::vec(quota(), 1..4),
        prop::collection::vec((0..9_u32, 0..9_u32), 0..4),
        bounds(),
        prop_oneof![1 => 1..10_usize, 2 => 10..40_usize],
        prop::option::of(1..20_u32),
        prop::option::of((0..20_000_u64).prop_map(Duration::from_millis)),
    )
        .prop_map(|(quotas, hosts, bounds, servers_max, addresses, confirm_after)| Setup {
            addresses,
            quotas,
            hosts,
            bounds,
            servers_max,
            confirm_after,
        })
}
