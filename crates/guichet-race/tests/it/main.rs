//! The race from outside: what it finds, and schedules as texts.

mod french;
mod race;
mod schedules;
