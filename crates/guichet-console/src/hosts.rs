//! Hosts: how full they are, and whether they take servers. Administrators' business.

use askama::Template;
use axum::response::Response;
use guichet_cloud::hosts::{HostEdit, HostError, HostStatus, Intake};
use guichet_cloud::servers::HostUsage;
use guichet_core::limits;
use guichet_core::project::Host;
use guichet_locale::text;

use crate::drain::Drain;
use crate::figure::Share;
use crate::form::{AdminForm, given};
use crate::frame::{Frame, Here, see, shown};
use crate::notice::Notice;
use crate::refusal::of_host;
use crate::signed::{Admin, Signed};

#[derive(Template)]
#[template(path = "hosts.html")]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
    name: String,
    /// How many hosts fit, of which the first are shown.
    count: usize,
}

struct Row {
    name: String,
    status: String,
    /// A word for how it looks.
    kind: &'static str,
    reason: String,
    is_disabled: bool,
    is_forced_down: bool,
    /// How far its emptying is, while it is being emptied.
    drain: Option<Drain>,
    shares: Vec<Share>,
}

impl Row {
    fn of(signed: &Signed, host: &Host, usage: &HostUsage) -> Self {
        let (hosts, locale) = (signed.cloud.hosts(), signed.locale);
        let state = hosts.state(host);
        let taken = usage.taken(host);
        let (status, kind) = match hosts.status(host) {
            HostStatus::Maintenance if state.intake() == Intake::Draining => {
                (text!(locale, "console-host-draining"), "draining")
            }
            HostStatus::Maintenance if state.intake() == Intake::Drained => {
                (text!(locale, "console-host-drained"), "closed")
            }
            HostStatus::Up => (text!(locale, "console-host-open"), "up"),
            HostStatus::Maintenance => (text!(locale, "console-host-closed"), "closed"),
            HostStatus::Down => (text!(locale, "console-host-down"), "down"),
            HostStatus::Unknown => (text!(locale, "console-host-dead"), "down"),
        };
        let share =
            |name, used, most| Share::new(locale, name, u64::from(used), Some(u64::from(most)));
        let shares = vec![
            share(text!(locale, "console-quota-cores"), taken.vcpus, host.capacity.vcpus),
            share(text!(locale, "console-quota-ram"), taken.ram_mib, host.capacity.ram_mib),
        ];
        Self {
            name: host.name.to_string(),
            status,
            kind,
            reason: state.reason.unwrap_or_default(),
            is_disabled: state.is_disabled,
            is_forced_down: state.is_forced_down,
            drain: hosts.progress(host).map(|progress| Drain::of(locale, &signed.cloud, &progress)),
            shares,
        }
    }
}

/// `GET /console/hosts`.
pub(crate) async fn list(Admin(signed): Admin) -> Response {
    page(&signed, None).await
}

async fn page(signed: &Signed, notice: Option<Notice>) -> Response {
    let name = given(&signed.query, "name").unwrap_or_default();
    let hosts = signed.cloud.catalogue().hosts().iter();
    let found: Vec<&Host> = hosts.filter(|host| host.name.starts_with(name)).collect();
    let usage = signed.cloud.servers().host_usage();
    let title = text!(signed.locale, "console-hosts-title");
    let first = found.iter().take(limits::CONSOLE_HOSTS_SHOWN);
    let page = Page {
        frame: signed.frame(title, Here::Hosts, notice),
        rows: first.map(|host| Row::of(signed, host, &usage)).collect(),
        name: name.to_owned(),
        count: found.len(),
    };
    shown(&page, page.frame.notice.as_ref())
}

/// `POST /console/hosts`.
pub(crate) async fn set(AdminForm { signed, fields }: AdminForm) -> Response {
    let reason = given(&fields, "reason").map(str::to_owned);
    let drained = |drained| HostEdit { drained: Some(drained), ..HostEdit::default() };
    let edit = match given(&fields, "do").unwrap_or_default() {
        "disable" => HostEdit { disabled: Some((true, reason)), ..HostEdit::default() },
        "enable" => HostEdit { disabled: Some((false, None)), ..HostEdit::default() },
        // Without a reason the one that was given before stays.
        "drain" => HostEdit { disabled: reason.map(|it| (true, Some(it))), ..drained(true) },
        "stay" => drained(false),
        "down" => HostEdit { forced_down: Some(true), ..HostEdit::default() },
        "up" => HostEdit { forced_down: Some(false), ..HostEdit::default() },
        _ => return signed.missing(),
    };
    let host = given(&fields, "host").and_then(|name| signed.cloud.catalogue().find_host(name));
    let edited = match host {
        Some(host) => signed.cloud.hosts().edit(&signed.caller, host.id, edit).await,
        None => Err(HostError::NotFound),
    };
    match edited {
        Ok(_) => {
            let worlds = &signed.state.worlds;
            worlds.go_on_draining(worlds.first());
            see("/console/hosts?said=host")
        }
        Err(error) => page(&signed, Some(of_host(signed.locale, &error))).await,
    }
}
