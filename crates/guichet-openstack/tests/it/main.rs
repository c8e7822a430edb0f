//! The surface from outside: requests as clients send them, answers as they read them.
#![expect(clippy::unwrap_used, reason = "a test stops where it is surprised")]

mod admin;
mod calls;
mod cells;
mod clouds_yaml;
mod groups;
mod identity;
mod isolation;
mod keypairs;
mod migrations;
mod order;
mod ports;
mod restart;
mod schemas;
mod servers;
mod socket;
mod support;
