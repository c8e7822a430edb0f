//! Whole runs of the lab, and its parts from outside.

mod compare;
mod determinism;
mod hosts;
mod log_lines;
mod measure;
mod models;
mod overload;
mod planted;
mod records;
mod refusals;
mod reports;
mod stopping;
mod summary;
mod support;
mod tally;
mod targets;
