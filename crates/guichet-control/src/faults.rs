//! `/guichet/v1/worlds/{id}/faults`.

mod scenario;
mod shape;
mod strike;

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use guichet_cloud::faults::{FaultRule, Faults};
use guichet_cloud::worlds::World;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use self::strike::answer;

use self::shape::{AllFaults, MadeFaults, NewFault, RuleRow};
use crate::asked::Asked;
use crate::control::{Control, NotSteered, Steered};
use crate::problem::{Fault, Problem};

pub(crate) fn routes() -> OpenApiRouter<Control> {
    OpenApiRouter::new().routes(routes!(list, add, clear)).routes(routes!(remove))
}

/// Has something done with the rules of a world.
fn with<T>(world: &World, done: impl FnOnce(&Faults) -> T) -> Result<T, Problem> {
    let cloud = world.cloud();
    let none = || Problem::new(StatusCode::CONFLICT, "This cloud takes no fault rules.");
    cloud.faults().map(done).ok_or_else(none)
}

/// The rules that are asked for.
fn rules(asked: NewFault) -> Result<Vec<FaultRule>, Problem> {
    match asked.scenario()? {
        Some(scenario) => scenario::rules(scenario).into_iter().map(NewFault::rule).collect(),
        None => Ok(vec![asked.rule()?]),
    }
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
    let rules = with(&world, Faults::all)?;
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
    let rules = rules(asked)?;
    let numbers = with(&world, |faults| faults.add(rules))?;
    let numbers = numbers.map_err(|full| Problem::new(StatusCode::FORBIDDEN, full.to_string()))?;
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
    with(&world, Faults::clear)?;
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
    if with(&world, |faults| faults.remove(number))? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::new(StatusCode::NOT_FOUND, format!("There is no rule {rule}.")))
}
