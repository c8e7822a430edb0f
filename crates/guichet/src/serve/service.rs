//! A service from the moment when it leads: the cloud is opened and served, until the service is to stop
//! or another node leads.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use guichet_cloud::config::{Declared, Drawn};
use guichet_cloud::data::Term;
use guichet_cloud::worlds::Worlds;
use guichet_cloud::{Cloud, Opened};
use guichet_console::Console;
use guichet_control::access::Access;
use guichet_control::cells::Cells;
use guichet_control::reloads::Reloads;
use guichet_control::{Beside, app_with};
use guichet_engine::Drained;
use guichet_http::tls::CertificateSlot;
use guichet_locale::Locale;
use guichet_observe::Watch;
use guichet_openstack::clouds_yaml;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::answering::{Answering, Ends};
use super::doors::Doors;
use super::greeting::{self, Place};
use super::log::SetLevel;
use super::of_cell::OfCell;
use super::reload::{OnReload, Present, Reloader};
use super::start::{self, Leadership};
use super::tasks::spawn_boxed;
use super::tls::{self, Secured};
use super::witnesses::Witnesses;
use super::{failures, manager, socket, steered};
use crate::cli::ServeArgs;
use crate::simulate::profile_named;
use crate::{files, output};

/// What there is of a service before it leads, and stays.
pub(super) struct Service<'a> {
    pub(super) args: &'a ServeArgs,
    pub(super) address: SocketAddr,
    pub(super) set_level: SetLevel,
    /// Woken when the configuration is to be read again.
    pub(super) hang_up: Arc<Notify>,
    /// Cancelled when the service is to stop.
    pub(super) stop: CancellationToken,
    /// Which cell it is about.
    pub(super) of: OfCell,
    /// Called with what is declared when that was read again.
    pub(super) on_reload: OnReload,
}

impl Service<'_> {
    /// What it listens on, as an address.
    pub(super) fn listens(&self) -> String {
        let scheme = if self.args.tls.is_on() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// What links begin with.
    fn url(&self) -> String {
        let url = self.args.public_url.as_deref().map(|url| url.trim_end_matches('/'));
        url.map_or_else(|| self.listens(), str::to_owned)
    }

    /// Opens the cloud and serves it, until the service is to stop or the term is over.
    pub(super) async fn lead(
        &self,
        declared: Declared,
        leadership: Leadership,
        doors: Doors,
        secured: Option<Secured>,
    ) -> anyhow::Result<()> {
        let args = self.args;
        let (listens, url) = (self.listens(), self.url());
        let profile = profile_named(&declared.profile, Locale::English)?;
        let present = Present::of(args, (&declared, self.of.number()), &profile);
        // Of all cells: a client's file is for the whole cloud.
        let for_yaml = declared;
        let declared = for_yaml.part(self.of.number());
        // Passwords are in it, which the cloud forgets.
        let of_part = declared.clone();
        let (term, cells) = (leadership.term(), leadership.cells());
        let opening = start::start(args, declared, profile.clone(), leadership);
        let Opened { cloud, drawn, held } = opening.await?;
        // Now the data directory is this process's own, and what is left in it too.
        let socket = if self.of.is_first() { socket::open(args).await? } else { None };
        let secured = match secured {
            None if args.tls.tls_self_signed => Some(tls::drawn(args, self.address)?),
            secured => secured,
        };
        let cacert = shown(secured.as_ref().and_then(|secured| secured.cacert.as_deref()))?;
        let yaml = clouds_yaml(&for_yaml, &drawn.now, &url, cacert);
        let yaml_is_new = write_yaml(args, &drawn, &yaml)?;
        let has_worlds = self.of.is_first();
        let parts = (of_part, profile);
        let steered = steered::steered((args, self.address), has_worlds, &cloud, parts, &drawn)?;
        let worlds = steered.worlds;
        let witnesses = Witnesses::begin(args, &self.of)?;
        let has_console = args.console.unwrap_or(args.cloud.dev || self.address.ip().is_loopback());
        let place = Place { listens: &listens, url: &url, cacert };
        let mut greeting = if self.of.is_to_greet() {
            let mut greeting =
                greeting::greeting(args, place, &drawn, yaml_is_new, (held, has_console));
            greeting.push_str(&doors.greeting());
            greeting.extend(secured.iter().map(|secured| &*secured.greeting));
            greeting
        } else {
            String::new()
        };
        greeting.push_str(&steered.greeting);
        greeting.extend(self.of.name().map(|name| greeting::of_cell(name, held)));
        let tls = secured.as_ref().map(|secured| Arc::clone(&secured.slot));
        let serving = Serving {
            cloud,
            worlds,
            access: steered.access,
            witnesses,
            has_console,
            tls,
            reloads: (self.set_level.clone(), present),
            term,
            cells,
        };
        let left = serving.run(self, (doors, socket), &greeting).await?;
        log_what_is_left(left, args.data.as_deref());
        Ok(())
    }
}

