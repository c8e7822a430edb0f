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

pub(crate) use login::read as read_login;
pub(crate) use token::SUBJECT;

use http::Method;

use crate::http::routes::Routes;
use crate::http::service::Service;

/// The service's row in the table of services.
pub static SERVICE: Service = Service {
    kind: "identity",
    name: "keystone",
    prefix: "identity",
    endpoint: "/identity",
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

const DECLARED: &str =
    "Projects, users, roles and what belongs to them are declared in this cloud's configuration.";
const NO_SUCH_PART: &str = "This cloud has no such part of the identity service.";

/// Its routes, with its prefix.
pub fn routes() -> Routes {
    let routes = Routes::under("/identity")
        .get("", discovery::versions)
        .get("/v3", discovery::version)
        .get("/v3/auth/tokens", token::show)
        .post("/v3/auth/tokens", token::create)
        .delete("/v3/auth/tokens", token::revoke)
        .get("/v3/auth/catalog", token::catalog)
        .get("/v3/auth/projects", lookups::my_projects)
        .get("/v3/auth/domains", lookups::my_domains)
        .get("/v3/projects", lookups::projects)
        .get("/v3/projects/{id}", lookups::project)
        .get("/v3/users", lookups::users)
        .get("/v3/users/{id}", lookups::user)
        .get("/v3/users/{id}/projects", lookups::projects_of)
        .get("/v3/users/{id}/access_rules", application::access_rules)
        .get("/v3/users/{id}/application_credentials", application::list)
        .post("/v3/users/{id}/application_credentials", application::create)
        .get("/v3/users/{id}/application_credentials/{credential}", application::show)
        .delete("/v3/users/{id}/application_credentials/{credential}", application::delete)
        .get("/v3/domains", lookups::domains)
        .get("/v3/domains/{id}", lookups::domain)
        .get("/v3/roles", lookups::roles)
        .get("/v3/roles/{id}", lookups::role)
        .get("/v3/role_assignments", admin::role_assignments)
        .get("/v3/regions", admin::regions)
        .get("/v3/regions/{id}", admin::region)
        .get("/v3/services", admin::services)
        .get("/v3/services/{id}", admin::service)
        .get("/v3/endpoints", admin::endpoints)
        .get("/v3/endpoints/{id}", admin::endpoint);
    routes.merge(absent())
}

/// What there is of Identity elsewhere.
fn absent() -> Routes {
    let mut routes = Routes::under("/identity")
        .absent(&[Method::POST], "/v3/users/{id}/password", DECLARED)
        .absent(&[Method::GET], "/v3/users/{id}/groups", NO_SUCH_PART)
        .absent(&[Method::GET, Method::POST], "/v3/users/{id}/credentials/OS-EC2", NO_SUCH_PART);
    for name in ["domains", "endpoints", "projects", "regions", "roles", "services", "users"] {
        routes = routes.absent(&[Method::POST], &format!("/v3/{name}"), DECLARED).absent(
            &[Method::PATCH, Method::DELETE],
            &format!("/v3/{name}/{{id}}"),
            DECLARED,
        );
    }
    for of in ["projects", "domains"] {
        for whom in ["users", "groups"] {
            let roles = format!("/v3/{of}/{{id}}/{whom}/{{whom}}/roles");
            let role = format!("{roles}/{{role}}");
            routes = routes.absent(&[Method::GET], &roles, DECLARED).absent(
                &[Method::PUT, Method::DELETE],
                &role,
                DECLARED,
            );
        }
    }
    for name in ["credentials", "groups", "limits", "policies", "registered_limits"] {
        routes = routes
            .absent(&[Method::GET, Method::POST], &format!("/v3/{name}"), NO_SUCH_PART)
            .absent(
                &[Method::GET, Method::PATCH, Method::DELETE],
                &format!("/v3/{name}/{{id}}"),
                NO_SUCH_PART,
            );
    }
    routes.absent(&[Method::GET, Method::POST], "/v3/OS-TRUST/trusts", NO_SUCH_PART).absent(
        &[Method::GET, Method::DELETE],
        "/v3/OS-TRUST/trusts/{id}",
        NO_SUCH_PART,
    )
}
