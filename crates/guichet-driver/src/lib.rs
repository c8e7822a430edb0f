//! What makes an operation real.
//!
//! A [`Driver`] is asked to `run` one [`Call`] at a time for a server and answers with an
//! outcome. It is idempotent (the same call again has the same effect), refuses a call whose
//! fence is older than one it has seen, and says of an error whether trying again may help.
//!
//! * [`Call::spec`] describes the machine that is wanted, for drivers that make real ones; an
//!   application fills in what rows do not know ([`DescribeMachine`]).
//! * [`simulated::Simulated`] is the driver of the lab and of tests: its behaviour is data, a
//!   [`profile::Profile`].
//! * [`DriverRegistry`] makes a driver by the name that a configuration gives.
//!
//! With the feature `contract` there is also the suite that every driver must pass.

mod call;
#[cfg(feature = "contract")]
pub mod contract;
mod driver;
pub mod profile;
mod registry;
pub mod simulated;
mod spec;

pub use call::Call;
pub use driver::{Driver, End, Foreseen, Machine};
pub use registry::{DriverError, DriverRegistry, DriverSetup};
pub use spec::{DescribeMachine, MachineSpec, NetworkCard};
