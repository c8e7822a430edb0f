//! Tests of the store in memory, of the hub and of wake-ups, by their public faces.

mod contract;
mod hub;
mod journal;
mod sqlite;
mod wake;
