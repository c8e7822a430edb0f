//! Networks as servers are plugged into them: ports, their addresses, the security group of each
//! project. Which networks there are is in [`crate::catalogue`].

mod error;
mod service;

pub use error::PortError;
pub(crate) use service::port_request;
pub use service::{SECURITY_GROUP, mac_text, ports_in_use, security_group_id};
