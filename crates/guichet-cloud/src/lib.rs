//! The application: what every API of a cloud asks, in one place. It knows no HTTP, no protocol
//! and no error text of one; a dialect reads what a client sent, asks here, and writes the answer.
//!
//! ```text
//! dialect ─▶ accounts (Login ─▶ Session ─▶ Caller)
//!        ─▶ servers (create, act, edit, search, scan) ─▶ ServerManager (guichet-engine)
//!        ─▶ keys (public keys, imported or made)
//!        ─▶ groups (servers near to each other, or apart)
//!        ─▶ catalogue (flavors, images, networks, hosts)
//!        ─▶ network (ports, addresses)                      records (what is no server, and stays)
//! worlds (clouds beside the first one, each with all of this for itself)
//! ```
//!
//! What always holds:
//! * an error is a type, and says what stands in the way, never how a protocol words it;
//! * every rule that is not a matter of spelling is here: whoever speaks another dialect cannot
//!   leave one out;
//! * a token, a credential or a secret is durable before anybody learns of it, and what ends is
//!   ended durably before the answer says so;
//! * no lock is held across a wait.
//!
//! How a manager is opened below it (data directory, driver by name, clock, seed) is in [`opening`],
//! which knows no user: a run of the lab opens its own there.
//!
//! The whole of it, with no HTTP:
//!
//! ```
//! use guichet_cloud::accounts::{Caller, Role, Session};
//! use guichet_cloud::catalogue::Viewer;
//! use guichet_cloud::config::Declared;
//! use guichet_cloud::servers::{Filter, NewServers, Order, Window};
//! use guichet_cloud::Cloud;
//! use guichet_core::action::Action;
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let cloud = Cloud::builder(Declared::dev()).seed(1).start().await?.cloud;
//! let session = Session::new(0, Some((0, Role::Member)));
//! let caller = Caller::of(&session, cloud.new_request()).ok_or("no project")?;
//!
//! let (flavor, _) = cloud.catalogue().find_flavor("1", Viewer::Admin).ok_or("no flavor")?;
//! let cirros = cloud.catalogue().images(Viewer::Admin)[0].id;
//! let (image, _) = cloud.catalogue().find_image(cirros, Viewer::Admin).ok_or("no image")?;
//! let new = NewServers::one("web", flavor, image);
//! let id = cloud.servers().create(&caller, &new).await?;
//!
//! let window = Window { limit: 10, marker: None };
//! let filter = Filter::default();
//! let found = cloud.servers().search(&caller, filter, Order::Newest, window).await?;
//! assert_eq!(found[0].id, id);
//! cloud.servers().act(&caller, &found[0], Action::Delete).await?;
//! # Ok(())
//! # }
//! ```

mod builder;
mod cloud;

pub mod accounts;
mod aggregate;
pub mod aggregates;
pub mod catalogue;
pub mod config;
pub mod data;
mod declared_specs;
mod documents;
pub mod drains;
pub mod faults;
pub mod flavors;
pub mod groups;
mod host_state;
pub mod hosts;
pub mod ids;
pub mod images;
pub mod itself;
pub mod keys;
mod migration;
pub mod migrations;
pub mod network;
pub mod opening;
mod operator;
pub mod plain;
mod quota;
pub mod quotas;
mod random;
mod records;
pub mod reload;
mod replaceable;
pub mod servers;
pub mod snapshot;
pub mod worlds;

pub use builder::{CloudBuilder, OpenError, Opened};
pub use cloud::{Cloud, Destination};
