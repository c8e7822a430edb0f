//! Worlds beside the service's own. Administrators' business.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::response::Response;
use guichet_cloud::worlds::{Made, PROFILES, World, WorldError, WorldId, WorldSpec};
use guichet_core::limits;
use guichet_http::links::Base;
use guichet_http::query::Params;
use guichet_locale::text;
use guichet_openstack::clouds_yaml;
use http::{HeaderMap, StatusCode};

use crate::figure::{Moment, span};
use crate::form::{AdminForm, given};
use crate::frame::{Choice, Frame, Here, see, shown};
use crate::notice::Notice;
use crate::refusal_world::of_world;
use crate::signed::{Admin, Signed};

#[derive(Template)]
#[template(path = "worlds.html")]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
    count: usize,
    most: usize,
    profiles: Vec<Choice>,
    /// A world that was just made: what is shown now and never again.
    made: Option<Shown>,
}

struct Row {
    id: String,
    url: String,
    created: Moment,
    idle: String,
    seed: String,
    servers: String,
    operations: String,
    is_first: bool,
}

struct Shown {
    id: String,
    token: String,
    yaml: String,
}

/// The world that `world` names; the service's own where nothing is said.
pub(crate) fn named(signed: &Signed, fields: &Params) -> Option<Arc<World>> {
    let id = given(fields, "world").unwrap_or(WorldId::FIRST);
    let world = signed.state.worlds.look_at(id)?;
    signed.state.worlds.touch(&world);
    Some(world)
}

/// Worlds to choose from, where there is a choice.
pub(crate) fn chosen(signed: &Signed, present: &World) -> Vec<Choice> {
    let all = signed.state.worlds.all();
    let choice = |world: &Arc<World>| Choice {
        value: world.id().to_string(),
        name: world.id().to_string(),
        is_chosen: world.id() == present.id(),
    };
    let mut choices: Vec<Choice> =
        all.iter().take(limits::CONSOLE_WORLDS_SHOWN).map(choice).collect();
    if !choices.iter().any(|choice| choice.is_chosen) {
        let id = present.id().to_string();
        choices.push(Choice { value: id.clone(), name: id, is_chosen: true });
    }
    choices
}

/// `GET /console/worlds`.
pub(crate) async fn list(headers: HeaderMap, Admin(signed): Admin) -> Response {
    page(&signed, &headers, None, None)
}

fn base(signed: &Signed, headers: &HeaderMap, world: &World) -> Base {
    let base = Base::of(signed.cloud.public_url(), signed.cloud.is_encrypted(), headers);
    base.under(world.cloud().path())
}

fn page(
    signed: &Signed,
    headers: &HeaderMap,
    made: Option<Shown>,
    notice: Option<Notice>,
) -> Response {
    let (worlds, locale) = (&signed.state.worlds, signed.locale);
    let all = worlds.all();
    let row = |world: &Arc<World>| {
        let figures = world.cloud().manager().figures();
        Row {
            id: world.id().to_string(),
            url: base(signed, headers, world).link(""),
            created: Moment::of(world.created()),
            idle: world.idle().map_or_else(|| "–".to_owned(), |idle| span(locale, idle)),
            seed: world.seed().map_or_else(|| "–".to_owned(), |seed| seed.to_string()),
            servers: locale.grouped(figures.servers as u64),
            operations: locale.grouped(figures.jobs as u64),
            is_first: world.is_first(),
        }
    };
    let choice = |name: &&str| Choice {
        value: (*name).to_owned(),
        name: (*name).to_owned(),
        is_chosen: false,
    };
    let page = Page {
        frame: signed.frame(text!(locale, "console-worlds-title"), Here::Worlds, notice),
        // The service's own, and the latest.
        rows: all
            .iter()
            .take(1)
            .chain(all.iter().skip(1).rev().take(limits::CONSOLE_WORLDS_SHOWN))
            .map(row)
            .collect(),
        count: all.len() - 1,
        most: worlds.most(),
        profiles: PROFILES.iter().map(choice).collect(),
        made,
    };
    shown(&page, page.frame.notice.as_ref())
}

/// `POST /console/worlds`: one more, or one less.
pub(crate) async fn change(
    headers: HeaderMap,
    AdminForm { signed, fields }: AdminForm,
) -> Response {
    let ended = match given(&fields, "end") {
        None => return open(&signed, &headers, &fields),
        Some(id) => signed.state.worlds.look_at(id).ok_or(WorldError::NotFound),
    };
    match ended.and_then(|world| signed.state.worlds.end(&world)) {
        Ok(()) => see("/console/worlds?said=ended"),
        Err(error) => page(&signed, &headers, None, Some(of_world(signed.locale, &error))),
    }
}

/// Makes one. Its token is known now alone, so the page that shows it is the answer itself.
fn open(signed: &Signed, headers: &HeaderMap, fields: &Params) -> Response {
    let number = |name: &str| given(fields, name).map(str::parse::<u64>).transpose();
    let (Ok(minutes), Ok(seed)) = (number("idle"), number("seed")) else {
        let what = text!(signed.locale, "console-refused-number");
        let advice = text!(signed.locale, "console-do-choose");
        let notice = Notice::refused(StatusCode::BAD_REQUEST, what, advice);
        return page(signed, headers, None, Some(notice));
    };
    let spec = WorldSpec {
        profile: given(fields, "profile").map(str::to_owned),
        seed,
        idle: minutes.map(|minutes| Duration::from_secs(minutes.saturating_mul(60))),
        ..WorldSpec::default()
    };
    match signed.state.worlds.create(spec) {
        Ok(Made { world, token }) => {
            let url = base(signed, headers, &world).link("");
            let declared = signed.state.worlds.declared(&world);
            let shown = Shown {
                id: world.id().to_string(),
                token: token.text().to_owned(),
                yaml: clouds_yaml(&declared, &[], &url, None),
            };
            page(signed, headers, Some(shown), None)
        }
        Err(error) => page(signed, headers, None, Some(of_world(signed.locale, &error))),
    }
}
