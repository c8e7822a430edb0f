//! The manager behind the HTTP surface that unmodified OpenStack clients take for a cloud:
//! Identity v3, Compute v2.1, and of Image v2 and Network v2.0 what clients of Compute ask for.
//!
//! ```text
//! connection ─▶ guichet_http::serve (limits, time-outs) ─▶ app (which service)
//!                                                           │
//!                     http::gate (request id, token, microversion, rate)
//!                                                           │
//!                     identity · compute · image · network ◀┘ ─▶ ServerManager
//! ```
//!
//! A handler decides nothing: it reads what was asked, calls the manager, and writes the answer.
//! What stands in the way is a [`http::problem::Problem`]; the service it came through gives it
//! its shape. Knows no SQL and no driver.

mod app;
pub mod cloud;
pub mod compute;
pub mod config;
pub mod http;
pub mod identity;
pub mod image;
mod kept;
pub mod network;
pub mod walk;

pub use app::app;
pub use cloud::Cloud;
