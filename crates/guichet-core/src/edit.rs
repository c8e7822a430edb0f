//! Edits: what an owner changes about a server without anything being run. One step, no
//! operation; what stands in the way is a refusal, as everywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use smallvec::smallvec;

use crate::details::{Changes, Details, Lock};
use crate::event::{Cause, Change};
use crate::ids::{ClientId, ProjectId, RequestId, ServerId};
use crate::limits;
use crate::project::OverQuota;
use crate::refusal::Refusal;
use crate::rows::{Effects, Rows};
use crate::server::Server;
use crate::time::Timestamp;

/// One edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Sets fields.
    Update(Box<Changes>),
    /// Adds these metadata, and replaces those of the same name.
    MergeMetadata(BTreeMap<Arc<str>, Arc<str>>),
    /// Has these metadata and no others.
    ReplaceMetadata(BTreeMap<Arc<str>, Arc<str>>),
    /// Drops one of the metadata.
    DropMetadata(Arc<str>),
    /// Adds a tag.
    AddTag(Arc<str>),
    /// Has these tags and no others.
    ReplaceTags(BTreeSet<Arc<str>>),
    /// Drops a tag.
    DropTag(Arc<str>),
    /// Locks it.
    Lock {
        /// Why.
        reason: Option<Arc<str>>,
    },
    /// Unlocks it.
    Unlock,
    /// Puts it in its project's security group, or takes it out.
    Group {
        /// Whether it is in it afterwards.
        is_in: bool,
    },
}

impl Edit {
    /// Whether it may give a server metadata that it did not carry.
    pub fn has_metadata(&self) -> bool {
        match self {
            Self::MergeMetadata(_) | Self::ReplaceMetadata(_) => true,
            Self::Update(changes) => changes.metadata.is_some(),
            _ => false,
        }
    }
}

/// An edit as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditRequest {
    /// Its id.
    pub id: RequestId,
    /// The client that sends it.
    pub client: ClientId,
    /// Whose server.
    pub project: ProjectId,
    /// Which.
    pub server: ServerId,
    /// Whether an administrator asks: no lock holds one up.
    pub privileged: bool,
    /// How many metadata the server may carry; none: as many as any, which is
    /// [`METADATA_MAX`](limits::METADATA_MAX).
    pub most_metadata: Option<usize>,
    /// What is changed.
    pub edit: Edit,
}

/// Decides an edit on the rows as they are at `at`: the server as it is afterwards.
///
/// # Errors
/// A refusal: nothing changes.
pub fn edit(
    rows: &impl Rows,
    request: &EditRequest,
    at: Timestamp,
) -> Result<(Effects, Arc<Server>), Refusal> {
    let id = request.server;
    let server = rows.server(id).filter(|server| server.project == request.project);
    let server = server.ok_or(Refusal::NotFound { server: id })?;
    if server.is_locked() && !request.privileged && heeds_lock(&request.edit) {
        return Err(Refusal::Locked { server: id });
    }
    let mut next = server.clone();
    let mut details = next.details.as_deref().cloned().unwrap_or_default();
    change(&mut next, &mut details, request)?;
    next.updated = at;
    next.details = (details != Details::default()).then(|| Arc::new(details));
    let next = Arc::new(next);
    let change = Change {
        sequence: 0,
        at,
        cause: Cause::Edited,
        request: Some(request.id),
        client: Some(request.client),
        project: next.project,
        server: id,
        from: next.state(),
        to: next.state(),
    };
    let effects = Effects {
        servers: smallvec![Arc::clone(&next)],
        change: Some(Box::new(change)),
        ..Effects::default()
    };
    Ok((effects, next))
}

/// Whether a lock holds it up: metadata, which a guest may act by; not the fields and tags that
/// only describe a server. So Nova has it (`check_instance_lock`).
const fn heeds_lock(edit: &Edit) -> bool {
    match edit {
        Edit::MergeMetadata(_) | Edit::ReplaceMetadata(_) | Edit::DropMetadata(_) => true,
        Edit::Update(_)
        | Edit::AddTag(_)
        | Edit::ReplaceTags(_)
        | Edit::DropTag(_)
        | Edit::Lock { .. }
        | Edit::Group { .. }
        | Edit::Unlock => false,
    }
}

