//! What is checked of a request without looking at any server: is the service taking requests,
//! is the request well formed, does its project keep to its rate.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::chance::Chance;
use guichet_core::ids::{ClientId, ProjectId};
use guichet_core::limits;
use guichet_core::refusal::Refusal;
use guichet_core::request::{Create, IdempotencyKey, Request, RequestBody};
use tokio::sync::Notify;

use crate::config::{Catalogue, EngineConfig};
use crate::ids::Ids;
use crate::rate_limit::ProjectRate;

/// On whose behalf a request is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Caller {
    /// The project that owns what is made.
    pub project: ProjectId,
    /// Who sent it, for events and histories.
    pub client: ClientId,
}

/// How hard a reboot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RebootKind {
    /// Ask the guest to restart.
    Soft,
    /// Cut the power and restore it.
    Hard,
}

/// A server that is asked for, or several alike.
#[derive(Debug, Clone)]
pub struct NewServer<'a> {
    /// Its name, 1 to [`limits::NAME_MAX`] characters; several get `-1`, `-2`, … behind it.
    pub name: &'a str,
    /// The name of its flavor.
    pub flavor: &'a str,
    /// The name of its image.
    pub image: &'a str,
    /// How many, 1 to [`limits::SERVERS_PER_REQUEST_MAX`].
    pub count: usize,
    /// How many are enough if the quota does not allow all.
    pub min_count: usize,
    /// The client's own name for the request: a repeat has the same answer and no new effect.
    pub key: Option<&'a str>,
}

impl<'a> NewServer<'a> {
    /// One server of that name, flavor and image, without a key.
    pub const fn one(name: &'a str, flavor: &'a str, image: &'a str) -> Self {
        Self { name, flavor, image, count: 1, min_count: 1, key: None }
    }
}

fn invalid(field: &'static str, problem: impl Into<String>) -> Refusal {
    Refusal::Invalid { field, problem: problem.into() }
}

/// Makes a request of what is asked, with ids of its own.
///
/// # Errors
/// [`Refusal::Invalid`] with the field: an unknown flavor or image, a bad name or count.
pub fn create_request(
    catalogue: &Catalogue,
    ids: &Ids,
    caller: Caller,
    new: &NewServer<'_>,
) -> Result<Request, Refusal> {
    let (flavor, size) = catalogue
        .flavor_named(new.flavor)
        .ok_or_else(|| invalid("flavor", format!("there is no flavor '{}'", new.flavor)))?;
    let image = catalogue
        .image_named(new.image)
        .ok_or_else(|| invalid("image", format!("there is no image '{}'", new.image)))?;
    if !(1..=limits::SERVERS_PER_REQUEST_MAX).contains(&new.count) {
        let most = limits::SERVERS_PER_REQUEST_MAX;
        return Err(invalid("count", format!("{} servers, expected 1 to {most}", new.count)));
    }
    // Before a number is put behind it.
    check_name(new.name)?;
    let (id, servers) = ids.next(caller.client, new.count);
    let names = (1..=new.count).map(|which| match new.count {
        1 => Arc::from(new.name),
        _ => Arc::from(format!("{}-{which}", new.name)),
    });
    let create = Create {
        details: Vec::new(),
        hosts: None,
        most_in_group: None,
        body_digest: None,
        ports: Vec::new(),
        servers: servers.into_iter().zip(names).collect(),
        min_count: new.min_count,
        size,
        flavor,
        image,
    };
    Ok(Request {
        privileged: false,
        id,
        client: caller.client,
        project: caller.project,
        key: new.key.map(|key| IdempotencyKey(Arc::from(key))),
        body: RequestBody::Create(create),
    })
}

