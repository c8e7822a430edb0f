//! Identity v3: who asks, for which project, with which role.
//!
//! ```text
//! POST /v3/auth/tokens ─▶ login (what the body says) ─▶ accounts (guichet-cloud)
//!                                                              │
//!                                  document (token, catalog) ◀─┘
//! ```

mod admin;
mod application;
mod caller;
mod discovery;
mod document;
mod login;
mod lookups;
mod problem;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use guichet_cloud::Cloud;
use http::Method;

use crate::http::service::Service;

/// The service's row in the table of services.
pub static SERVICE: Service = Service {
    kind: "identity",
    name: "keystone",
    prefix: "identity",
    endpoint: "/identity",
    routes,
    is_open,
    problem_body: problem::body,
    is_compute: false,
};

/// Discovery, and asking for a token; and what lies under no version, of which there is nothing: a
/// client that was asked for a token there would ask for one there, and so on for ever.
fn is_open(method: &Method, path: &str) -> bool {
    path == "/identity/v3"
        || !path.starts_with("/identity/v3/")
        || (path == "/identity/v3/auth/tokens" && *method == Method::POST)
}

/// Its routes, with its prefix.
pub fn routes() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/identity", get(discovery::versions))
        .route("/identity/v3", get(discovery::version))
        .route(
            "/identity/v3/auth/tokens",
            get(token::show).post(token::create).delete(token::revoke),
        )
        .route("/identity/v3/auth/catalog", get(token::catalog))
        .route("/identity/v3/auth/projects", get(lookups::my_projects))
        .route("/identity/v3/auth/domains", get(lookups::my_domains))
        .route("/identity/v3/projects", get(lookups::projects))
        .route("/identity/v3/projects/{id}", get(lookups::project))
        .route("/identity/v3/users", get(lookups::users))
        .route("/identity/v3/users/{id}", get(lookups::user))
        .route("/identity/v3/users/{id}/projects", get(lookups::projects_of))
        .route("/identity/v3/users/{id}/access_rules", get(application::access_rules))
        .route(
            "/identity/v3/users/{id}/application_credentials",
            get(application::list).post(application::create),
        )
        .route(
            "/identity/v3/users/{id}/application_credentials/{credential}",
            get(application::show).delete(application::delete),
        )
        .route("/identity/v3/domains", get(lookups::domains))
        .route("/identity/v3/domains/{id}", get(lookups::domain))
        .route("/identity/v3/roles", get(lookups::roles))
        .route("/identity/v3/roles/{id}", get(lookups::role))
        .route("/identity/v3/role_assignments", get(admin::role_assignments))
        .route("/identity/v3/regions", get(admin::regions))
        .route("/identity/v3/regions/{id}", get(admin::region))
        .route("/identity/v3/services", get(admin::services))
        .route("/identity/v3/services/{id}", get(admin::service))
        .route("/identity/v3/endpoints", get(admin::endpoints))
        .route("/identity/v3/endpoints/{id}", get(admin::endpoint))
}
