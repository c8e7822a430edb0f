//! Hosts as they are sent and shown.

use guichet_cloud::Cloud;
use guichet_cloud::drains::{Progress, Stuck};
use guichet_cloud::hosts::Intake;
use guichet_cloud::servers::HostUsage;
use guichet_core::ids::ServerId;
use guichet_core::project::Host;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which world a request about hosts is for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    pub(super) world: Option<String>,
}

/// Whether a host takes servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum NewStatus {
    /// It does.
    Enabled,
    /// It does not; those that it has stay.
    Disabled,
}

/// What is set of a host; what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HostChange {
    /// Whether it takes servers. One that does is not being emptied.
    pub(super) status: Option<NewStatus>,
    /// Why it takes none; with `disabled` alone.
    pub(super) reason: Option<String>,
    /// Whether it counts as down: what is asked of its servers waits, and they may be evacuated.
    pub(super) forced_down: Option<bool>,
}

/// Why a host is to be emptied.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDrain {
    /// Why; without it what was said before stays.
    pub(super) reason: Option<String>,
}

/// All hosts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AllHosts {
    /// In the order of their declaration.
    pub(super) hosts: Vec<HostRow>,
}

/// One host.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneHost {
    pub(super) host: HostRow,
}

/// How far the emptying of a host is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneDrain {
    /// The host's name.
    name: String,
    status: Status,
    /// Why it takes no servers, as an administrator said.
    reason: Option<String>,
    /// How far its emptying is, while it is being emptied.
    drain: Option<DrainRow>,
}

impl OneDrain {
    pub(super) fn of(cloud: &Cloud, host: &Host) -> Self {
        let state = cloud.hosts().state(host);
        Self {
            name: host.name.to_string(),
            status: state.intake().into(),
            reason: state.reason,
            drain: cloud.hosts().progress(host).map(|progress| DrainRow::of(cloud, progress)),
        }
    }
}

/// Whether a host is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum UpOrDown {
    /// Its service is up.
    Up,
    /// An administrator said that it is down, or nothing is heard of it.
    Down,
}

/// Whether a host takes servers, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Status {
    /// It does, if it is up.
    Enabled,
    /// It does not; those that it has stay.
    Disabled,
    /// It does not; those that it has are moved to others.
    Draining,
    /// It does not, and has none any more.
    Drained,
}

impl From<Intake> for Status {
    fn from(intake: Intake) -> Self {
        match intake {
            Intake::Enabled => Self::Enabled,
            Intake::Disabled => Self::Disabled,
            Intake::Draining => Self::Draining,
            Intake::Drained => Self::Drained,
        }
    }
}

/// A host.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HostRow {
    name: String,
    zone: String,
    state: UpOrDown,
    status: Status,
    /// Why it takes no servers, as an administrator said.
    reason: Option<String>,
    /// Whether an administrator said that it is down.
    forced_down: bool,
    /// How many servers it has.
    servers: u64,
    vcpus: u32,
    vcpus_used: u32,
    ram_mib: u32,
    ram_mib_used: u32,
    /// How far its emptying is, while it is being emptied.
    drain: Option<DrainRow>,
}

/// How far the emptying of a host is.
#[derive(Debug, Serialize, ToSchema)]
struct DrainRow {
    /// Servers that hold something of it; fewer at the very beginning, before they are counted.
    left: usize,
    /// Of them how many are being moved.
    moving: usize,
    /// How many have left since this process began to move them.
    moved: u64,
    /// How many of those that are left cannot be moved at present.
    stuck: usize,
    /// The first 100 of these.
    servers: Vec<StuckRow>,
}

/// A server that cannot be moved at present; it is tried again and again.
#[derive(Debug, Serialize, ToSchema)]
struct StuckRow {
    id: String,
    name: Option<String>,
    /// `busy`, `no_room`, `state`, `unconfirmed`, `failed` or `refused`.
    reason: &'static str,
    /// The same as a sentence, with what to do.
    message: String,
}

impl HostRow {
    pub(super) fn of(cloud: &Cloud, host: &Host, used: &HostUsage) -> Self {
        let (hosts, taken) = (cloud.hosts(), used.taken(host));
        let state = hosts.state(host);
        Self {
            name: host.name.to_string(),
            zone: cloud.catalogue().zone_of(host).to_string(),
            state: if hosts.is_down(host) { UpOrDown::Down } else { UpOrDown::Up },
            status: state.intake().into(),
            reason: state.reason,
            forced_down: state.is_forced_down,
            servers: used.servers(host),
            vcpus: host.capacity.vcpus,
            vcpus_used: taken.vcpus,
            ram_mib: host.capacity.ram_mib,
            ram_mib_used: taken.ram_mib,
            drain: hosts.progress(host).map(|progress| DrainRow::of(cloud, progress)),
        }
    }
}

impl DrainRow {
    fn of(cloud: &Cloud, progress: Progress) -> Self {
        let Progress { left, moving, moved, stuck, shown } = progress;
        let servers = shown.into_iter().map(|(id, why)| StuckRow::of(cloud, id, &why)).collect();
        Self { left, moving, moved, stuck, servers }
    }
}

impl StuckRow {
    fn of(cloud: &Cloud, id: ServerId, why: &Stuck) -> Self {
        let name = cloud.manager().any_server(id).map(|server| server.name.to_string());
        Self { id: id.to_string(), name, reason: why.as_str(), message: why.to_string() }
    }
}
