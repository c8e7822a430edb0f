//! The rules of the counter, written once and pure: no I/O, no clock, no async.
//!
//! ```text
//! Request ──▶ decide ──▶ Accepted(Effects) │ Repeated(Answer) │ Refused(Refusal)
//!               │             │
//!             Rows ◀────── apply          Scheduler.next ──▶ start ──▶ Claim ──▶ a driver's call
//!               ▲             ▲                                                       │
//!               └─────────── Effects ◀───────────────── settle ◀──────────────── Outcome
//! ```
//!
//! Read [`decide`], [`settle`] and [`scheduler`] first: they are the product. A store supplies
//! [`Rows`](rows::Rows) and makes [`Effects`](rows::Effects) true as one step; [`fleet::Fleet`]
//! is that as plain data in memory. [`audit`] checks what must always hold.
//!
//! Invariants: each accepted request ends in exactly one final state; no server is lost, doubled
//! or resurrected; ids are unique; host and quota sums equal the servers that exist; in flight
//! and waiting stay within their bounds; a refusal changes nothing.

pub mod action;
mod allocation;
pub mod audit;
pub mod bucket;
pub mod cell;
pub mod chance;
pub mod charge;
mod companions;
pub mod credential;
pub mod decide;
pub mod details;
pub mod edit;
pub mod event;
pub mod fleet;
pub mod group;
pub mod hex;
pub mod ids;
pub mod key_pair;
pub mod limits;
pub mod network;
pub mod observation;
mod plug;
pub mod project;
pub mod rate;
pub mod refusal;
pub mod request;
pub mod rows;
pub mod scheduler;
pub mod server;
pub mod setting;
pub mod settle;
mod size;
pub mod state;
mod status;
pub mod table;
pub mod time;
pub mod times;
mod transition;
