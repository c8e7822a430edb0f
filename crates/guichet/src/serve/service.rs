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
use guichet_control::nodes::while_leading;
use guichet_control::reloads::Reloads;
use guichet_control::{Beside, app_with};
use guichet_engine::Drained;
use guichet_http::serve::{Settings, serve_with};
use guichet_http::tls::CertificateSlot;
use guichet_locale::Locale;
use guichet_observe::Watch;
use guichet_openstack::clouds_yaml;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::answering::Answering;
use super::doors::connections_max;
use super::greeting::{self, Place};
use super::log::SetLevel;
use super::metrics::MetricsListener;
use super::reload::{Present, Reloader};
use super::start::{self, Leadership};
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
}

/// Where requests come in.
pub(super) struct Doors {
    pub(super) listener: TcpListener,
    pub(super) metrics: Option<MetricsListener>,
    /// What answers there until the cloud is open.
    pub(super) before: Option<Answering>,
}

impl Service<'_> {
    /// What it listens on, as an address.
    fn listens(&self) -> String {
        let scheme = if self.args.tls.is_on() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// What links begin with.
    pub(super) fn url(&self) -> String {
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
        // Passwords are in it, which the cloud forgets.
        let for_yaml = declared.clone();
        let profile = profile_named(&declared.profile, Locale::English)?;
        let present = Present::of(args, &declared, &profile);
        let term = leadership.term();
        let opening = start::start(args, declared, profile.clone(), leadership);
        let Opened { cloud, drawn, held } = opening.await?;
        // Now the data directory is this process's own, and what is left in it too.
        let socket = socket::open(args).await?;
        let secured = match secured {
            None if args.tls.tls_self_signed => Some(tls::drawn(args, self.address)?),
            secured => secured,
        };
        let cacert = shown(secured.as_ref().and_then(|secured| secured.cacert.as_deref()))?;
        let yaml = clouds_yaml(&for_yaml, &drawn.now, &url, cacert);
        let yaml_is_new = write_yaml(args, &drawn, &yaml)?;
        let steered = steered::steered(args, self.address, &cloud, (for_yaml, profile), &drawn)?;
        let worlds = steered.worlds;
        let witnesses = Witnesses::begin(args)?;
        let has_console = args.console.unwrap_or(args.cloud.dev || self.address.ip().is_loopback());
        let place = Place { listens: &listens, url: &url, cacert };
        let mut greeting =
            greeting::greeting(args, place, &drawn, yaml_is_new, (held, has_console));
        let Doors { listener, metrics, before } = doors;
        greeting.extend(metrics.iter().map(MetricsListener::greeting));
        greeting.extend(secured.iter().map(|secured| &*secured.greeting));
        if let Some(before) = before {
            // Whoever reads that it listens is answered by the cloud.
            before.end().await;
        }
        output::print(&(greeting + &steered.greeting))?;
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
        };
        let left = serving.run(self, (listener, metrics, socket)).await?;
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
}

impl Serving {
    /// Serves until the service is to stop or the term is over; what is left undone then. None: the
    /// term is over, and another node goes on with it.
    async fn run(
        self,
        service: &Service<'_>,
        (listener, metrics, socket): (
            TcpListener,
            Option<MetricsListener>,
            Option<socket::ControlSocket>,
        ),
    ) -> anyhow::Result<Option<Drained>> {
        let Self { cloud, worlds, access, witnesses, has_console, tls, reloads, term } = self;
        let (tasks, drained) = (TaskTracker::new(), CancellationToken::new());
        let stop = ending(&service.stop, term.as_ref(), &tasks);
        let (asking, asked) = Reloads::new();
        let reloader = Reloader::new(Arc::clone(&worlds), (reloads.0, tls.clone()), reloads.1);
        let watch = Arc::new(Watch::new(Arc::clone(&worlds)));
        let counted = Arc::clone(watch.connections());
        let settings =
            Settings { connections: connections_max(), tls, counted, ..Settings::default() };
        let console = has_console.then(|| Arc::new(Console::new(Arc::clone(&worlds))));
        witnesses.follow(&worlds, &tasks)?;
        let beside = Beside { watched: witnesses.watched(), console, reloads: Some(asking) };
        let of_socket = Beside { console: None, ..beside.clone() };
        let all = while_leading(app_with(Arc::clone(&watch), access, beside), term.clone());
        let serving = tasks.spawn(serve_with(listener, all, drained.clone(), settings));
        if let Some(metrics) = metrics {
            tasks.spawn(metrics.serve(Arc::clone(&watch), term.clone(), drained.clone()));
        }
        let address = service.address;
        if let Some(socket) = socket {
            let over_socket = (Arc::clone(&watch), of_socket);
            tasks.spawn(socket.serve(over_socket, address, term.clone(), drained.clone()));
        }
        let (stopped, hang_up) = (stop.clone(), Arc::clone(&service.hang_up));
        let auditor = witnesses.watched().auditor;
        tasks.spawn(async move { reloader.run((&hang_up, asked), auditor, &stopped).await });
        begin_tasks(&tasks, (watch, cloud), &stop, &drained);
        manager::ready(address);
        stop.cancelled().await;
        let over = term.map_or_else(CancellationToken::new, |term| term.over().clone());
        if !over.is_cancelled() {
            manager::stopping();
        }
        worlds.begin_closing();
        // Whoever comes meanwhile is told to come back, and may still look.
        let first = worlds.first().cloud();
        let drained_well = over.run_until_cancelled(first.manager().drain(service.args.drain.0));
        let left = drained_well.await;
        if left.is_none() {
            // Another node goes on with what is left: it is not waited for, however that ends here.
            let _ = first.manager().drain(Duration::ZERO).await;
        }
        drained.cancel();
        serving.await.context("the service ended badly")?;
        worlds.close().await;
        witnesses.stop();
        tasks.close();
        tasks.wait().await;
        witnesses.close(left.is_some_and(Drained::is_complete));
        Ok(left)
    }
}

/// Cancelled when the service is to stop, or when the term is over.
fn ending(stop: &CancellationToken, term: Option<&Term>, tasks: &TaskTracker) -> CancellationToken {
    let ending = stop.child_token();
    if let Some(term) = term {
        let (over, ending) = (term.over().clone(), ending.clone());
        tasks.spawn(async move {
            if ending.run_until_cancelled(over.cancelled()).await.is_some() {
                ending.cancel();
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
    tasks.spawn(async move { cloud.accounts().hash_passwords(&stopped).await });
    let (watched, ended) = (Arc::clone(worlds), drained.clone());
    tasks.spawn(async move { failures::log_no_valid_host(watched.first(), &ended).await });
    let (idle, stopped) = (Arc::clone(worlds), stop.clone());
    tasks.spawn(async move { idle.end_idle(&stopped).await });
    let alive = drained.clone();
    tasks.spawn(async move { manager::stay_alive(&alive).await });
    // Until the last answer, so that who looks sees the end too.
    let ended = drained.clone();
    tasks.spawn(async move { watch.run(&ended).await });
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
