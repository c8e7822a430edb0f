//! `/guichet/v1/projects`, `users`, `roles` and `tokens`.

use axum::Json;
use axum::extract::State;
use guichet_cloud::Cloud;
use guichet_cloud::accounts::{AccountError, Role, User};
use guichet_core::ids::ProjectId;
use guichet_http::query::Params;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::named::{project, user};
use super::page::Window;
use crate::control::{Control, Maker, NotSteered};
use crate::problem::{Fault, Problem};

pub(super) fn routes() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .routes(routes!(projects))
        .routes(routes!(users))
        .routes(routes!(roles))
        .routes(routes!(tokens, end_tokens))
}

/// A project.
#[derive(Debug, Serialize, ToSchema)]
struct ProjectRow {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// Free text.
    description: String,
    /// Its share of the workers.
    weight: u32,
    /// Servers that it has.
    servers: u64,
}

/// A page of projects.
#[derive(Debug, Serialize, ToSchema)]
struct AllProjects {
    projects: Vec<ProjectRow>,
    /// How many there are in all.
    total: usize,
}

/// Lists the projects of the service's cloud; `name` finds one by its id or name.
#[utoipa::path(
    get, path = "/guichet/v1/projects", operation_id = "list_projects",
    params(
        ("name" = Option<String>, Query, description = "The one with this id or name"),
        ("limit" = Option<usize>, Query, description = "Rows of the answer: 100, and 1,000 at most"),
        ("offset" = Option<usize>, Query, description = "Behind so many"),
    ),
    responses((status = 200, description = "A page of them", body = AllProjects), NotSteered)
)]
async fn projects(
    State(control): State<Control>,
    _: Maker,
    query: Params,
) -> Result<Json<AllProjects>, Problem> {
    let window = Window::read(&query, &["name"])?;
    let cloud = control.worlds.first().cloud();
    let one = query.get("name").map(|name| project(&cloud, name)).transpose()?;
    let directory = cloud.accounts().directory();
    let all = directory.projects().iter().enumerate();
    let wanted = all.filter(|(place, _)| one.is_none_or(|one| one.index() == *place));
    let rows = window.of(wanted).into_iter().map(|(place, project)| {
        let usage = cloud.manager().usage(ProjectId(place as u32));
        ProjectRow {
            id: project.id.to_string(),
            name: project.name.to_string(),
            description: project.description.clone(),
            weight: project.weight,
            servers: usage.map_or(0, |(usage, _)| usage.instances),
        }
    });
    Ok(Json(AllProjects { projects: rows.collect(), total: directory.projects().len() }))
}

/// What a user may do in a project.
#[derive(Debug, Serialize, ToSchema)]
struct GrantRow {
    /// The project's name.
    project: String,
    /// The role's name.
    role: &'static str,
}

/// A user.
#[derive(Debug, Serialize, ToSchema)]
struct UserRow {
    /// Its id.
    id: String,
    /// The name that it logs in with.
    name: String,
    /// What it may do where.
    roles: Vec<GrantRow>,
    /// Tokens that it has.
    tokens: usize,
}

/// A page of users.
#[derive(Debug, Serialize, ToSchema)]
struct AllUsers {
    users: Vec<UserRow>,
    /// How many there are in all.
    total: usize,
}

/// Lists the users of the service's cloud, with their roles; `name` finds one by its id or name.
#[utoipa::path(
    get, path = "/guichet/v1/users", operation_id = "list_users",
    params(
        ("name" = Option<String>, Query, description = "The one with this id or name"),
        ("limit" = Option<usize>, Query, description = "Rows of the answer: 100, and 1,000 at most"),
        ("offset" = Option<usize>, Query, description = "Behind so many"),
    ),
    responses((status = 200, description = "A page of them", body = AllUsers), NotSteered)
)]
async fn users(
    State(control): State<Control>,
    _: Maker,
    query: Params,
) -> Result<Json<AllUsers>, Problem> {
    let window = Window::read(&query, &["name"])?;
    let cloud = control.worlds.first().cloud();
    let one = query.get("name").map(|name| user(&cloud, name)).transpose()?;
    let directory = cloud.accounts().directory();
    let all = directory.users().iter().enumerate();
    let wanted = all.filter(|(place, _)| one.is_none_or(|one| one == *place));
    let rows = window.of(wanted).into_iter().map(|(place, user)| {
        let grant = |(project, role): &(usize, Role)| GrantRow {
            project: directory.project(*project).map_or_else(String::new, |it| it.name.to_string()),
            role: role.as_str(),
        };
        UserRow {
            id: user.id.to_string(),
            name: user.name.to_string(),
            roles: user.grants.iter().map(grant).collect(),
            tokens: cloud.accounts().tokens_of(place),
        }
    });
    Ok(Json(AllUsers { users: rows.collect(), total: directory.users().len() }))
}

