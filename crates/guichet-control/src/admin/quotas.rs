//! `/guichet/v1/quotas`.

use axum::Json;
use axum::extract::{Path, State};
use guichet_cloud::Cloud;
use guichet_cloud::quotas::{Limit, QuotaError, QuotaLimits};
use guichet_core::ids::ProjectId;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::named::project;
use crate::asked::Asked;
use crate::control::{Control, Maker, NotSteered};
use crate::problem::{Fault, Problem};

pub(super) fn routes() -> OpenApiRouter<Control> {
    OpenApiRouter::new().routes(routes!(show, set, reset))
}

/// A resource of a quota.
#[derive(Debug, Serialize, ToSchema)]
struct QuotaRow {
    /// `instances`, `cores` or `ram` (MiB).
    resource: &'static str,
    /// How much is in use.
    in_use: u64,
    /// How much may be; null: any number.
    limit: Option<u64>,
}

/// The quota of a project.
#[derive(Debug, Serialize, ToSchema)]
struct OneQuota {
    /// The project's name.
    project: String,
    quota: Vec<QuotaRow>,
}

/// What a project may hold from now on; what is left out stays. -1 is any number.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewQuota {
    /// Servers.
    instances: Option<i64>,
    /// Virtual processors.
    cores: Option<i64>,
    /// Memory, MiB.
    ram: Option<i64>,
    /// Also below what is in use.
    #[serde(default)]
    force: bool,
}

fn shown(cloud: &Cloud, id: ProjectId) -> Json<OneQuota> {
    let name = cloud.accounts().directory().owner(id).map(|project| project.name.to_string());
    let (usage, quota) = cloud.manager().usage(id).unwrap_or_default();
    let row = |resource, in_use, limit| QuotaRow { resource, in_use, limit };
    Json(OneQuota {
        project: name.unwrap_or_default(),
        quota: vec![
            row("instances", usage.instances, quota.instances),
            row("cores", usage.cores, quota.cores),
            row("ram", usage.ram_mib, quota.ram_mib),
        ],
    })
}

/// Shows what a project may hold, and what it does.
#[utoipa::path(
    get, path = "/guichet/v1/quotas/{project}", operation_id = "show_quota",
    params(("project" = String, Path, description = "The project's id or name")),
    responses((status = 200, description = "Its quota", body = OneQuota), NotSteered)
)]
async fn show(
    State(control): State<Control>,
    _: Maker,
    Path(named): Path<String>,
) -> Result<Json<OneQuota>, Problem> {
    let cloud = control.worlds.first().cloud();
    let id = project(&cloud, &named)?;
    Ok(shown(&cloud, id))
}

/// Sets what a project may hold. What it holds already stays.
#[utoipa::path(
    put, path = "/guichet/v1/quotas/{project}", operation_id = "set_quota",
    params(("project" = String, Path, description = "The project's id or name")),
    request_body = NewQuota,
    responses(
        (status = 200, description = "Its quota from now on", body = OneQuota),
        (status = 400, description = "A number is wrong", body = Fault),
        NotSteered,
        (status = 409, description = "More is in use", body = Fault),
    )
)]
async fn set(
    State(control): State<Control>,
    _: Maker,
    Path(named): Path<String>,
    Asked(new): Asked<NewQuota>,
) -> Result<Json<OneQuota>, Problem> {
    let cloud = control.worlds.first().cloud();
    let id = project(&cloud, &named)?;
    let limits = QuotaLimits {
        instances: limit("instances", new.instances)?,
        cores: limit("cores", new.cores)?,
        ram_mib: limit("ram", new.ram)?,
        ..QuotaLimits::default()
    };
    cloud.quotas().set(&cloud.operator(), id, limits, new.force).await?;
    Ok(shown(&cloud, id))
}

/// Takes away what was set: a project has its declared quota again.
#[utoipa::path(
    delete, path = "/guichet/v1/quotas/{project}", operation_id = "reset_quota",
    params(("project" = String, Path, description = "The project's id or name")),
    responses((status = 200, description = "Its quota from now on", body = OneQuota), NotSteered)
)]
async fn reset(
    State(control): State<Control>,
    _: Maker,
    Path(named): Path<String>,
) -> Result<Json<OneQuota>, Problem> {
    let cloud = control.worlds.first().cloud();
    let id = project(&cloud, &named)?;
    cloud.quotas().reset(&cloud.operator(), id).await?;
    Ok(shown(&cloud, id))
}

fn limit(name: &str, number: Option<i64>) -> Result<Option<Limit>, Problem> {
    Ok(match number {
        None => None,
        Some(-1) => Some(Limit::Unlimited),
        Some(number) => {
            let wrong = |_| {
                Problem::wrong(format!("{name}: found {number}, expected a number from -1 on."))
            };
            Some(Limit::Most(u64::try_from(number).map_err(wrong)?))
        }
    })
}

impl From<QuotaError> for Problem {
    fn from(error: QuotaError) -> Self {
        let status = match &error {
            QuotaError::Forbidden => StatusCode::FORBIDDEN,
            QuotaError::NoProject => StatusCode::NOT_FOUND,
            QuotaError::InUse { .. } => StatusCode::CONFLICT,
            QuotaError::Refused(_) => StatusCode::SERVICE_UNAVAILABLE,
        };
        let hint = if status == StatusCode::CONFLICT { "; force sets it all the same" } else { "" };
        Self::new(status, format!("{error}{hint}."))
    }
}