/// A cloud that is served.
struct Serving {
    cloud: Arc<Cloud>,
    worlds: Arc<Worlds>,
    access: Access,
    witnesses: Witnesses,
    has_console: bool,
    tls: Option<Arc<CertificateSlot>>,
    reloads: (SetLevel, Option<Present>),
    /// For how long this node leads, if it is one of several.
    term: Option<Term>,
    cells: Option<Arc<dyn Cells>>,
}

impl Serving {
    /// Serves until the service is to stop or this node's term ends; what is left undone then. None: another
    /// node goes on with it.
    async fn run(
        self,
        service: &Service<'_>,
        (doors, socket): (Doors, Option<socket::ControlSocket>),
        greeting: &str,
    ) -> anyhow::Result<Option<Drained>> {
        let Self { cloud, worlds, access, witnesses, has_console, tls, reloads, term, cells } =
            self;
        let (tasks, drained) = (TaskTracker::new(), CancellationToken::new());
        let stop = ending(&service.stop, term.as_ref(), &tasks);
        let (asking, asked) = Reloads::new();
        let reloader = Reloader::new(Arc::clone(&worlds), (reloads.0, tls.clone()), reloads.1);
        let reloader = reloader.of_cell(service.of.number(), service.on_reload.clone());
        let watch = Arc::new(Watch::counting(Arc::clone(&worlds), doors.connections()));
        let console = has_console.then(|| Arc::new(Console::new(Arc::clone(&worlds))));
        witnesses.follow(&worlds, &tasks)?;
        let beside = Beside { watched: witnesses.watched(), console, reloads: Some(asking), cells };
        let of_socket = Beside { console: None, ..beside.clone() };
        let app = app_with(Arc::clone(&watch), access, beside);
        let answering = Answering { app, watch: Arc::clone(&watch), term: term.clone(), tls };
        let ends = Ends { drained: drained.clone(), stop: service.stop.clone() };
        let mut serving = doors.open(answering, ends, &tasks);
        // Whoever reads that it listens is answered by the cloud.
        output::print(greeting)?;
        let address = service.address;
        if let Some(socket) = socket {
            let over_socket = (Arc::clone(&watch), of_socket);
            spawn_boxed(&tasks, socket.serve(over_socket, address, term.clone(), drained.clone()));
        }
        let (stopped, hang_up) = (stop.clone(), Arc::clone(&service.hang_up));
        let auditor = witnesses.watched().auditor;
        spawn_boxed(
            &tasks,
            async move { reloader.run((&hang_up, asked), auditor, &stopped).await },
        );
        begin_tasks(&tasks, (watch, cloud), &stop, &drained);
        service.of.leads(address);
        stop.cancelled().await;
        let over = term.map_or_else(CancellationToken::new, |term| term.over().clone());
        let hands_over = !service.stop.is_cancelled() && !over.is_cancelled();
        if hands_over {
            // What is asked from here on waits for the node that leads next.
            drained.cancel();
            (&mut serving).await.context("the service ended badly")?;
        } else if !over.is_cancelled() {
            manager::stopping();
        }
        worlds.begin_closing();
        // Whoever comes meanwhile is told to come back, and may still look.
        let first = worlds.first().cloud();
        let patience = if hands_over { Duration::ZERO } else { service.args.drain.0 };
        let drained_well = over.run_until_cancelled(first.manager().drain(patience));
        let left = drained_well.await.filter(|_| !hands_over);
        if over.is_cancelled() {
            // Another node goes on with what is left: it is not waited for, however that ends here.
            let _ = first.manager().drain(Duration::ZERO).await;
        }
        drained.cancel();
        if !hands_over {
            serving.await.context("the service ended badly")?;
        }
        worlds.close().await;
        witnesses.stop();
        tasks.close();
        tasks.wait().await;
        witnesses.close(left.is_some_and(Drained::is_complete));
        Ok(left)
    }
}

