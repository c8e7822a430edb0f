//! What Nova has or had and this cloud has not, so that a client is told which of both it is.
//! (Compute API reference; the releases that took things away are in Nova's release notes.)

use http::Method;

use super::prefix::PREFIX;
use crate::http::routes::Routes;

const NO_VOLUMES: &str = "There are no volumes in this cloud.";
const NO_BARE_METAL: &str = "There are no bare metal nodes in this cloud.";
const NO_TOKENS: &str = "Consoles of this cloud have no tokens: nothing runs in its machines.";
const NO_EVENTS: &str = "No other service reports events to this cloud.";

/// Its routes.
pub(super) fn routes() -> Routes {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const PUT: Method = Method::PUT;
    const DELETE: Method = Method::DELETE;
    Routes::under(PREFIX)
        .absent(&[POST], "/os-server-external-events", NO_EVENTS)
        .absent(&[POST], "/os-assisted-volume-snapshots", NO_VOLUMES)
        .absent(&[DELETE], "/os-assisted-volume-snapshots/{id}", NO_VOLUMES)
        .absent(&[GET], "/os-console-auth-tokens/{id}", NO_TOKENS)
        .until(35)
        .absent(&[GET, POST], "/os-volumes", NO_VOLUMES)
        .absent(&[GET], "/os-volumes/detail", NO_VOLUMES)
        .absent(&[GET, DELETE], "/os-volumes/{id}", NO_VOLUMES)
        .absent(&[GET, POST], "/os-snapshots", NO_VOLUMES)
        .absent(&[GET], "/os-snapshots/detail", NO_VOLUMES)
        .absent(&[GET, DELETE], "/os-snapshots/{id}", NO_VOLUMES)
        .absent(&[GET, POST], "/os-baremetal-nodes", NO_BARE_METAL)
        .absent(&[GET, DELETE], "/os-baremetal-nodes/{id}", NO_BARE_METAL)
        .always()
        .absent(&[POST], "/os-baremetal-nodes/{id}/action", NO_BARE_METAL)
        .gone(&[GET, POST], "/os-agents")
        .gone(&[PUT, DELETE], "/os-agents/{id}")
        .gone(&[GET, POST], "/os-cells")
        .gone(&[GET], "/os-cells/capacities")
        .gone(&[GET], "/os-cells/detail")
        .gone(&[GET], "/os-cells/info")
        .gone(&[POST], "/os-cells/sync_instances")
        .gone(&[GET, PUT, DELETE], "/os-cells/{id}")
        .gone(&[GET], "/os-cells/{id}/capacities")
        .gone(&[POST], "/os-certificates")
        .gone(&[GET], "/os-certificates/{id}")
        .gone(&[GET, POST], "/os-cloudpipe")
        .gone(&[PUT], "/os-cloudpipe/{id}")
        .gone(&[GET], "/os-fixed-ips/{id}")
        .gone(&[POST], "/os-fixed-ips/{id}/action")
        .gone(&[GET], "/os-floating-ip-dns")
        .gone(&[PUT, DELETE], "/os-floating-ip-dns/{id}")
        .gone(&[GET, PUT, DELETE], "/os-floating-ip-dns/{id}/entries/{name}")
        .gone(&[GET, POST], "/os-floating-ips-bulk")
        .gone(&[GET, PUT], "/os-floating-ips-bulk/{id}")
        .gone(&[GET], "/os-fping")
        .gone(&[GET], "/os-fping/{id}")
        .gone(&[POST], "/os-networks")
        .gone(&[POST], "/os-networks/add")
        .gone(&[DELETE], "/os-networks/{id}")
        .gone(&[POST], "/os-networks/{id}/action")
        .gone(&[POST], "/os-tenant-networks")
        .gone(&[DELETE], "/os-tenant-networks/{id}")
        .gone(&[GET, POST], "/os-security-group-default-rules")
        .gone(&[GET, DELETE], "/os-security-group-default-rules/{id}")
        .gone(&[GET, POST], "/servers/{id}/consoles")
        .gone(&[GET, DELETE], "/servers/{id}/consoles/{console}")
        .gone(&[GET], "/servers/{id}/os-virtual-interfaces")
}
