//! What the table keeps: machines that exist and calls that run, nothing else.

use guichet_core::action::Action::{Create, Delete, RebootSoft, Start, Stop};
use guichet_core::ids::ServerId;
use guichet_core::state::{PowerState, VmState};

use super::machines::{Denied, Machines};

/// Where the servers of these calls are: of what is done here it changes nothing.
const ACTIVE: VmState = VmState::Active;

#[test]
fn a_slot_goes_with_its_machine_and_its_last_call() {
    let (machines, server) = (Machines::default(), ServerId::from_bits(1));
    let create = machines.enter(server, 1).unwrap();
    assert_eq!((machines.len(), machines.list().len()), (1, 0));
    create.apply(Create, ACTIVE).unwrap();
    assert_eq!((machines.len(), machines.list().len()), (1, 1));
    let delete = machines.enter(server, 2).unwrap();
    assert_eq!((machines.len(), machines.list().len()), (1, 1));
    delete.apply(Delete, ACTIVE).unwrap();
    assert_eq!(machines.len(), 0);
}

#[test]
fn calls_that_come_to_nothing_leave_nothing() {
    let (machines, server) = (Machines::default(), ServerId::from_bits(1));
    drop(machines.enter(server, 3).unwrap());
    assert_eq!(machines.apply_at_once(server, 4, (Start, ACTIVE)), Err(Denied::NoMachine));
    assert_eq!(machines.apply_at_once(server, 5, (Delete, ACTIVE)), Ok(()));
    assert_eq!(machines.len(), 0);
}

/// A create that is still on its way keeps the delete's fence known, and is refused by it, also
/// if the delete has left long since and other old calls come and go.
#[test]
fn a_fence_is_known_while_an_older_call_is_on_its_way() {
    let (machines, server) = (Machines::default(), ServerId::from_bits(1));
    let late = machines.enter(server, 1).unwrap();
    assert_eq!(machines.apply_at_once(server, 3, (Delete, ACTIVE)), Ok(()));
    assert_eq!(machines.enter(server, 2).err(), Some(Denied::Overtaken));
    assert_eq!(machines.apply_at_once(server, 2, (Create, ACTIVE)), Err(Denied::Overtaken));
    assert_eq!((machines.len(), machines.list().len()), (1, 0));
    assert_eq!(late.apply(Create, ACTIVE), Err(Denied::Overtaken));
    assert_eq!(machines.len(), 0);
}

/// A call that was seen counts even if it changed nothing; the list says what did.
#[test]
fn a_call_that_failed_still_outdates_older_ones() {
    let (machines, server) = (Machines::default(), ServerId::from_bits(1));
    machines.apply_at_once(server, 1, (Create, ACTIVE)).unwrap();
    drop(machines.enter(server, 5).unwrap());
    assert_eq!(machines.apply_at_once(server, 4, (Stop, ACTIVE)), Err(Denied::Overtaken));
    assert_eq!(machines.list()[0].fence, 1);
    machines.apply_at_once(server, 5, (RebootSoft, ACTIVE)).unwrap();
    assert_eq!(machines.list()[0].fence, 5);
    assert_eq!(machines.list()[0].power_state, PowerState::Running);
}

#[test]
fn a_calibration_is_adopted_only_by_a_process_without_one() {
    use super::Calibration;
    let own = Calibration::of_this_process();
    assert!(own.adopt(), "its own");
    let other = Calibration::from_rounds(own.rounds() + 1.0).unwrap();
    assert!(!other.adopt());
    assert_eq!(Calibration::of_this_process(), own);
    for unmeasurable in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(Calibration::from_rounds(unmeasurable), None);
    }
}
