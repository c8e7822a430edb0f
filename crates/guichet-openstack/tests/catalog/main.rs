//! What clients ask besides servers: discovery, flavors, limits, images, networks.

mod compute;
mod discovery;
mod flavors;
mod hypervisors;
mod image;
mod network;
mod random;
mod support;
