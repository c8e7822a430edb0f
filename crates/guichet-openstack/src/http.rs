//! What all services share: connections, the gate every request passes, problems, versions.

pub mod answer;
pub mod app;
pub mod body;
pub mod dates;
pub mod gate;
pub mod hex;
pub mod json;
pub mod links;
pub mod paging;
pub mod path;
pub mod problem;
pub mod query;
pub mod read;
pub mod serve;
pub mod version;
