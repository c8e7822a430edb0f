//! The time of a world: stopped, made faster, moved on. Administrators' business.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::response::Response;
use guichet_cloud::worlds::{Advance, World, WorldError};
use guichet_http::query::Params;
use guichet_locale::text;

use crate::figure::Moment;
use crate::form::{AdminForm, given};
use crate::frame::{Choice, Frame, Here, see, shown};
use crate::notice::Notice;
use crate::refusal_world::of_world;
use crate::signed::{Admin, Signed};
use crate::worlds::{chosen, named};

#[derive(Template)]
#[template(path = "clock.html")]
struct Page {
    frame: Frame,
    world: String,
    worlds: Vec<Choice>,
    now: Moment,
    speed: String,
    is_stopped: bool,
    next: Option<Moment>,
    operations: String,
    jumps: bool,
    is_steerable: bool,
}

/// `GET /console/clock`.
pub(crate) async fn show(Admin(signed): Admin) -> Response {
    match named(&signed, &signed.query) {
        Some(world) => page(&signed, &world, None),
        None => signed.missing(),
    }
}

fn page(signed: &Signed, world: &Arc<World>, notice: Option<Notice>) -> Response {
    let (locale, time) = (signed.locale, world.time());
    let page = Page {
        frame: signed.frame(text!(locale, "console-clock-title"), Here::Clock, notice),
        world: world.id().to_string(),
        worlds: chosen(signed, world),
        now: Moment::of(time.now),
        speed: locale.figure(time.speed),
        is_stopped: time.speed == 0.0,
        next: time.next.map(Moment::exact),
        operations: locale.grouped(time.operations as u64),
        jumps: time.jumps,
        is_steerable: world.cloud().manager().clock().is_steerable(),
    };
    shown(&page, page.frame.notice.as_ref())
}

/// `POST /console/clock`.
pub(crate) async fn change(AdminForm { signed, fields }: AdminForm) -> Response {
    let Some(world) = named(&signed, &fields) else { return signed.missing() };
    match steer(&world, &fields).await {
        Some(Ok(is_reached)) => {
            let said = if is_reached { "clock" } else { "not-reached" };
            see(&format!("/console/clock?world={}&said={said}", world.id()))
        }
        Some(Err(error)) => page(&signed, &world, Some(of_world(signed.locale, &error))),
        None => signed.missing(),
    }
}

/// Does what a button says, and says whether it got there; none if no button of ours says so.
async fn steer(world: &World, fields: &Params) -> Option<Result<bool, WorldError>> {
    let number = |name: &str| given(fields, name).and_then(|text| text.parse::<f64>().ok());
    let done = match given(fields, "do")? {
        "freeze" => world.set_speed(0.0),
        "run" => world.set_speed(1.0),
        // What is no number is no speed: it is refused as one that is out of range.
        "speed" => world.set_speed(number("speed").unwrap_or(f64::NAN)),
        "jump" => world.set_jumps(true),
        "no-jump" => world.set_jumps(false),
        "idle" => return Some(advance(world, Advance::UntilIdle).await),
        "advance" => {
            let by = number("seconds").and_then(|it| Duration::try_from_secs_f64(it).ok());
            let by = Advance::By(by.unwrap_or(Duration::MAX));
            return Some(advance(world, by).await);
        }
        _ => return None,
    };
    Some(done.map(|()| true))
}

async fn advance(world: &World, how: Advance) -> Result<bool, WorldError> {
    Ok(world.advance(how).await?.is_reached)
}
