//! The manager behind the HTTP surface that unmodified OpenStack clients take for a cloud:
//! Identity v3, Compute v2.1, and of Image v2 and Network v2.0 what clients of Compute ask for.
//!
//! ```text
//! connection ─▶ guichet_http::serve (limits, time-outs) ─▶ app (which service)
//!                                                           │
//!                     http::gate (request id, token, microversion, rate)
//!                                                           │
//!                     identity · compute · image · network ◀┘ ─▶ guichet_cloud::Cloud
//! ```
//!
//! A handler decides nothing: it reads what was asked, calls the cloud, and writes the answer.
//! What stands in the way is a [`http::problem::Problem`]; the service it came through gives it
//! its shape. What is here is spelling: paths, versions, shapes, sentences, status codes.

mod app;
pub mod cells;
mod clouds_yaml;
pub mod compute;
mod domain;
pub mod http;
pub mod identity;
pub mod image;
mod images;
pub mod network;

pub use app::{Surface, app, calls};
pub use clouds_yaml::{clouds_yaml, environment};
