//! `/guichet/v1/worlds/{id}/clock`.

use std::time::Duration;

use axum::Json;
use guichet_cloud::accounts::TokenTime;
use guichet_cloud::worlds::{Advance, World};
use guichet_http::dates;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::asked::Asked;
use crate::control::{Control, NotSteered, Steered};
use crate::instants;
use crate::problem::{Fault, Problem};

pub(crate) fn routes() -> OpenApiRouter<Control> {
    OpenApiRouter::new().routes(routes!(show, set)).routes(routes!(advance))
}

/// How fast the time of a world goes, and what goes by it; one of these at least.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetClock {
    /// Seconds of the world in a second: 0 stops it, 1 is as usual, at most 10,000.
    speed: Option<f64>,
    /// Whether it jumps, before each request that the world is sent, to where no operation waits or runs:
    /// then nobody waits for a machine.
    jumps: Option<bool>,
    /// By which time tokens expire and rates are counted.
    tokens: Option<Tokens>,
}

/// By which time tokens expire and rates are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Tokens {
    /// The process's: a world whose time is moved on logs nobody out.
    Real,
    /// The world's.
    World,
}

impl From<Tokens> for TokenTime {
    fn from(tokens: Tokens) -> Self {
        match tokens {
            Tokens::Real => Self::Real,
            Tokens::World => Self::World,
        }
    }
}

/// How far the time of a world is to be moved on: one of these.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdvanceClock {
    /// By so many seconds.
    by_s: Option<f64>,
    /// To this instant, such as `2026-12-01T00:00:00Z`.
    to: Option<String>,
    /// Until no operation waits or runs.
    until_idle: Option<bool>,
}

impl AdvanceClock {
    fn read(self) -> Result<Advance, Problem> {
        match (self.by_s, self.to, self.until_idle) {
            (Some(by_s), None, None) => Duration::try_from_secs_f64(by_s)
                .map(Advance::By)
                .map_err(|error| Problem::wrong(format!("by_s: found {by_s}: {error}."))),
            (None, Some(to), None) => instants::read("to", &to).map(Advance::To),
            (None, None, Some(true)) => Ok(Advance::UntilIdle),
            _ => Err(Problem::wrong("Say one of by_s, to, and until_idle: true.".to_owned())),
        }
    }
}

/// How the time of a world stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClockRow {
    /// What it is.
    now: String,
    /// Seconds of the world in a second; 0 is stopped.
    speed: f64,
    /// When something is to happen next, if anything is.
    next: Option<String>,
    /// Whether it jumps, before each request, to where no operation waits or runs.
    jumps: bool,
    /// Operations that wait or run.
    operations: usize,
    /// By which time tokens expire and rates are counted.
    tokens: Tokens,
}

impl ClockRow {
    fn of(world: &World) -> Self {
        let time = world.time();
        Self {
            now: dates::micros(time.now).to_string(),
            speed: time.speed,
            next: time.next.map(|next| dates::micros(next).to_string()),
            jumps: time.jumps,
            operations: time.operations,
            tokens: match time.tokens {
                TokenTime::Real => Tokens::Real,
                TokenTime::World => Tokens::World,
            },
        }
    }
}

/// The time of a world.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OneClock {
    clock: ClockRow,
}

/// What moving on came to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AdvancedClock {
    clock: ClockRow,
    /// Whether it got there; if not, asking again goes on.
    reached: bool,
    /// How many times the clock was set on the way.
    steps: u64,
}

/// Shows the time of a world.
#[utoipa::path(
    get, path = "/guichet/v1/worlds/{id}/clock", operation_id = "show_clock",
    params(("id" = String, Path, description = "The world's id, or root")),
    responses(
        (status = 200, description = "It is so late", body = OneClock),
        NotSteered,
    )
)]
async fn show(Steered(world): Steered) -> Result<Json<OneClock>, Problem> {
    Ok(Json(OneClock { clock: ClockRow::of(&world) }))
}

/// Stops the time of a world, or has it go on, as usual or faster; says what goes by it.
#[utoipa::path(
    put, path = "/guichet/v1/worlds/{id}/clock", operation_id = "set_clock",
    params(("id" = String, Path, description = "The world's id, or root")),
    request_body = SetClock,
    responses(
        (status = 200, description = "It goes so from now on", body = OneClock),
        (status = 400, description = "The speed is wrong", body = Fault),
        NotSteered,
        (status = 409, description = "Its time is not to be steered", body = Fault),
    )
)]
async fn set(
    Steered(world): Steered,
    Asked(asked): Asked<SetClock>,
) -> Result<Json<OneClock>, Problem> {
    if asked.speed.is_none() && asked.jumps.is_none() && asked.tokens.is_none() {
        return Err(Problem::wrong("Say speed, jumps or tokens.".to_owned()));
    }
    if let Some(speed) = asked.speed {
        world.set_speed(speed)?;
    }
    if let Some(jumps) = asked.jumps {
        world.set_jumps(jumps)?;
    }
    if let Some(tokens) = asked.tokens {
        world.set_token_time(tokens.into())?;
    }
    Ok(Json(OneClock { clock: ClockRow::of(&world) }))
}

/// Moves the time of a world on, from one thing that is to happen to the next.
#[utoipa::path(
    post, path = "/guichet/v1/worlds/{id}/clock/advance", operation_id = "advance_clock",
    params(("id" = String, Path, description = "The world's id, or root")),
    request_body = AdvanceClock,
    responses(
        (status = 200, description = "It is later, and all in between has happened", body = AdvancedClock),
        (status = 400, description = "It is in the past, too far, or none", body = Fault),
        NotSteered,
        (status = 409, description = "Somebody else moves it on, or its time is not to be steered", body = Fault),
    )
)]
async fn advance(
    Steered(world): Steered,
    Asked(asked): Asked<AdvanceClock>,
) -> Result<Json<AdvancedClock>, Problem> {
    let advanced = world.advance(asked.read()?).await?;
    let clock = ClockRow::of(&world);
    Ok(Json(AdvancedClock { clock, reached: advanced.is_reached, steps: advanced.steps }))
}
