//! Servers: made, acted on, edited, found, counted.
//!
//! | file | what |
//! | --- | --- |
//! | `create` | new servers: rules, names, ports, what each carries |
//! | `act` | actions on one server, and edits of what it carries |
//! | `console` | what a machine says of itself while it boots |
//! | `search`, `filter`, `order` | lists |
//! | `projects` | whose servers a caller may look at |
//! | `machine` | what a server's machine is to be like, for drivers |
//! | `hosts`, `usage` | sums over servers |
//! | `values` | which values a server's fields may have |

mod act;
mod console;
mod create;
mod error;
mod filter;
mod first;
mod hostname;
mod hosts;
pub(crate) mod machine;
mod order;
pub(crate) mod password;
mod projects;
mod search;
mod service;
mod usage;
pub mod values;
mod walk;

pub use create::{Networks, NewServers};
pub use error::{CreateError, ServerError};
pub use filter::{Condition, Filter, PatternError, TagMatch, pattern, reservation};
pub use guichet_engine::Scan;
pub use hostname::hostname;
pub use hosts::{ByHost, HostUsage};
pub use order::{Order, SortKey};
pub use projects::{NotVisible, Projects};
pub use search::{SearchError, Window};
pub use service::Servers;
pub use usage::{ProjectCharges, hours};
