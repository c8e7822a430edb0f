//! What the services of the dialect share: the gate every request passes, problems and their
//! shapes, microversions, pages, and how queries and bodies are checked.
//!
//! Dates are written by [`guichet_http::dates`], each field in the form its clients know:
//! `seconds` for `created` and `updated`, images and networks; `bare` for
//! `OS-SRV-USG:launched_at`, instance actions, keypairs, services and usage; `micros` for Identity.

pub mod answer;
pub mod gate;
pub mod id;
pub mod made;
pub mod paging;
pub mod path_form;
pub mod problem;
pub mod query;
pub mod read;
pub mod refusal;
pub mod report;
pub mod routes;
pub mod service;
pub mod shape;
pub mod truth;
pub mod version;
