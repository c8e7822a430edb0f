//! The table of actions: what each is allowed on, what it shows at once, where it ends.
//! A later action adds a row, not a branch.

mod args;
mod kind;
mod rule;
mod table;

pub use args::ActionArgs;
pub use kind::Action;
pub use rule::{
    AllocationChange, AllocationChanges, Interrupts, MachineChange, Obstacle, Settles, Then,
    Transition,
};
pub use table::{EXPIRIES, Expiry, TABLE};
