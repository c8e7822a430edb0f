//! `/guichet/v1/worlds/{id}/faults`.

mod omit;
mod read;
mod row;
mod scenario;
mod shape;
mod strike;
mod useful;

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use guichet_cloud::Cloud;
use guichet_cloud::faults::{FaultRule, Faults};
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use self::strike::answer;

use self::row::{AllFaults, MadeFaults, RuleRow};
use self::shape::NewFault;
use crate::asked::Asked;
use crate::control::{Control, NotSteered, Steered};
use crate::problem::{Fault, Problem};

pub(crate) fn routes() -> OpenApiRouter<Control> {
    OpenApiRouter::new().routes(routes!(list, add, clear)).routes(routes!(remove))
}

/// A cloud that takes no rules.
fn none() -> Problem {
    Problem::new(StatusCode::CONFLICT, "This cloud takes no fault rules.")
}

/// The rules that are asked for.
fn rules(asked: NewFault, cloud: &Cloud) -> Result<Vec<FaultRule>, Problem> {
    let Some(scenario) = asked.scenario else { return Ok(vec![asked.rule(cloud.now())?]) };
    let first = cloud.catalogue().hosts().first().map_or("", |host| &host.name);
    let rules = scenario::asked(scenario, asked, first)?.into_iter();
    rules.map(|rule| rule.rule(cloud.now())).collect()
}

/// Lists the rules of a world, and what they struck.
#[utoipa::path(
    get, path = "/guichet/v1/worlds/{id}/faults", operation_id = "list_faults",
    params(("id" = String, Path, description = "The world's id, or root")),
    responses(
        (status = 200, description = "All of them", body = AllFaults),
        NotSteered,
    )
)]
async fn list(Steered(world): Steered) -> Result<Json<AllFaults>, Problem> {
    let rules = world.cloud().faults().map(Faults::all).ok_or_else(none)?;
    Ok(Json(AllFaults { faults: rules.into_iter().map(RuleRow::from).collect() }))
}

/// Has requests or operations of a world go wrong from now on.
#[utoipa::path(
    post, path = "/guichet/v1/worlds/{id}/faults", operation_id = "add_fault",
    params(("id" = String, Path, description = "The world's id, or root")),
    request_body = NewFault,
    responses(
        (status = 201, description = "The rules that hold from now on", body = MadeFaults),
        (status = 400, description = "A field is wrong", body = Fault),
        (status = 403, description = "The token is another's, or there are as many as there may be", body = Fault),
        NotSteered,
    )
)]
async fn add(Steered(world): Steered, Asked(asked): Asked<NewFault>) -> Result<Response, Problem> {
    let cloud = world.cloud();
    let numbers = cloud.add_faults(rules(asked, &cloud)?).await?.ok_or_else(none)?;
    Ok((StatusCode::CREATED, Json(MadeFaults { rules: numbers })).into_response())
}

/// Takes all rules of a world out.
#[utoipa::path(
    delete, path = "/guichet/v1/worlds/{id}/faults", operation_id = "clear_faults",
    params(("id" = String, Path, description = "The world's id, or root")),
    responses(
        (status = 204, description = "There are none"),
        NotSteered,
    )
)]
async fn clear(Steered(world): Steered) -> Result<StatusCode, Problem> {
    world.cloud().clear_faults();
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a rule of a world out.
#[utoipa::path(
    delete, path = "/guichet/v1/worlds/{id}/faults/{rule}", operation_id = "remove_fault",
    params(
        ("id" = String, Path, description = "The world's id, or root"),
        ("rule" = u64, Path, description = "The rule's number"),
    ),
    responses(
        (status = 204, description = "It does not hold any more"),
        NotSteered,
    )
)]
async fn remove(
    Steered(world): Steered,
    Path((_, rule)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let number = rule.parse().unwrap_or(0);
    if world.cloud().remove_fault(number) {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::new(StatusCode::NOT_FOUND, format!("There is no rule {rule}.")))
}
