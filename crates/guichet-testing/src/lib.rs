//! A cloud for each test, in the test's own process: no service to start, no port to choose, nothing to
//! put right afterwards.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), guichet_testing::StartError> {
//! let world = guichet_testing::World::start().await?;
//!
//! // Where any client of OpenStack finds it, and as whom.
//! let auth_url = world.auth_url();
//! let variables = world.environment();
//! assert!(variables.contains(&("OS_AUTH_URL", auth_url)));
//! # Ok(())
//! # }
//! ```
//!
//! The cloud answers over a socket, as any other does, so what is tested is the program as it is, with its
//! client library. It runs on a thread of its own: a test may be plain or of any runtime, and may block
//! ([`World::start_blocking`]). Dropping the world ends it.
//!
//! What a test decides about its cloud:
//!
//! | | |
//! | --- | --- |
//! | [`World::builder`] | its configuration, how long its machines take, its seed |
//! | [`World::clock`] | its time: stopped, faster, moved on |
//! | [`World::faults`] | what goes wrong, when |
//! | [`World::requests`] | what it was asked |
//! | [`World::snapshot`], [`World::restore`] | that it is again as it was |
//! | [`World::reset`] | that it begins anew |

mod builder;
mod clock;
mod error;
mod fault;
mod service;
mod world;

pub use builder::Builder;
pub use clock::Clock;
pub use error::StartError;
pub use fault::{Fault, Faults, Operations, Requests, Struck};
pub use guichet_cloud::faults::RuleError;
pub use guichet_cloud::worlds::{Advanced, SentRequest, WorldError};
pub use world::World;
