//! The lab: loads for a manager, what came of them, and what must hold afterwards. One module for
//! each command: [`simulate`] is a run, [`compare`] is many of them, [`report`] makes a page of
//! one, [`beside`] lays the results of several side by side. [`trace`] reads recorded loads and
//! lists of hosts from files.

pub mod beside;
pub mod compare;
pub mod report;
pub mod simulate;
pub mod trace;

pub use simulate::measure;
