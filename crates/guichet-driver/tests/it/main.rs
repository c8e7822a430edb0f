//! The driver crate from outside: the contract, the draws, the faults and the profiles. Time is
//! virtual and every draw is seeded, so each test sees the same on every run.
#![expect(clippy::unwrap_used, reason = "a test stops where it is surprised")]

mod contract;
mod delays;
mod faults;
mod foreseen;
mod fuzz;
mod mistakes;
mod names;
mod profiles;
mod registry;
mod specs;
mod support;