/// Cancelled when the service is to stop, when the term is over, or when this node is to hand over.
fn ending(stop: &CancellationToken, term: Option<&Term>, tasks: &TaskTracker) -> CancellationToken {
    let ending = stop.child_token();
    if let Some(term) = term {
        let (term, ending) = (term.clone(), ending.clone());
        spawn_boxed(tasks, async move {
            tokio::select! {
                () = ending.cancelled() => {}
                () = term.over().cancelled() => ending.cancel(),
                () = term.leaving().cancelled() => ending.cancel(),
            }
        });
    }
    ending
}

/// A path as text, for a file that others read.
pub(super) fn shown(path: Option<&Path>) -> anyhow::Result<Option<&str>> {
    let Some(path) = path else { return Ok(None) };
    let text = path.to_str().with_context(|| {
        format!("{}: a path in clouds.yaml must be text in UTF-8", path.display())
    })?;
    Ok(Some(text))
}

/// Writes what clients need, if that is wanted; whether it did.
fn write_yaml(args: &ServeArgs, drawn: &Drawn, yaml: &str) -> anyhow::Result<bool> {
    let path = args.write_clouds_yaml.as_deref().filter(|path| is_to_write(path, &drawn.before));
    let Some(path) = path else { return Ok(false) };
    files::replace(path, yaml.as_bytes(), files::PRIVATE)
        .with_context(|| format!("--write-clouds-yaml: {}: cannot be written", path.display()))?;
    Ok(true)
}

/// A file there is may be the only place that has passwords of an earlier start: it is left as
/// it is.
fn is_to_write(path: &Path, drawn_before: &[Arc<str>]) -> bool {
    drawn_before.is_empty() || !path.exists()
}

/// What goes on beside requests, until the service stops or its last answer is out.
fn begin_tasks(
    tasks: &TaskTracker,
    (watch, cloud): (Arc<Watch>, Arc<Cloud>),
    stop: &CancellationToken,
    drained: &CancellationToken,
) {
    let worlds = watch.worlds();
    let stopped = stop.clone();
    // After the socket listens: a hash takes longer than a start should.
    spawn_boxed(tasks, async move { cloud.accounts().hash_passwords(&stopped).await });
    let (watched, ended) = (Arc::clone(worlds), drained.clone());
    spawn_boxed(tasks, async move { failures::log_no_valid_host(watched.first(), &ended).await });
    let (idle, stopped) = (Arc::clone(worlds), stop.clone());
    spawn_boxed(tasks, async move { idle.end_idle(&stopped).await });
    let alive = drained.clone();
    spawn_boxed(tasks, async move { manager::stay_alive(&alive).await });
    // Until the last answer, so that who looks sees the end too.
    let ended = drained.clone();
    spawn_boxed(tasks, async move { watch.run(&ended).await });
}

/// What a stop left undone, if anything.
fn log_what_is_left(drained: Option<Drained>, data: Option<&Path>) {
    let Some(drained) = drained else { return };
    let (queued, running) = (drained.left_queued, drained.left_running);
    match data {
        _ if drained.is_complete() => {}
        Some(dir) => tracing::warn!(
            queued,
            running,
            "not finished in time; the next start with --data {} goes on with it",
            dir.display()
        ),
        None => tracing::warn!(
            queued,
            running,
            "not finished in time; what was left is gone with the memory it was in"
        ),
    }
    if !drained.is_recorded {
        tracing::error!("the last outcomes could not be written: those operations run again");
    }
    tracing::info!("stopped");
}
