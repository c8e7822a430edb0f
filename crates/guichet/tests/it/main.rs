//! The program as people and other programs run it.

mod bad_input;
mod beside;
mod commands;
mod compare;
mod data;
mod documents;
mod french;
mod golden;
mod history;
mod interrupts;
mod json;
mod logs;
mod pages;
mod race;
mod reports;
mod serve;
mod stdin;
mod steered;
mod support;
mod table;
mod terminal;
mod tp;
