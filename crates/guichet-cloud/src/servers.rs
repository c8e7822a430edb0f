//! Servers: made, acted on, edited, found, counted.
//!
//! | file | what |
//! | --- | --- |
//! | `create` | new servers: rules, names, ports, what each carries |
//! | `act` | actions on one server, and edits of what it carries |
//! | `search`, `filter`, `order` | lists |
//! | `scan` | every server there is |
//! | `hosts`, `usage` | sums over servers |
//! | `values` | which values a server's fields may have |

mod act;
mod create;
mod error;
mod filter;
mod hostname;
mod hosts;
mod order;
pub(crate) mod password;
mod scan;
mod search;
mod service;
mod usage;
pub mod values;

pub use create::{Networks, NewServers};
pub use error::{CreateError, ServerError};
pub use filter::{Condition, Filter, TagMatch, pattern, reservation};
pub use hostname::hostname;
pub use hosts::{ByHost, HostUsage};
pub use order::{Order, SortKey};
pub use scan::Scan;
pub use search::{UnknownMarker, Window};
pub use service::Servers;
pub use usage::{Charged, Period, ProjectHours};
