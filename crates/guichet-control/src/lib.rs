//! What steers the clouds of a service: `/guichet/v1`, in JSON, for whoever tests with them; and
//! which cloud a request is for.
//!
//! ```text
//! request ─▶ app ─┬─ /w/{id}/…       the world of that id ─┐
//!                 ├─ /guichet/v1/…   routes, below         ├─▶ guichet_openstack::Surface
//!                 ├─ /console/…      guichet_console       │
//!                 └─ anything else   the first world ──────┘
//! ```
//!
//! Handlers decide nothing: they read what was asked, call [`guichet_cloud::worlds`], and write the
//! answer. The document of the API, [`document`], is made from the same declarations as the routes.
//!
//! Who may do what: [`access`].

pub mod access;
mod admin;
mod app;
mod asked;
mod asker;
pub mod audit;
mod begun;
mod cell;
mod cell_asked;
pub mod cells;
mod clipped;
mod clock;
mod clouds;
mod control;
mod counted;
mod events;
mod faults;
mod health;
mod hosts;
mod instants;
pub mod lines;
pub mod nodes;
mod operations;
mod owned;
mod patterns;
mod problem;
pub mod record;
mod recorded;
mod reload;
pub mod reloads;
mod requests;
mod secrets;
mod shape;
mod snapshots;
mod stats;
mod tee;
mod viewer;
mod worlds;

pub use app::{Beside, Watched, app, app_with, document, recorded_app, watched_app};
pub use cell_asked::asked_app;
pub use health::{metrics_app, not_of_metrics};
pub use owned::owned_app;