fn change(
    server: &mut Server,
    details: &mut Details,
    request: &EditRequest,
) -> Result<(), Refusal> {
    let check_metadata = |count: usize| check_metadata_of(count, request.most_metadata);
    match &request.edit {
        Edit::Update(changes) => {
            changes.metadata.as_ref().map_or(Ok(()), |all| check_metadata(all.len()))?;
            update(server, details, changes)?;
        }
        Edit::MergeMetadata(more) => {
            details.metadata.extend(more.iter().map(|(k, v)| (Arc::clone(k), Arc::clone(v))));
            check_metadata(details.metadata.len())?;
        }
        Edit::ReplaceMetadata(all) => {
            check_metadata(all.len())?;
            details.metadata.clone_from(all);
        }
        Edit::DropMetadata(name) => {
            let gone = details.metadata.remove(name);
            gone.ok_or_else(|| no_such("metadata item", name))?;
        }
        Edit::AddTag(tag) => {
            details.tags.insert(Arc::clone(tag));
            check_tags(details.tags.len())?;
        }
        Edit::ReplaceTags(all) => {
            check_tags(all.len())?;
            details.tags.clone_from(all);
        }
        Edit::DropTag(tag) => {
            if !details.tags.remove(tag) {
                return Err(no_such("tag", tag));
            }
        }
        Edit::Group { is_in } => details.is_without_group = !is_in,
        Edit::Lock { reason } => {
            // An owner's lock does not take the place of an administrator's.
            let by_admin =
                request.privileged || details.lock.as_ref().is_some_and(|lock| lock.by_admin);
            details.lock = Some(Lock { by_admin, reason: reason.clone() });
        }
        Edit::Unlock => {
            let by_admin = details.lock.as_ref().is_some_and(|lock| lock.by_admin);
            if by_admin && !request.privileged {
                return Err(Refusal::Locked { server: server.id });
            }
            details.lock = None;
        }
    }
    Ok(())
}

/// Makes these fields true of a server and of what it carries.
fn update(server: &mut Server, details: &mut Details, changes: &Changes) -> Result<(), Refusal> {
    fn set<T: Clone>(field: &mut T, change: &Option<T>) {
        if let Some(value) = change {
            field.clone_from(value);
        }
    }
    if let Some(metadata) = &changes.metadata {
        check_metadata(metadata.len())?;
    }
    if let Some(name) = &changes.name {
        server.name = name.into();
    }
    set(&mut server.image, &changes.image);
    set(&mut details.description, &changes.description);
    set(&mut details.access_ipv4, &changes.access_ipv4);
    set(&mut details.access_ipv6, &changes.access_ipv6);
    set(&mut details.disk_config_auto, &changes.disk_config_auto);
    set(&mut details.metadata, &changes.metadata);
    set(&mut details.key_name, &changes.key_name);
    set(&mut details.user_data, &changes.user_data);
    if let Some(hostname) = &changes.hostname {
        details.hostname = Some(Arc::clone(hostname));
    }
    Ok(())
}

/// Makes these fields true of a server, which is as it is afterwards.
///
/// # Errors
/// More metadata than a server may carry: the server is to be forgotten.
pub(crate) fn set_fields(server: &mut Server, changes: &Changes) -> Result<(), Refusal> {
    let mut details = server.details.as_deref().cloned().unwrap_or_default();
    update(server, &mut details, changes)?;
    server.details = (details != Details::default()).then(|| Arc::new(details));
    Ok(())
}

/// Whether a server may carry so many metadata.
///
/// # Errors
/// Over quota, as Nova has it.
pub fn check_metadata(count: usize) -> Result<(), Refusal> {
    check_metadata_of(count, None)
}

/// Whether a server of a project with this limit, if it has one of its own, may carry so many
/// metadata.
///
/// # Errors
/// Over quota, as Nova has it.
pub fn check_metadata_of(count: usize, most: Option<usize>) -> Result<(), Refusal> {
    let own = limits::METADATA_MAX;
    let most = most.map_or(own, |most| most.min(own));
    if count <= most {
        return Ok(());
    }
    Err(Refusal::OverQuota(OverQuota {
        resource: "metadata_items",
        requested: count as u64,
        used: 0,
        limit: most as u64,
    }))
}

/// Whether a server may carry so many tags.
///
/// # Errors
/// Invalid, as Nova has it.
pub fn check_tags(count: usize) -> Result<(), Refusal> {
    if count <= limits::TAGS_MAX {
        return Ok(());
    }
    let problem = format!("{count} tags, expected {} at most", limits::TAGS_MAX);
    Err(Refusal::Invalid { field: "tags", problem })
}

fn no_such(what: &'static str, name: &str) -> Refusal {
    Refusal::NoSuchPart { what, name: Arc::from(name) }
}
