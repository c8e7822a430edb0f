//! What exists and what is on its way: the table that effects are applied to.
//!
//! A slot is there while its machine exists or a call for it is running, and no longer: the
//! table is bounded by servers plus calls. That is enough to refuse every call that a newer one
//! has overtaken, as a call enters before it waits and its effect is applied at its end:
//!
//! ```text
//! create, fence 1   enter ─────────────── waits ─────────────── apply: 2 was seen, refused
//! delete, fence 2          enter ── waits ── apply: no machine
//! slot              seen 1  seen 2           stays for the create's sake       gone
//! ```

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Mutex, MutexGuard, PoisonError};

use guichet_core::action::{Action, MachineChange};
use guichet_core::ids::{IdHash, ServerId};
use guichet_core::state::{PowerState, VmState};

use crate::driver::Machine;

/// Why a call did nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denied {
    /// A newer call was seen.
    Overtaken,
    /// There is no machine to do it to.
    NoMachine,
}

/// What is known of one server.
#[derive(Debug, Default)]
struct Slot {
    /// The highest fence seen while this slot was there.
    seen: u32,
    /// Calls that have entered and not left.
    running: u32,
    /// The machine: the fence of the last call that changed it, and its power.
    machine: Option<(u32, PowerState)>,
}

impl Slot {
    /// Takes note of a call's fence, unless a newer one was seen.
    fn see(&mut self, fence: u32) -> Result<(), Denied> {
        if fence < self.seen {
            return Err(Denied::Overtaken);
        }
        self.seen = fence;
        Ok(())
    }

    /// Does it, to the machine of a server that was in this state. Doing it again changes nothing.
    fn apply(&mut self, action: Action, from: VmState, fence: u32) -> Result<(), Denied> {
        let rule = action.rule();
        let before = match (rule.machine, self.machine) {
            (MachineChange::Remove, _) => {
                self.machine = None;
                return Ok(());
            }
            (MachineChange::Change, None) => return Err(Denied::NoMachine),
            (MachineChange::Make, None) => PowerState::None,
            (_, Some((_, power))) => power,
        };
        let (_, power) = rule.done.of(from, before);
        self.machine = Some((fence, power));
        Ok(())
    }

    const fn is_idle(&self) -> bool {
        self.running == 0 && self.machine.is_none()
    }
}

type Slots = HashMap<ServerId, Slot, IdHash>;

/// All slots, behind one lock.
#[derive(Debug, Default)]
pub(super) struct Machines {
    /// Held by whoever enters, applies, leaves or lists, for that step; never across a wait.
    /// Without it a call could apply its effect between a newer call's look and its own.
    slots: Mutex<Slots>,
}

impl Machines {
    /// The lock. No step can fail half way, so the table is whole even after a panic elsewhere.
    fn lock(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes capacity for that many machines, so that the table does not grow under the lock.
    pub(super) fn reserve(&self, machines: usize) {
        self.lock().reserve(machines);
    }

    /// Enters and applies in one step, for a call that takes no time.
    pub(super) fn apply_at_once(
        &self,
        server: ServerId,
        fence: u32,
        (action, from): (Action, VmState),
    ) -> Result<(), Denied> {
        let mut slots = self.lock();
        let slot = slots.entry(server).or_default();
        let done = slot.see(fence).and_then(|()| slot.apply(action, from, fence));
        if slot.is_idle() {
            slots.remove(&server);
        }
        done
    }

    /// Lets a call in, unless a newer one was seen. The pass is given back by dropping it.
    pub(super) fn enter(&self, server: ServerId, fence: u32) -> Result<Pass<'_>, Denied> {
        let mut slots = self.lock();
        // A refused call finds a slot that saw a newer one: none is made for it.
        let slot = slots.entry(server).or_default();
        slot.see(fence)?;
        slot.running += 1;
        Ok(Pass { machines: self, server, fence })
    }

    /// Adds a machine that exists already; what is known of it here and newer stays.
    pub(super) fn adopt(&self, machine: Machine) {
        let mut slots = self.lock();
        let slot = slots.entry(machine.server).or_default();
        if slot.see(machine.fence).is_ok() {
            slot.machine = Some((machine.fence, machine.power_state));
        }
    }

    /// The machines that exist, in no order.
    pub(super) fn list(&self) -> Vec<Machine> {
        let slots = self.lock();
        let machine = |(server, slot): (&ServerId, &Slot)| {
            let (fence, power_state) = slot.machine?;
            Some(Machine { server: *server, fence, power_state })
        };
        // Nearly every slot is of a machine: the list need not grow.
        let mut machines = Vec::with_capacity(slots.len());
        machines.extend(slots.iter().filter_map(machine));
        machines
    }

    /// Slots in the table.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }
}

/// A call that is on its way. Whoever runs the call holds it; dropping it, also with the call's
/// own future, gives it back. Were it leaked, the slot of a deleted server would stay for ever.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    machines: &'a Machines,
    server: ServerId,
    fence: u32,
}

impl Pass<'_> {
    /// Does it, unless a newer call was seen meanwhile, and leaves.
    pub(super) fn apply(self, action: Action, from: VmState) -> Result<(), Denied> {
        let pass = std::mem::ManuallyDrop::new(self);
        let fence = pass.fence;
        pass.leave(|slot| slot.see(fence).and_then(|()| slot.apply(action, from, fence)))
    }

    /// The last that this call does, in the step in which it leaves.
    fn leave<R>(&self, last: impl FnOnce(&mut Slot) -> R) -> R {
        let mut slots = self.machines.lock();
        // The slot is there: it outlasts this pass.
        let mut slot = match slots.entry(self.server) {
            Entry::Occupied(slot) => slot,
            Entry::Vacant(none) => none.insert_entry(Slot::default()),
        };
        let done = last(slot.get_mut());
        slot.get_mut().running = slot.get().running.saturating_sub(1);
        if slot.get().is_idle() {
            slot.remove();
        }
        done
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.leave(|_| ());
    }
}
