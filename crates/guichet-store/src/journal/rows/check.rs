//! Everything that must hold between rows.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use guichet_core::audit::Audit;
use guichet_core::fleet::{Saved, SavedRow};
use guichet_core::ids::{IdHash, ProjectId, ServerId};
use guichet_core::limits;
use guichet_core::project::Usage;
use guichet_core::server::{OperationState, Server};

use super::credentials;
use super::error::{OpenError, Report};
use super::groups;
use super::key_pairs;
use super::kind::Kind;
use super::load::Loaded;
use super::names::{self, Maps};

/// What was looked at, and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What was checked, and what does not hold.
    pub audit: Audit,
    /// The version of the file.
    pub version: i64,
    /// The length of the file in bytes, without the log beside it.
    pub bytes: u64,
    /// Servers that exist.
    pub servers: u64,
    /// Servers that were deleted and are remembered.
    pub deleted: u64,
    /// Operations that are over.
    pub operations: u64,
    /// Operations that are queued or running.
    pub unfinished: u64,
    /// Idempotency keys that are remembered.
    pub keys: u64,
    /// Application credentials.
    pub credentials: u64,
    /// Key pairs.
    pub key_pairs: u64,
    /// Server groups.
    pub groups: u64,
    /// Records beside the fleet.
    pub records: u64,
}

impl Verified {
    /// Nothing was looked at yet.
    pub(crate) fn nothing(audit: Audit, version: i64, bytes: u64) -> Self {
        Self {
            audit,
            version,
            bytes,
            servers: 0,
            deleted: 0,
            operations: 0,
            unfinished: 0,
            keys: 0,
            credentials: 0,
            key_pairs: 0,
            groups: 0,
            records: 0,
        }
    }

