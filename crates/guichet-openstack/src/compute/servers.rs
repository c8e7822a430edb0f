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
mod problem;
mod search;
mod show;
mod tags;
mod time;
pub(super) mod values;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use guichet_cloud::Cloud;

pub(super) use attachments::group_of;
pub(super) use find::find;
pub(super) use problem::{of_search, of_server};

/// The routes of servers.
pub fn routes() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/compute/v2.1/servers", get(search::brief).post(create::create))
        .route("/compute/v2.1/servers/detail", get(search::detail))
        .route("/compute/v2.1/servers/{id}", get(show::show).put(edit::update).delete(act::delete))
        .route("/compute/v2.1/servers/{id}/action", post(act::act))
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
        .route("/compute/v2.1/servers/{id}/ips", get(attachments::addresses))
        .route("/compute/v2.1/servers/{id}/ips/{network}", get(attachments::addresses_in))
        .route("/compute/v2.1/servers/{id}/os-interface", get(attachments::interfaces))
        .route("/compute/v2.1/servers/{id}/os-volume_attachments", get(attachments::volumes))
        .route("/compute/v2.1/servers/{id}/os-security-groups", get(attachments::security_groups))
        .route("/compute/v2.1/servers/{id}/remote-consoles", post(consoles::create))
        .route("/compute/consoles/{kind}", get(consoles::page))
        .route("/compute/v2.1/servers/{id}/diagnostics", get(inside::diagnostics))
        .route(
            "/compute/v2.1/servers/{id}/os-server-password",
            get(inside::password).delete(inside::clear_password),
        )
        .route("/compute/v2.1/servers/{id}/os-instance-actions", get(history::all))
        .route("/compute/v2.1/servers/{id}/os-instance-actions/{request}", get(history::one))
}
