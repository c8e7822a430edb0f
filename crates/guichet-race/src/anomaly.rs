//! The six things that go wrong without the lock, and how each is recognised in the shared rows and
//! from what observers have noted. Judged when nobody is in the middle of a request: a
//! row that is only half written yet is no harm.

mod words;

use guichet_core::ids::HostId;
use guichet_core::project::Usage;
use serde::Serialize;

use crate::cells::Cells;
use crate::interner::Interner;
use crate::naming::index_of;
use crate::world::World;

/// The kinds of harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Anomaly {
    /// A server whose create was accepted is not in the list, and nobody deleted it.
    LostServer,
    /// A host holds more than it can.
    OverbookedHost,
    /// A project has more than its quota allows.
    QuotaPassed,
    /// Two deletes of one server were both accepted as the first.
    DoubleDelete,
    /// A server that was deleted and gone was written back.
    Resurrected,
    /// Usage or free capacity is not what the servers in the list add up to, though none came back: after
    /// that no sum can be right.
    WrongCount,
}

impl Anomaly {
    /// All kinds, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::LostServer,
        Self::OverbookedHost,
        Self::QuotaPassed,
        Self::DoubleDelete,
        Self::Resurrected,
        Self::WrongCount,
    ];

    /// Its name in schedules and for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LostServer => "lost_server",
            Self::OverbookedHost => "overbooked_host",
            Self::QuotaPassed => "quota_passed",
            Self::DoubleDelete => "double_delete",
            Self::Resurrected => "resurrected",
            Self::WrongCount => "wrong_count",
        }
    }
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Kinds(u8);

impl Kinds {
    pub(crate) const ALL: Self = Self((1 << Anomaly::ALL.len()) - 1);

    pub(crate) const fn has(self, kind: Anomaly) -> bool {
        self.0 & (1 << kind as u8) != 0
    }

