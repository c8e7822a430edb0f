//! Reports of runs as plain data ([`guichet_view::data`]).
//!
//! While a run goes on, a [`recorder::Recorder`] reads the hub as a history's writer does and
//! keeps what will be drawn, in bounded memory: [`series`] over time, and the [`busiest`]
//! stretch of the workers' operations. [`page`] makes a report of it.

pub mod busiest;
mod charts;
pub mod page;
pub mod recorder;
pub mod series;
mod times;
