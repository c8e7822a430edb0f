//! `guichet simulate`: simulated clients send a load to a manager, and what came of it.
//!
//! [`run`](run()) is a whole run. A [`scenario::Scenario`] says what it is made of: a configuration,
//! a driver's profile, and a load, which is random [`clients`] or a recorded
//! [`trace`](crate::trace); [`options`] are the values of the flags that ask for one. [`drive`]
//! sends it, [`tally`] counts what clients see, [`history`], [`log`] and [`recorder`] write down
//! what happens, [`live`] shows it meanwhile, with [`short`] ids, [`verify`] checks that clients, store and driver agree, and [`summary`] says what
//! it came to. A [`trail`] is what a comparison needs besides.

pub mod clients;
pub mod drive;
mod error;
pub mod history;
pub mod live;
pub mod log;
pub mod measure;
mod open;
pub mod options;
pub mod paint;
pub mod recorder;
mod run;
pub mod scenario;
pub mod short;
pub mod summary;
pub mod tally;
pub mod targets;
pub mod trail;
pub mod verify;
mod writers;

pub use error::{RunError, config_error};
pub use run::{Ran, Show, run, run_recorded};
