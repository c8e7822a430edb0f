//! The race from outside: what it finds, and schedules as texts.

mod race;
mod schedules;
