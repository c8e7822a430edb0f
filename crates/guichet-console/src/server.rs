//! The page of a server: what it is, what was done to it, what its machine says, and what can be asked of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use guichet_cloud::catalogue::Viewer;
use guichet_core::ids::ServerId;
use guichet_core::limits;
use guichet_core::server::{Operation, Server};
use guichet_core::state::{Status, VmState};
use guichet_locale::{Locale, text};
use uuid::Uuid;

use crate::figure::{Moment, Share, span};
use crate::frame::{Choice, Frame, Here, shown};
use crate::notice::Notice;
use crate::servers::Row;
use crate::signed::Signed;
use crate::word;

#[derive(Template)]
#[template(path = "server.html")]
struct Page {
    frame: Frame,
    row: Row,
    image: String,
    fault: String,
    updated: Moment,
    operations: Vec<Line>,
    console: String,
    /// Other flavors that it can have.
    flavors: Vec<Choice>,
    quota: Vec<Share>,
    is_deleted: bool,
    is_resized: bool,
    is_stopped: bool,
}

/// An operation in a server's history.
pub(crate) struct Line {
    pub(crate) number: u32,
    pub(crate) action: &'static str,
    pub(crate) state: &'static str,
    /// The state in words.
    pub(crate) progress: String,
    pub(crate) request: String,
    pub(crate) by: String,
    pub(crate) accepted: Moment,
    pub(crate) wait: String,
    pub(crate) service: String,
    pub(crate) attempts: u32,
}

impl Line {
    pub(crate) fn of(signed: &Signed, operation: &Operation) -> Self {
        let locale = signed.locale;
        let time = |time: Option<_>| time.map_or_else(|| "–".to_owned(), |it| span(locale, it));
        let directory = signed.cloud.accounts().directory();
        let user = directory.client(operation.client);
        Self {
            number: operation.number,
            action: operation.action.as_str(),
            state: operation.state.as_str(),
            progress: word::progress(locale, operation.state),
            request: operation.request.to_string(),
            by: user.map_or_else(String::new, |user| user.name.to_string()),
            accepted: Moment::exact(operation.accepted),
            wait: time(operation.wait()),
            service: time(operation.service()),
            attempts: operation.attempt,
        }
    }
}

/// The server that a path names, if whoever asks sees it; one that was deleted as long as it is remembered.
pub(crate) fn named(signed: &Signed, id: &str) -> Option<Arc<Server>> {
    let id = Uuid::parse_str(id).ok().map(ServerId)?;
    signed.cloud.servers().find_remembered(&signed.caller, id)
}

/// `GET /console/servers/{id}`.
pub(crate) async fn show(Path(id): Path<String>, signed: Signed) -> Response {
    match named(&signed, &id) {
        Some(server) => page(&signed, &server, None),
        None => signed.missing(),
    }
}

/// The page of a server, with what came of something that was asked.
pub(crate) fn page(signed: &Signed, server: &Arc<Server>, notice: Option<Notice>) -> Response {
    let (cloud, locale) = (&signed.cloud, signed.locale);
    let row = Row::of(cloud, server);
    let image = cloud.catalogue().image(server.image);
    let mut operations = cloud.servers().operations(server.id);
    operations.reverse();
    let console = cloud.servers().console(server, Some(limits::CONSOLE_LINES_SHOWN));
    let fault = server.fault.as_ref().filter(|_| server.status() == Status::Error);
    let page = Page {
        frame: signed.frame(row.name.clone(), Here::Servers, notice),
        image: image.map_or_else(String::new, |image| image.name.to_string()),
        fault: fault.map_or_else(String::new, |fault| fault.message.to_string()),
        updated: Moment::of(server.updated),
        operations: operations.iter().map(|it| Line::of(signed, it)).collect(),
        console: console.unwrap_or_else(|_| text!(locale, "console-server-no-console")),
        flavors: flavors(signed, Some(server)),
        quota: quota(signed, locale, server.project),
        is_deleted: server.is_deleted(),
        is_resized: server.vm_state == VmState::Resized,
        is_stopped: server.vm_state == VmState::Stopped,
        row,
    };
    shown(&page, page.frame.notice.as_ref())
}

/// Flavors to choose from: all that are seen, but for the one that a server has.
pub(crate) fn flavors(signed: &Signed, server: Option<&Server>) -> Vec<Choice> {
    let catalogue = signed.cloud.catalogue();
    let present = server.and_then(|server| catalogue.flavor(server.flavor));
    let all = catalogue.flavors(Viewer::from(&signed.caller));
    let others = all.iter().filter(|it| present.as_ref().is_none_or(|own| own.id != it.id));
    let choice = |flavor: &Arc<guichet_cloud::catalogue::Flavor>| Choice {
        value: flavor.id.to_string(),
        name: text!(
            signed.locale,
            "console-flavor",
            name = flavor.name.to_string(),
            cores = flavor.size.vcpus,
            ram = flavor.size.ram_mib,
            disk = flavor.disk_gib
        ),
        is_chosen: false,
    };
    others.take(limits::CONSOLE_CHOICES_MAX).map(choice).collect()
}

/// What a project uses and may use.
pub(crate) fn quota(
    signed: &Signed,
    locale: Locale,
    project: guichet_core::ids::ProjectId,
) -> Vec<Share> {
    let Some((usage, quota)) = signed.cloud.servers().usage(project) else { return Vec::new() };
    vec![
        Share::new(
            locale,
            text!(locale, "console-quota-servers"),
            usage.instances,
            quota.instances,
        ),
        Share::new(locale, text!(locale, "console-quota-cores"), usage.cores, quota.cores),
        Share::new(locale, text!(locale, "console-quota-ram"), usage.ram_mib, quota.ram_mib),
    ]
}