/// Checks a request's shape.
///
/// # Errors
/// [`Refusal::Invalid`] with the field.
pub fn check_shape(request: &Request, projects: usize) -> Result<(), Refusal> {
    if request.project.index() >= projects {
        return Err(invalid("project", "there is no such project"));
    }
    if let Some(IdempotencyKey(key)) = &request.key
        && !(1..=limits::KEY_MAX).contains(&key.chars().count())
    {
        return Err(invalid("idempotency key", "expected 1 to 255 characters"));
    }
    let RequestBody::Create(create) = &request.body else {
        return Ok(());
    };
    let count = create.servers.len();
    if !(1..=limits::SERVERS_PER_REQUEST_MAX).contains(&count) {
        return Err(invalid("count", format!("{count} servers, expected 1 to 100")));
    }
    if !(1..=count).contains(&create.min_count) {
        return Err(invalid("min_count", format!("expected 1 to {count}, the number wanted")));
    }
    for (_, name) in &create.servers {
        check_name(name)?;
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), Refusal> {
    // Bytes first: most names are short, and counting characters costs a pass.
    if name.len() > limits::NAME_MAX && name.chars().count() > limits::NAME_MAX {
        return Err(invalid("name", "it is longer than 255 characters"));
    }
    if name.trim().is_empty() {
        return Err(invalid("name", "it is empty or blank"));
    }
    Ok(())
}

/// Where requests come in: counts those that are being answered, so that once it is closed one can
/// wait until none is.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    /// Requests between admission and their answer. `SeqCst` with `closed`: either the request
    /// sees the intake closed, or the one who closed it sees the request.
    inside: AtomicUsize,
    closed: AtomicBool,
    /// Notified when the last request was answered after the intake was closed, and when an
    /// operation ended then.
    pub(crate) quiet: Notify,
}

impl Intake {
    /// Enters; what is returned leaves when dropped.
    pub(crate) fn enter(&self) -> Result<Entered<'_>, Refusal> {
        self.inside.fetch_add(1, Ordering::SeqCst);
        let entered = Entered(self);
        if self.closed.load(Ordering::SeqCst) {
            return Err(Refusal::Draining { retry_after: limits::DRAIN_DEADLINE });
        }
        Ok(entered)
    }

    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.inside.load(Ordering::SeqCst) == 0
    }

    /// Waits, once the intake is closed, until every request was answered.
    pub(crate) async fn emptied(&self) {
        loop {
            let notified = self.quiet.notified();
            if self.is_empty() {
                return;
            }
            notified.await;
        }
    }
}

/// A request that was let in; dropped once it is answered.
pub(crate) struct Entered<'a>(&'a Intake);

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        let left = self.0.inside.fetch_sub(1, Ordering::SeqCst) - 1;
        if left == 0 && self.0.is_closed() {
            self.0.quiet.notify_waiters();
        }
    }
}

/// All that is checked before the store is asked.
#[derive(Debug)]
pub(crate) struct Admission {
    pub(crate) intake: Intake,
    pub(crate) catalogue: Catalogue,
    pub(crate) ids: Ids,
    rate: Option<ProjectRate>,
    /// How many there are. Release: the fleet has a project before it is counted here.
    projects: AtomicUsize,
}

impl Admission {
    pub(crate) fn new(config: &EngineConfig, clock: WorldClock) -> Self {
        Self {
            intake: Intake::default(),
            catalogue: config.catalogue.clone(),
            ids: Ids::new(Chance::new(config.seed)),
            rate: config.project_rate.map(|rate| ProjectRate::new(rate, clock)),
            projects: AtomicUsize::new(config.projects.len()),
        }
    }

    /// Takes requests of this project from now on: the fleet has it.
    pub(crate) fn add_project(&self, project: ProjectId) {
        self.projects.fetch_max(project.index() + 1, Ordering::Release);
    }

    /// Lets a request in.
    pub(crate) fn admit(&self, request: &Request) -> Result<Entered<'_>, Refusal> {
        let entered = self.intake.enter()?;
        check_shape(request, self.projects.load(Ordering::Acquire))?;
        if let Some(rate) = &self.rate {
            rate.check(request.project).map_err(|wait| Refusal::RateLimited {
                what: "requests a second of this project",
                retry_after: wait.max(Duration::from_millis(1)),
            })?;
        }
        Ok(entered)
    }
}