/// A role.
#[derive(Debug, Serialize, ToSchema)]
struct RoleRow {
    /// Its id.
    id: String,
    /// Its name.
    name: &'static str,
    /// What it includes.
    implies: Vec<&'static str>,
}

/// All roles.
#[derive(Debug, Serialize, ToSchema)]
struct AllRoles {
    /// From the least.
    roles: Vec<RoleRow>,
}

/// Lists the roles that there are.
#[utoipa::path(
    get, path = "/guichet/v1/roles", operation_id = "list_roles",
    responses((status = 200, description = "All of them", body = AllRoles), NotSteered)
)]
async fn roles(_: Maker) -> Json<AllRoles> {
    let row = |role: &Role| RoleRow {
        id: role.id().to_string(),
        name: role.as_str(),
        implies: role.with_implied().skip(1).map(Role::as_str).collect(),
    };
    Json(AllRoles { roles: Role::ALL.iter().map(row).collect() })
}

/// The tokens of a user, counted.
#[derive(Debug, Serialize, ToSchema)]
struct TokenRow {
    /// The user's name.
    user: String,
    /// Tokens that it has.
    tokens: usize,
}

/// A page of users with their tokens.
#[derive(Debug, Serialize, ToSchema)]
struct AllTokens {
    tokens: Vec<TokenRow>,
    /// How many users there are in all.
    total: usize,
}

/// How many tokens were ended.
#[derive(Debug, Serialize, ToSchema)]
struct Ended {
    /// So many; those that were got by them ended too.
    ended: usize,
}

/// Counts the tokens of each user. None is shown.
#[utoipa::path(
    get, path = "/guichet/v1/tokens", operation_id = "count_tokens",
    params(
        ("limit" = Option<usize>, Query, description = "Rows of the answer: 100, and 1,000 at most"),
        ("offset" = Option<usize>, Query, description = "Behind so many"),
    ),
    responses((status = 200, description = "A page of users", body = AllTokens), NotSteered)
)]
async fn tokens(
    State(control): State<Control>,
    _: Maker,
    query: Params,
) -> Result<Json<AllTokens>, Problem> {
    let window = Window::read(&query, &[])?;
    let cloud = control.worlds.first().cloud();
    let accounts = cloud.accounts();
    let directory = accounts.directory();
    let all = directory.users().iter().enumerate();
    let row = |(place, user): (usize, &User)| TokenRow {
        user: user.name.to_string(),
        tokens: accounts.tokens_of(place),
    };
    let tokens = window.of(all).into_iter().map(row).collect();
    Ok(Json(AllTokens { tokens, total: directory.users().len() }))
}

/// Ends all tokens of a user, or for a project, or of that user for that project.
#[utoipa::path(
    delete, path = "/guichet/v1/tokens", operation_id = "end_tokens",
    params(
        ("user" = Option<String>, Query, description = "Of the user with this id or name"),
        ("project" = Option<String>, Query, description = "For the project with this id or name"),
    ),
    responses(
        (status = 200, description = "They are worth nothing", body = Ended),
        (status = 400, description = "Neither is named", body = Fault),
        NotSteered,
    )
)]
async fn end_tokens(
    State(control): State<Control>,
    _: Maker,
    query: Params,
) -> Result<Json<Ended>, Problem> {
    Window::read(&query, &["user", "project"])?;
    let cloud = control.worlds.first().cloud();
    let user = query.get("user").map(|name| user(&cloud, name)).transpose()?;
    let project = query.get("project").map(|name| project(&cloud, name)).transpose()?;
    let project = project.map(|project| project.index());
    if user.is_none() && project.is_none() {
        return Err(Problem::wrong("Whose? The query names neither a user nor a project."));
    }
    Ok(Json(Ended { ended: end(&cloud, user, project).await? }))
}

async fn end(
    cloud: &Cloud,
    user: Option<usize>,
    project: Option<usize>,
) -> Result<usize, AccountError> {
    let accounts = cloud.accounts();
    if let Some(user) = user {
        return accounts.end_tokens(user, project).await;
    }
    let mut ended = 0;
    for user in 0..accounts.directory().users().len() {
        if accounts.tokens_of(user) > 0 {
            ended += accounts.end_tokens(user, project).await?;
        }
    }
    Ok(ended)
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
    }
}
