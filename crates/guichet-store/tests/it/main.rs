//! Tests of the store in memory, of the hub and of wake-ups, by their public faces.

mod any;
mod contract;
mod hub;
mod journal;
mod postgres;
mod round_trip;
mod sqlite;
mod wake;
