//! Compute v2.1: servers, what they are made in and of, and what is left of it. One router for
//! each resource.

mod absent;
pub mod aggregates;
pub mod audit_log;
pub mod discovery;
pub mod extensions;
pub mod flavors;
pub mod groups;
pub mod hosts;
pub mod hypervisors;
pub mod images;
pub mod keypairs;
pub mod limits;
pub mod links;
pub mod migrations;
pub(crate) mod numbers;
mod prefix;
pub mod proxies;
pub mod quotas;
pub mod servers;
pub mod services;
pub mod usage;
pub mod versions;
pub mod zones;

use crate::http::routes::Routes;
use crate::http::service::Service;
use crate::http::shape;

/// The service's row in the table of services.
pub static SERVICE: Service = Service {
    kind: "compute",
    name: "nova",
    prefix: "compute",
    endpoint: "/compute/v2.1",
    is_open: |_, path| path == "/compute/v2.1" || !path.starts_with("/compute/v2.1/"),
    problem_body: shape::nova,
    is_compute: true,
};

/// Its routes, with its prefix.
pub fn routes() -> Routes {
    Routes::under(prefix::PREFIX)
        .merge(aggregates::routes())
        .merge(audit_log::routes())
        .merge(discovery::routes())
        .merge(extensions::routes())
        .merge(flavors::routes())
        .merge(groups::routes())
        .merge(hosts::routes())
        .merge(hypervisors::routes())
        .merge(images::routes())
        .merge(keypairs::routes())
        .merge(limits::routes())
        .merge(migrations::routes())
        .merge(proxies::routes())
        .merge(quotas::routes())
        .merge(servers::routes())
        .merge(services::routes())
        .merge(usage::routes())
        .merge(zones::routes())
        .merge(absent::routes())
}
