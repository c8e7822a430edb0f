//! Fault rules of a world. Administrators' business.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use guichet_cloud::faults::Counted;
use guichet_cloud::worlds::World;
use guichet_core::action::Action;
use guichet_http::query::Params;
use guichet_locale::text;
use http::StatusCode;

use crate::form::{AdminForm, given};
use crate::frame::{Choice, Frame, Here, see, shown};
use crate::notice::Notice;
use crate::refusal_world::of_rule;
use crate::rule::{DEEDS, deed, read, said};
use crate::signed::{Admin, Signed};
use crate::worlds::{chosen, named};

#[derive(Template)]
#[template(path = "faults.html")]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
    deeds: Vec<Choice>,
    actions: Vec<&'static str>,
    world: String,
    worlds: Vec<Choice>,
    /// What was asked for and could not be done: to be put right.
    fields: Params,
}

impl Page {
    fn sent(&self, name: &str) -> &str {
        self.fields.get(name).unwrap_or_default()
    }
}

struct Row {
    number: u64,
    what: String,
    about: String,
    when: String,
    seen: String,
    struck: String,
}

/// `GET /console/faults`.
pub(crate) async fn list(Admin(signed): Admin) -> Response {
    match named(&signed, &signed.query) {
        Some(world) => page(&signed, &world, Params::default(), None),
        None => signed.missing(),
    }
}

fn page(signed: &Signed, world: &Arc<World>, fields: Params, notice: Option<Notice>) -> Response {
    let locale = signed.locale;
    let row = |counted: &Counted| {
        let [what, about, when] = said(locale, &counted.rule);
        let (seen, struck) = (locale.grouped(counted.seen), locale.grouped(counted.struck));
        Row { number: counted.number, what, about, when, seen, struck }
    };
    let cloud = world.cloud();
    let rules = cloud.faults().map(|faults| faults.all()).unwrap_or_default();
    let choice = |word: &&str| Choice {
        value: (*word).to_owned(),
        name: deed(locale, word),
        is_chosen: given(&fields, "do") == Some(*word),
    };
    let page = Page {
        frame: signed.frame(text!(locale, "console-faults-title"), Here::Faults, notice),
        rows: rules.iter().map(row).collect(),
        deeds: DEEDS.iter().map(choice).collect(),
        actions: Action::ALL.iter().map(|action| action.as_str()).collect(),
        world: world.id().to_string(),
        worlds: chosen(signed, world),
        fields,
    };
    shown(&page, page.frame.notice.as_ref())
}

/// `POST /console/faults`: a rule more, or one less.
pub(crate) async fn change(AdminForm { signed, fields }: AdminForm) -> Response {
    let Some(world) = named(&signed, &fields) else { return signed.missing() };
    let (cloud, locale) = (world.cloud(), signed.locale);
    if let Some(number) = given(&fields, "remove") {
        let is_removed = number.parse().is_ok_and(|number| cloud.remove_fault(number));
        if !is_removed {
            return signed.missing();
        }
        return see(&format!("/console/faults?world={}&said=fault-removed", world.id()));
    }
    let added = match read(locale, &fields) {
        Ok(rule) => cloud.add_faults(vec![rule]).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(Some(_)) => see(&format!("/console/faults?world={}&said=fault", world.id())),
        Ok(None) => {
            let what = text!(locale, "console-refused-no-faults");
            let advice = text!(locale, "console-do-look");
            page(&signed, &world, fields, Some(Notice::refused(StatusCode::CONFLICT, what, advice)))
        }
        Err(error) => {
            let notice = of_rule(locale, &error);
            page(&signed, &world, fields, Some(notice))
        }
    }
}
