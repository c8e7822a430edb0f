//! Tests of the service by its public face: a manager, tiny drivers, mostly virtual time.

mod acks;
mod admission;
mod cancel;
mod capacities;
mod determinism;
mod drain;
mod drivers;
mod dropped;
mod events;
mod fairness;
mod held;
mod keys;
mod models;
mod observations;
mod queue;
mod races;
mod retries;
mod scans;
mod starts;
mod support;
