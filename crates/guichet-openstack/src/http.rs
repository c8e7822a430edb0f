//! What all services share: connections, the gate every request passes, problems, versions.

pub mod app;
pub mod body;
pub mod gate;
pub mod links;
pub mod problem;
pub mod read;
pub mod serve;
pub mod version;
