//! The program as people and other programs run it.

mod bad_input;
mod commands;
mod history;
mod interrupts;
mod json;
mod logs;
mod reports;
mod support;
mod table;
