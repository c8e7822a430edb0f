//! An operation: when what became of it.

use std::time::Duration;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use guichet_core::server::{Operation, OperationState};
use guichet_core::time::{Clock as _, Timestamp};
use guichet_locale::{Locale, text};

use crate::figure::{Moment, span};
use crate::frame::{Frame, Here, shown};
use crate::server::{Line, named};
use crate::servers::Row;
use crate::signed::Signed;

#[derive(Template)]
#[template(path = "operation.html")]
struct Page {
    frame: Frame,
    row: Row,
    line: Line,
    failure: String,
    steps: Vec<Step>,
    parts: Vec<Part>,
    bars: Vec<Bar>,
}

/// Something that happened.
struct Step {
    what: String,
    at: Moment,
    /// How long after it was accepted.
    after: String,
}

/// A part of the time that it took.
struct Part {
    what: String,
    kind: &'static str,
    time: String,
    us: u128,
}

/// The same as a bar, in a picture that is 1,000 wide.
struct Bar {
    kind: &'static str,
    from: u128,
    width: u128,
}

const WIDTH: u128 = 1_000;

/// Bars one behind the other. What took next to no time is seen all the same.
fn bars(parts: &[Part]) -> Vec<Bar> {
    let all: u128 = parts.iter().map(|part| part.us).sum();
    let (mut from, least) = (0, 4);
    let bar = |part: &Part| {
        let width = (part.us * WIDTH / all.max(1)).clamp(least, WIDTH - least);
        let bar = Bar { kind: part.kind, from, width };
        from += width;
        bar
    };
    parts.iter().map(bar).collect()
}

/// `GET /console/servers/{id}/operations/{number}`.
pub(crate) async fn show(Path((id, number)): Path<(String, String)>, signed: Signed) -> Response {
    let found = named(&signed, &id).and_then(|server| {
        let number: u32 = number.parse().ok()?;
        let operations = signed.cloud.servers().operations(server.id);
        Some((operations.into_iter().find(|it| it.number == number)?, server))
    });
    let Some((operation, server)) = found else { return signed.missing() };
    let locale = signed.locale;
    let title = text!(
        locale,
        "console-operation-title",
        action = operation.action.as_str(),
        server = server.name.to_string()
    );
    let age = signed.cloud.manager().clock().now().since(operation.accepted);
    let parts = parts(locale, &operation, age);
    let page = Page {
        frame: signed.frame(title, Here::Servers, None),
        row: Row::of(&signed.cloud, &server),
        line: Line::of(&signed, &operation),
        failure: operation.failure.map_or_else(String::new, |failure| failure.to_string()),
        steps: steps(locale, &operation),
        bars: bars(&parts),
        parts,
    };
    shown(&page, page.frame.notice.as_ref())
}

fn steps(locale: Locale, operation: &Operation) -> Vec<Step> {
    let ended = match operation.state {
        OperationState::Failed => text!(locale, "console-step-failed"),
        OperationState::Cancelled => text!(locale, "console-step-cancelled"),
        _ => text!(locale, "console-step-succeeded"),
    };
    let again = operation.not_before.filter(|_| operation.state == OperationState::Queued);
    let all = [
        (text!(locale, "console-step-accepted"), Some(operation.accepted)),
        (text!(locale, "console-step-started"), operation.started),
        (text!(locale, "console-step-again"), again),
        (ended, operation.finished),
    ];
    let step = |(what, at): (String, Option<Timestamp>)| {
        let at = at?;
        let after = span(locale, at.since(operation.accepted));
        Some(Step { what, at: Moment::exact(at), after })
    };
    all.into_iter().filter_map(step).collect()
}

/// The time that it waited and the time that it was worked on, until now if it is not over.
fn parts(locale: Locale, operation: &Operation, age: Duration) -> Vec<Part> {
    let wait = operation.wait().unwrap_or(age);
    let service = operation.service().or_else(|| {
        let is_running = operation.finished.is_none() && operation.started.is_some();
        is_running.then(|| age.saturating_sub(wait))
    });
    let part = |what, kind, time: Duration| Part {
        what,
        kind,
        time: span(locale, time),
        us: time.as_micros().max(1),
    };
    let wait = part(text!(locale, "console-word-wait"), "wait", wait);
    let service = service.map(|it| part(text!(locale, "console-word-service"), "service", it));
    std::iter::once(wait).chain(service).collect()
}
