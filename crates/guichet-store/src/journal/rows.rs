//! What is the same in every database that the journal is in: which tables there are, how a row is
//! put and read cell by cell, in which order all is loaded, and what must hold between rows.
//!
//! A database brings the rest: its statements, what takes [`values`], and what [`row`]s come from.

pub(crate) mod beside;
mod cells;
pub(crate) mod check;
pub(crate) mod copied;
mod credentials;
#[cfg(feature = "postgres")]
pub(crate) mod declared;
mod decode;
pub(crate) mod encode;
pub(crate) mod error;
pub(crate) mod escape;
pub(crate) mod fields;
mod groups;
#[cfg(feature = "postgres")]
pub(crate) mod image;
mod key_pairs;
pub(crate) mod kind;
pub(crate) mod load;
pub(crate) mod names;
mod numbers;
mod operations;
pub(crate) mod row;
pub(crate) mod tables;
#[cfg(feature = "postgres")]
pub(crate) mod touched;
pub(crate) mod values;