    pub(crate) fn add(&mut self, kind: Anomaly) {
        self.0 |= 1 << kind as u8;
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// One harm that was found. Servers are numbers, from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Harm {
    /// A server that was created, and is not in the list.
    Lost {
        /// Which one.
        server: usize,
    },
    /// A host that holds too much.
    Overbooked {
        /// Which one.
        host: HostId,
        /// How many servers it can hold.
        capacity_for: u32,
        /// How many it holds.
        holds: u32,
    },
    /// A project that has too much.
    QuotaPassed {
        /// How many servers its quota allows.
        allowed: u64,
        /// How many it has.
        exist: u64,
    },
    /// A server that was deleted more than once.
    DoubleDelete {
        /// Which one.
        server: usize,
        /// How often.
        times: u8,
    },
    /// A server that was gone and is in the list again.
    Resurrected {
        /// Which one.
        server: usize,
    },
    /// A usage that is not the sum of the servers.
    WrongUsage {
        /// How many servers it says there are.
        says: u64,
        /// How many there are.
        exist: u64,
    },
    /// A host's room that is not what its servers leave.
    WrongCapacity {
        /// Which host.
        host: HostId,
        /// For how many servers it says it has room.
        says: u32,
        /// For how many it has.
        is: u32,
    },
}

impl Harm {
    /// Of which kind it is.
    pub const fn kind(&self) -> Anomaly {
        match self {
            Self::Lost { .. } => Anomaly::LostServer,
            Self::Overbooked { .. } => Anomaly::OverbookedHost,
            Self::QuotaPassed { .. } => Anomaly::QuotaPassed,
            Self::DoubleDelete { .. } => Anomaly::DoubleDelete,
            Self::Resurrected { .. } => Anomaly::Resurrected,
            Self::WrongUsage { .. } | Self::WrongCapacity { .. } => Anomaly::WrongCount,
        }
    }
}

/// Everything that is wrong with the rows, in a fixed order.
pub(crate) fn judge(world: &World, interner: &Interner, cells: &Cells) -> Vec<Harm> {
    let mut harms = Vec::new();
    judge_servers(interner, cells, &mut harms);
    judge_project(world, interner, cells, &mut harms);
    judge_hosts(world, interner, cells, &mut harms);
    // What a server that came back takes was given back before: that is the harm, and no sum can
    // be right after it.
    if kinds(&harms).has(Anomaly::Resurrected) {
        harms.retain(|harm| harm.kind() != Anomaly::WrongCount);
    }
    harms
}

/// The kinds among some harms.
pub(crate) fn kinds(harms: &[Harm]) -> Kinds {
    let mut kinds = Kinds::default();
    for harm in harms {
        kinds.add(harm.kind());
    }
    kinds
}

fn judge_servers(interner: &Interner, cells: &Cells, harms: &mut Vec<Harm>) {
    for (server, noted) in cells.noted.iter().enumerate() {
        let exists = cells.existing(interner).any(|row| index_of(row.id) == server);
        if noted.created && noted.deletes == 0 && !exists {
            harms.push(Harm::Lost { server });
        }
        if noted.deletes > 1 {
            harms.push(Harm::DoubleDelete { server, times: noted.deletes });
        }
        if noted.back {
            harms.push(Harm::Resurrected { server });
        }
    }
}

fn judge_project(world: &World, interner: &Interner, cells: &Cells, harms: &mut Vec<Harm>) {
    let mut sum = Usage::default();
    for server in cells.existing(interner) {
        sum = sum.plus(server.size, 1);
    }
    let exist = sum.instances;
    if let Some(allowed) = world.project.quota.instances.filter(|allowed| exist > *allowed) {
        harms.push(Harm::QuotaPassed { allowed, exist });
    }
    let usage = *interner.usages.get(cells.usage);
    if usage != sum {
        harms.push(Harm::WrongUsage { says: usage.instances, exist });
    }
}

/// All servers of a race have one size, so a host's capacity is a number of servers.
fn judge_hosts(world: &World, interner: &Interner, cells: &Cells, harms: &mut Vec<Harm>) {
    for (host, capacity) in world.hosts.iter().zip(&cells.capacities) {
        let on_host = cells.existing(interner).filter(|server| server.host == Some(host.id));
        let holds = u32::try_from(on_host.count()).unwrap_or(u32::MAX);
        let capacity_for = world.servers_in(host.capacity);
        if holds > capacity_for {
            harms.push(Harm::Overbooked { host: host.id, capacity_for, holds });
        }
        let says = world.capacity_for(interner.capacities.get(*capacity));
        // A host that holds more than it can has no capacity left: that it says so is right.
        let is = capacity_for.saturating_sub(holds);
        if says != is {
            harms.push(Harm::WrongCapacity { host: host.id, says, is });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Anomaly, Harm, judge};
    use crate::cells::Cells;
    use crate::interner::Interner;
    use crate::naming::id_of;
    use crate::opening::open;
    use crate::schedule::Schedule;
    use crate::world::World;

    /// A start fleet whose rows were changed by hand.
    fn judged(start: &str, change: impl FnOnce(&mut Interner, &mut Cells)) -> Vec<Harm> {
        let schedule: Schedule = format!("{start}:create:1").parse().expect("a schedule");
        let world = World::new(&schedule.case);
        let (mut interner, mut cells) = open(&world);
        assert_eq!(judge(&world, &interner, &cells), [], "{start} is sound");
        change(&mut interner, &mut cells);
        judge(&world, &interner, &cells)
    }

    #[test]
    fn each_start_fleet_is_sound() {
        for start in &crate::case::STARTS {
            assert_eq!(judged(start.name, |_, _| {}), []);
        }
    }

    #[test]
    fn a_server_beyond_the_length_of_the_list_is_lost() {
        let harms = judged("one-active", |_, cells| cells.length = 0);
        assert!(harms.contains(&Harm::Lost { server: 0 }), "{harms:?}");
        // Its usage and capacity are still taken.
        assert!(harms.contains(&Harm::WrongUsage { says: 1, exist: 0 }), "{harms:?}");
        assert_eq!(harms.len(), 3);
    }

    #[test]
    fn a_server_that_was_deleted_is_not_lost() {
        let harms = judged("one-active", |_, cells| {
            cells.length = 0;
            cells.note(id_of(0)).deletes = 1;
        });
        assert!(harms.iter().all(|harm| harm.kind() == Anomaly::WrongCount), "{harms:?}");
    }

    #[test]
    fn two_deletes_of_one_server_are_one_too_many() {
        let harms = judged("one-active", |_, cells| cells.note(id_of(0)).deletes = 2);
        assert_eq!(harms, [Harm::DoubleDelete { server: 0, times: 2 }]);
    }

    #[test]
    fn after_a_server_came_back_no_sum_is_looked_at() {
        let harms = judged("one-active", |interner, cells| {
            cells.note(id_of(0)).back = true;
            cells.usage = interner.usages.intern(guichet_core::project::Usage::default());
        });
        assert_eq!(harms, [Harm::Resurrected { server: 0 }]);
    }

    #[test]
    fn more_servers_than_quota_and_host_allow_are_two_harms() {
        // The list names server A three times over: quota for two, a host for four.
        let thrice = |_: &mut Interner, cells: &mut Cells| {
            let image = cells.slots[0];
            cells.slots.extend([image, image]);
            cells.length = 3;
        };
        let harms = judged("last-quota", thrice);
        assert!(harms.contains(&Harm::QuotaPassed { allowed: 2, exist: 3 }), "{harms:?}");
        assert!(harms.iter().all(|harm| harm.kind() != Anomaly::OverbookedHost), "{harms:?}");
        let harms = judged("last-room", thrice);
        let host = guichet_core::ids::HostId(0);
        assert!(harms.contains(&Harm::Overbooked { host, capacity_for: 2, holds: 3 }), "{harms:?}");
        assert!(harms.iter().all(|harm| harm.kind() != Anomaly::QuotaPassed), "{harms:?}");
    }
}
