//! The lab: loads and those who send them, what they see, and what must hold afterwards.
//!
//! [`simulate::run`] is a whole run. A [`scenario::Scenario`] says what it is made of: a
//! configuration, a driver's profile, and a load, which is random [`clients`] or a recorded
//! [`trace`]. [`drive`] sends it, [`tally`] counts what clients see, [`history`] and [`log`]
//! write down what happens, [`verify`] checks that clients, store and driver agree, and
//! [`summary`] says what it came to.

pub mod clients;
pub mod compare;
pub mod drive;
pub mod history;
pub mod input;
pub mod log;
pub mod measure;
pub mod options;
pub mod report;
pub mod scenario;
pub mod simulate;
pub mod summary;
pub mod tally;
pub mod targets;
pub mod trace;
pub mod trail;
pub mod verify;
