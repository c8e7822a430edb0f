//! Servers: the resource that Compute is about. Each handler reads what is asked, asks the
//! application, and writes its answer.
//!
//! | module | what |
//! | --- | --- |
//! | `create`, `create/body` | `POST`, and what its body asks for |
//! | `act`, `edit` | actions, and edits of what a server carries |
//! | `show`, `fields` | `GET` of one, and what an answer has, version by version |
//! | `search` | lists: filters, order, pages |
//! | `metadata`, `tags`, `attachments` | what a server carries, and what is attached to it |
//! | `consoles` | consoles one looks at |
//! | `inside` | diagnostics, the password that a guest posts |
//! | `history` | instance actions: each operation is one |
//! | `find`, `values`, `problem` | what requests have in common: ids, fields, errors |

mod act;
mod attachments;
mod consoles;
mod create;
mod edit;
mod fields;
mod find;
mod history;
mod inside;
mod metadata;
mod personality;
mod problem;
mod related;
mod search;
mod show;
mod tags;
mod time;
pub(super) mod values;

use http::Method;

use super::prefix::PREFIX;
use crate::http::routes::Routes;

pub(super) use attachments::group_of;
pub(super) use find::find;
pub(super) use problem::{of_search, of_server, of_value};
pub(super) use time::changes;

/// What there is nothing of behind a server.
const NO_VOLUMES: &str = "There are no volumes in this cloud.";
const NO_PORTS: &str = "A server's ports are those it was created with.";

/// The routes of servers.
pub fn routes() -> Routes {
    let of_one = Routes::under(PREFIX)
        .get("/servers/{id}/metadata", metadata::all)
        .post("/servers/{id}/metadata", metadata::merge)
        .put("/servers/{id}/metadata", metadata::replace)
        .get("/servers/{id}/metadata/{key}", metadata::one)
        .put("/servers/{id}/metadata/{key}", metadata::set)
        .delete("/servers/{id}/metadata/{key}", metadata::remove)
        .get("/servers/{id}/ips", attachments::addresses)
        .get("/servers/{id}/ips/{network}", attachments::addresses_in)
        .get("/servers/{id}/os-security-groups", attachments::security_groups)
        .get("/servers/{id}/diagnostics", inside::diagnostics)
        .get("/servers/{id}/os-server-password", inside::password)
        .delete("/servers/{id}/os-server-password", inside::clear_password)
        .get("/servers/{id}/os-instance-actions", history::all)
        .get("/servers/{id}/os-instance-actions/{request}", history::one)
        .from(6)
        .post("/servers/{id}/remote-consoles", consoles::create)
        .from(26)
        .get("/servers/{id}/tags", tags::all)
        .put("/servers/{id}/tags", tags::replace)
        .delete("/servers/{id}/tags", tags::clear)
        .get("/servers/{id}/tags/{tag}", tags::one)
        .put("/servers/{id}/tags/{tag}", tags::add)
        .delete("/servers/{id}/tags/{tag}", tags::remove)
        .from(78)
        .get("/servers/{id}/topology", inside::topology);
    servers("/servers")
        // An earlier name of the same.
        .merge(servers("/os-volumes_boot"))
        .merge(of_one)
        .merge(attached())
        .merge(Routes::under("/compute").get("/consoles/{kind}", consoles::page))
}

/// Servers themselves, under this name.
fn servers(name: &str) -> Routes {
    let one = format!("{name}/{{id}}");
    Routes::under(PREFIX)
        .get(name, search::brief)
        .post(name, create::create)
        .get(&format!("{name}/detail"), search::detail)
        .get(&one, show::show)
        .put(&one, edit::update)
        .delete(&one, act::delete)
        .post(&format!("{one}/action"), act::act)
}

/// Ports and volumes, of which there is little.
fn attached() -> Routes {
    Routes::under(PREFIX)
        .about(|cloud, caller, id| find(cloud, caller, id).map(drop))
        .get("/servers/{id}/os-interface", attachments::interfaces)
        .get("/servers/{id}/os-interface/{port}", attachments::interface)
        .absent(&[Method::POST], "/servers/{id}/os-interface", NO_PORTS)
        .absent(&[Method::DELETE], "/servers/{id}/os-interface/{port}", NO_PORTS)
        .get("/servers/{id}/os-volume_attachments", attachments::volumes)
        .get("/servers/{id}/os-volume_attachments/{volume}", attachments::volume)
        .absent(&[Method::POST], "/servers/{id}/os-volume_attachments", NO_VOLUMES)
        .absent(
            &[Method::PUT, Method::DELETE],
            "/servers/{id}/os-volume_attachments/{volume}",
            NO_VOLUMES,
        )
}
