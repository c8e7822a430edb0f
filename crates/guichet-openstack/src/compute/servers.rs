//! Servers: the resource that Compute is about. Each handler reads what is asked, asks the
//! manager, and writes what it says.
//!
//! | module | what |
//! | --- | --- |
//! | `ask` | what a create asks for, read from its body |
//! | `field` | fields that more than one request has |
//! | `create`, `update`, `action` | requests |
//! | `fields` | what an answer has, version by version |
//! | `list` | filters, order, pages |
//! | `metadata`, `tags`, `parts` | what hangs on a server |
//! | `history` | instance actions: each operation is one |

mod action;
mod ask;
mod create;
mod field;
mod fields;
mod find;
mod history;
mod list;
mod metadata;
mod parts;
mod show;
mod tags;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::cloud::Cloud;

pub(crate) use create::first_port;

/// The routes of servers.
pub fn routes() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/compute/v2.1/servers", get(list::brief).post(create::create))
        .route("/compute/v2.1/servers/detail", get(list::detail))
        .route(
            "/compute/v2.1/servers/{id}",
            get(show::show).put(show::update).delete(action::delete),
        )
        .route("/compute/v2.1/servers/{id}/action", post(action::act))
        .route(
            "/compute/v2.1/servers/{id}/metadata",
            get(metadata::all).post(metadata::merge).put(metadata::replace),
        )
        .route(
            "/compute/v2.1/servers/{id}/metadata/{key}",
            get(metadata::one).put(metadata::set).delete(metadata::remove),
        )
        .route(
            "/compute/v2.1/servers/{id}/tags",
            get(tags::all).put(tags::replace).delete(tags::clear),
        )
        .route(
            "/compute/v2.1/servers/{id}/tags/{tag}",
            get(tags::one).put(tags::add).delete(tags::remove),
        )
        .route("/compute/v2.1/servers/{id}/ips", get(parts::addresses))
        .route("/compute/v2.1/servers/{id}/ips/{network}", get(parts::addresses_in))
        .route("/compute/v2.1/servers/{id}/os-interface", get(parts::interfaces))
        .route("/compute/v2.1/servers/{id}/os-volume_attachments", get(parts::volumes))
        .route("/compute/v2.1/servers/{id}/os-security-groups", get(parts::security_groups))
        .route("/compute/v2.1/servers/{id}/os-instance-actions", get(history::all))
        .route("/compute/v2.1/servers/{id}/os-instance-actions/{request}", get(history::one))
}
