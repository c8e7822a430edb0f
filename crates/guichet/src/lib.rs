//! Takes create, reboot and delete requests for servers from many clients at once, queues them,
//! runs them in parallel on a bounded pool, and never loses, doubles or corrupts one.
//!
//! This crate is all that a program imports. [`ServerManager`] is what one asks; a [`Driver`]
//! makes real what was accepted. By default that is a simulated one, which only takes its time.
//!
//! ```
//! use std::time::Duration;
//!
//! use guichet::{Caller, NewServer, Query, ServerManager};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let manager = ServerManager::builder().start()?;
//! let me = Caller::default();
//!
//! // Accepted or refused at once, and done later: awaiting the answer waits for the end.
//! let ack = manager.create(me, &NewServer::one("web-1", "m1.tiny", "cirros")).await?;
//! let server = ack.server();
//! let finished = ack.await?;
//! println!("created in {:?}", finished[0].service());
//!
//! for server in manager.active_servers(&Query::default()).servers {
//!     println!("{} is {:?}", server.name, server.status());
//! }
//!
//! manager.delete(me, server).await?.await?;
//! let drained = manager.drain(Duration::from_secs(5)).await;
//! assert!(drained.is_complete() && manager.server(me.project, server).is_none());
//! # Ok(())
//! # }
//! ```
//!
//! | to do | see |
//! | --- | --- |
//! | declare projects, hosts, flavors, bounds, a model of execution | [`EngineConfig`] |
//! | put a manager together | [`ManagerBuilder`] |
//! | make, change and delete servers | [`ServerManager`], [`NewServer`], [`Ack`] |
//! | look at them | [`Query`], [`Page`], [`Scan`], [`Server`], [`Operation`] |
//! | follow what happens | [`Events`], [`Received`] |
//! | write a driver | [`Driver`], [`Call`], [`MachineSpec`], [`Outcome`] |
//! | have calls take time and fail | [`Profile`], [`Simulated`] |
//! | choose a driver by name | [`DriverRegistry`] |
//! | check a driver of one's own | `contract`, with the feature of that name |
//! | go by real or by virtual time | [`WorldClock`] |
//!
//! Features: `cli`, which is on by default, is the program `guichet` and all that it needs. A
//! program that only uses the library does without:
//!
//! ```toml
//! guichet = { path = "…/crates/guichet", default-features = false }
//! ```
//!
//! What always holds: an accepted request ends in exactly one final state; no server is lost,
//! doubled or resurrected; quota and host sums equal the servers that exist; a refusal changes
//! nothing and says what to do. [`ServerManager::audit`] checks it.

pub use async_trait::async_trait;
/// The runtime that managers run on, in the version that they are built with.
pub use tokio;

pub use guichet_clock::WorldClock;
pub use guichet_core::action::{Action, ActionArgs};
pub use guichet_core::audit::Audit;
pub use guichet_core::chance::Chance;
pub use guichet_core::event::{Cause, Change, Event, EventKind};
pub use guichet_core::ids::{
    ClientId, FlavorId, HostId, ImageId, OperationId, ProjectId, RequestId, ServerId,
};
pub use guichet_core::limits;
pub use guichet_core::observation::{Observation, Observed};
pub use guichet_core::project::{FreeCapacity, Host, Project, Quota, Usage};
pub use guichet_core::refusal::{Refusal, RefusalKind};
pub use guichet_core::rows::Outcome;
pub use guichet_core::server::{Failure, Fault, Flavor, Operation, OperationState, Server, Size};
pub use guichet_core::state::{PowerState, Status, TaskState, VmState};
pub use guichet_core::time::{Clock, Timestamp};
#[cfg(feature = "contract")]
pub use guichet_driver::contract;
pub use guichet_driver::profile::{self, Profile, ProfileError};
pub use guichet_driver::simulated::{Names, Simulated};
pub use guichet_driver::{
    Call, DescribeMachine, Driver, DriverError, DriverRegistry, DriverSetup, Machine, MachineSpec,
    NetworkCard,
};
pub use guichet_engine::config::{hosts, project};
pub use guichet_engine::{
    Ack, Caller, Catalogue, ConfigError, Drained, EngineConfig, Events, ManagerBuilder, Model,
    NewServer, OperationUnknown, RebootKind, Received, Scan, ServerManager, StartError,
};
pub use guichet_store::{Figures, Page, Query};