    /// Loads everything: a row that cannot be is a finding, and what is read goes on without it.
    pub(crate) fn load(
        &mut self,
        load: impl FnOnce(Report<'_>) -> Result<Loaded, OpenError>,
    ) -> Result<Loaded, OpenError> {
        let audit = &mut self.audit;
        load(&mut |error| match error {
            OpenError::Corrupt { .. } => {
                audit.check(false, || error.to_string());
                Ok(())
            }
            other => Err(other),
        })
    }

    /// Checks and counts what was loaded. `usage` is what is written of each project's servers.
    pub(crate) fn take(
        &mut self,
        maps: &Maps,
        loaded: &Loaded,
        usage: &BTreeMap<ProjectId, Usage>,
    ) {
        check_loaded(&mut self.audit, maps, loaded, usage);
        self.count(loaded);
    }

    fn count(&mut self, loaded: &Loaded) {
        for row in &loaded.saved.rows {
            if row.server.is_deleted() {
                self.deleted += 1;
            } else {
                self.servers += 1;
            }
            self.operations += row.finished.len() as u64;
            self.unfinished += u64::from(row.server.active.is_some());
        }
        self.keys = loaded.saved.keys.len() as u64;
        self.credentials = loaded.saved.credentials.len() as u64;
        self.key_pairs = loaded.saved.key_pairs.len() as u64;
        self.groups = loaded.saved.groups.len() as u64;
        self.records = loaded.found.len() as u64;
    }
}

fn check_loaded(
    audit: &mut Audit,
    maps: &Maps,
    loaded: &Loaded,
    usage: &BTreeMap<ProjectId, Usage>,
) {
    let mut sums: BTreeMap<ProjectId, Usage> = BTreeMap::new();
    let mut servers: HashMap<ServerId, &Server, IdHash> = HashMap::default();
    let written: HashSet<(&str, &str)> =
        loaded.found.iter().map(|record| (&*record.kind, &*record.id)).collect();
    for row in &loaded.saved.rows {
        check_server(audit, (maps, &written), row);
        servers.insert(row.server.id, &row.server);
        if !row.server.is_deleted() {
            let sum = sums.entry(row.server.project).or_default();
            *sum = sum.plus_server(&row.server);
        }
    }
    let projects: BTreeSet<ProjectId> = usage.keys().chain(sums.keys()).copied().collect();
    for project in projects {
        let of = |usages: &BTreeMap<_, _>| usages.get(&project).copied().unwrap_or_default();
        let (written, sum) = (of(usage), of(&sums));
        audit.check(written == sum, || {
            let name = maps.name(Kind::Project, project.0).unwrap_or("without a name");
            let (written, sum) = (in_words(written), in_words(sum));
            format!("project {name}: {written} are written, its servers sum to {sum}")
        });
    }
    check_keys(audit, maps, &loaded.saved, &servers);
    credentials::check(audit, maps, &loaded.saved.credentials);
    key_pairs::check(audit, maps, &loaded.saved.key_pairs);
    groups::check(audit, maps, &loaded.saved.groups);
}

fn in_words(usage: Usage) -> String {
    let Usage { instances, cores, ram_mib } = usage;
    format!("{instances} instances, {cores} cores, {ram_mib} MiB")
}

/// One server, beyond what reading it has checked: that it is there once, and that what is being
/// done to it fits. What it was made of has a name, or is a record of that kind and number that was
/// written while the service ran.
fn check_server(
    audit: &mut Audit,
    (maps, written): (&Maps, &HashSet<(&str, &str)>),
    row: &SavedRow,
) {
    let server = &row.server;
    let id = server.id;
    let over = server.operations - u32::from(server.active.is_some()).min(server.operations);
    let first = over.saturating_sub(limits::OPERATIONS_PER_SERVER_MAX as u32) + 1;
    let numbers = row.finished.iter().map(|operation| operation.number);
    audit.check(numbers.eq(first..=over), || {
        let numbers: Vec<u32> = row.finished.iter().map(|operation| operation.number).collect();
        format!("server {id}: of its operations {first} to {over}, there are {numbers:?}")
    });
    for operation in &row.finished {
        let failed = operation.state == OperationState::Failed;
        audit.check(operation.failure.is_some() == failed, || {
            format!("server {id}: operation {}: {:?}", operation.number, operation.failure)
        });
        let times = [Some(operation.accepted), operation.started, operation.finished];
        audit.check(times.iter().flatten().is_sorted(), || {
            format!("server {id}: operation {} ended before it began", operation.number)
        });
    }
    audit.check(server.created <= server.updated, || format!("server {id}: changed before it was"));
    let named = [
        (Kind::Project, Some(server.project.0)),
        (Kind::Host, server.host.map(|host| host.0)),
        (Kind::Flavor, Some(server.flavor.0)),
        (Kind::Image, Some(server.image.0)),
    ];
    let second = server.second.iter().flat_map(|second| {
        [(Kind::Host, second.host.map(|host| host.0)), (Kind::Flavor, Some(second.flavor.0))]
    });
    for (kind, number) in named.into_iter().chain(second) {
        let has_name = |number| {
            let is_written = || {
                names::unnamed(number)
                    .is_some_and(|inside| written.contains(&(kind.as_str(), &*inside.to_string())))
            };
            maps.has_name(kind, number) || is_written()
        };
        audit.check(number.is_none_or(has_name), || {
            format!("server {id}: there is no {kind} {}", number.unwrap_or_default())
        });
    }
}

/// Answers name operations of servers that are known, or of ones that are forgotten.
fn check_keys(
    audit: &mut Audit,
    maps: &Maps,
    saved: &Saved,
    servers: &HashMap<ServerId, &Server, IdHash>,
) {
    for key in &saved.keys {
        audit.check(maps.name(Kind::Project, key.project.0).is_some(), || {
            format!("key {:?}: there is no project {}", key.key.0, key.project)
        });
        for operation in &key.answer.operations {
            let known = servers.get(&operation.server).copied();
            let fits = known.is_none_or(|server| {
                (1..=server.operations).contains(&operation.number) && server.project == key.project
            });
            audit.check(fits, || {
                format!("key {:?}: its answer names {operation}, which never was", key.key.0)
            });
        }
    }
}
