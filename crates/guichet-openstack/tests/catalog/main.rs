//! What clients ask besides servers: discovery, flavors, limits, images, networks.

mod discovery;
mod flavors;
mod support;
