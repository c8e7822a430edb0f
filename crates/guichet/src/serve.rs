//! `guichet serve`: from flags to a cloud that listens, and its end.

mod audit;
mod failures;
mod greeting;
mod lines;
mod log;
mod manager;
mod metrics;
#[cfg_attr(not(feature = "postgres"), path = "serve/no_nodes.rs")]
mod nodes;
mod record;
mod reload;
pub(crate) mod signals;
mod socket;
mod start;
mod steered;
mod tls;
mod witnesses;

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use greeting::Place;
use guichet_cloud::config::{Declared, Drawn};
use guichet_cloud::data::Term;
use guichet_cloud::worlds::Worlds;
use guichet_cloud::{Cloud, Opened};
use guichet_console::Console;
use guichet_control::access::Access;
use guichet_control::reloads::Reloads;
use guichet_control::{Beside, app_with};
use guichet_core::limits;
use guichet_engine::Drained;
use guichet_http::serve::{Settings, serve_with};
use guichet_http::tls::CertificateSlot;
use guichet_locale::Locale;
use guichet_observe::Watch;
use guichet_openstack::clouds_yaml;
use log::{Log, SetLevel};
use metrics::MetricsListener;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use reload::{Present, Reloader};
use start::Leadership;
use start::base;
pub(crate) use start::declared;
use tls::Secured;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use witnesses::Witnesses;

use crate::Ended;
use crate::cli::{CloudsYamlArgs, ColorArg, ServeArgs, is_database};
use crate::simulate::profile_named;
use crate::{data, files, output};

/// Runs the command until it is told to stop.
pub(crate) fn run(args: &ServeArgs, color: ColorArg) -> anyhow::Result<Ended> {
    small_pages();
    data::survive_file_limits();
    let declared = declared(args)?;
    guard_dev(args, args.listen)?;
    tls::guard(args, args.listen)?;
    metrics::guard(&args.metrics)?;
    let (log, set_level) = log::to_stderr(args.log_format, &args.log, color)?;
    raise_open_files();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("could not start")?;
    let ended = runtime.block_on(serve(args, declared, (log.clone(), set_level)));
    drop(runtime);
    log.flush(limits::LOG_FLUSH);
    ended
}

/// Passwords that everybody knows are for one machine.
fn guard_dev(args: &ServeArgs, address: SocketAddr) -> anyhow::Result<()> {
    if args.cloud.dev && !address.ip().is_loopback() && !args.dev_insecure {
        bail!(
            "--listen: {} can be reached from other machines, and --dev has passwords that \
             everybody knows; listen on 127.0.0.1, or say --dev-insecure",
            address
        );
    }
    Ok(())
}

/// `guichet clouds-yaml`: what a client needs to find the cloud.
pub(crate) fn print_clouds_yaml(args: &CloudsYamlArgs) -> anyhow::Result<Ended> {
    let declared = base(&args.cloud)?;
    let cacert = args.trust.cacert.as_deref().map(std::path::absolute).transpose();
    let cacert = cacert.context("--cacert")?;
    let cacert = shown(cacert.as_deref())?;
    output::print(&clouds_yaml(&declared, &[], &args.url, cacert))?;
    Ok(Ended::Good)
}

/// A path as text, for a file that others read.
fn shown(path: Option<&Path>) -> anyhow::Result<Option<&str>> {
    let Some(path) = path else { return Ok(None) };
    let text = path.to_str().with_context(|| {
        format!("{}: a path in clouds.yaml must be text in UTF-8", path.display())
    })?;
    Ok(Some(text))
}

async fn serve(
    args: &ServeArgs,
    declared: Declared,
    (log, set_level): (Log, SetLevel),
) -> anyhow::Result<Ended> {
    let secured = tls::given(&args.tls)?;
    let (listener, address) = listener(args).await?;
    let metrics = metrics::open(&args.metrics).await?;
    let hang_up = Arc::new(Notify::new());
    let stop = signals::stop_token(log, Arc::clone(&hang_up))?;
    if args.until_input_ends {
        signals::stop_at_end_of_input(stop.clone())?;
    }
    let service = Service { args, address, set_level, hang_up, stop };
    match args.data.as_deref().filter(|data| is_database(data)) {
        Some(data) => nodes::serve(service, data, declared, (listener, metrics), secured).await,
        None => {
            let doors = Doors { listener, metrics, before: None };
            service.lead(declared, Leadership::default(), doors, secured).await?;
            Ok(Ended::Good)
        }
    }
}

/// What there is of a service before it leads, and stays.
struct Service<'a> {
    args: &'a ServeArgs,
    address: SocketAddr,
    set_level: SetLevel,
    /// Woken when the configuration is to be read again.
    hang_up: Arc<Notify>,
    /// Cancelled when the service is to stop.
    stop: CancellationToken,
}

/// Where requests come in.
struct Doors {
    listener: TcpListener,
    metrics: Option<MetricsListener>,
    /// What answers there until the cloud is open.
    before: Option<nodes::Answering>,
}

impl Service<'_> {
    /// What it listens on, as an address.
    fn listens(&self) -> String {
        let scheme = if self.args.tls.is_on() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// What links begin with.
    fn url(&self) -> String {
        let url = self.args.public_url.as_deref().map(|url| url.trim_end_matches('/'));
        url.map_or_else(|| self.listens(), str::to_owned)
    }

    /// Opens the cloud and serves it, until the service is to stop or the term is over.
    async fn lead(
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
        greeting.extend(metrics.iter().map(metrics::MetricsListener::greeting));
        greeting.extend(secured.iter().map(|secured| &*secured.greeting));
        output::print(&(greeting + &steered.greeting))?;
        if let Some(before) = before {
            before.end().await;
        }
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
        let all = nodes::guarded(app_with(Arc::clone(&watch), access, beside), term.as_ref());
        let serving = tasks.spawn(serve_with(listener, all, drained.clone(), settings));
        if let Some(metrics) = metrics {
            tasks.spawn(metrics.serve(Arc::clone(&watch), drained.clone()));
        }
        let address = service.address;
        if let Some(socket) = socket {
            tasks.spawn(socket.serve((Arc::clone(&watch), of_socket), address, drained.clone()));
        }
        let (stopped, hang_up) = (stop.clone(), Arc::clone(&service.hang_up));
        tasks.spawn(async move { reloader.run((&hang_up, asked), &stopped).await });
        begin_tasks(&tasks, (watch, cloud), &stop, &drained);
        manager::ready(address);
        stop.cancelled().await;
        let is_over = term.is_some_and(|term| term.over().is_cancelled());
        if !is_over {
            manager::stopping();
        }
        worlds.begin_closing();
        // Whoever comes meanwhile is told to come back, and may still look. What another node goes on
        // with is not waited for.
        let patience = if is_over { Duration::ZERO } else { service.args.drain.0 };
        let left = worlds.first().cloud().manager().drain(patience).await;
        drained.cancel();
        serving.await.context("the service ended badly")?;
        worlds.close().await;
        witnesses.stop();
        tasks.close();
        tasks.wait().await;
        witnesses.close(left.is_complete() && !is_over);
        Ok((!is_over).then_some(left))
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

/// Where the service listens: on the socket that it was handed, or on one of its own. A port that is
/// taken is said before anything else is made.
async fn listener(args: &ServeArgs) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = match manager::handed_over()? {
        Some(listener) => listener,
        None => TcpListener::bind(args.listen).await.map_err(|error| taken(args.listen, &error))?,
    };
    let address = listener.local_addr().context("--listen")?;
    // Another may have chosen it.
    guard_dev(args, address)?;
    tls::guard(args, address)?;
    Ok((listener, address))
}

/// Writes what clients need, if that is wanted; whether it did.
fn write_yaml(args: &ServeArgs, drawn: &Drawn, yaml: &str) -> anyhow::Result<bool> {
    let path = args.write_clouds_yaml.as_deref().filter(|path| is_to_write(path, &drawn.before));
    let Some(path) = path else { return Ok(false) };
    files::replace(path, yaml.as_bytes(), files::PRIVATE)
        .with_context(|| format!("--write-clouds-yaml: {}: cannot be written", path.display()))?;
    Ok(true)
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

/// Why nobody can listen there, and what to do.
fn taken(address: SocketAddr, error: &io::Error) -> anyhow::Error {
    let port = address.port();
    let hint = match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "; another program listens there, perhaps a guichet serve: end it, or name another port \
             (--listen {} takes a free one)",
            SocketAddr::new(address.ip(), 0)
        ),
        io::ErrorKind::PermissionDenied if port < 1024 => {
            "; ports below 1024 are for root: name another, such as 8774".to_owned()
        }
        io::ErrorKind::AddrNotAvailable => "; it is no address of this machine".to_owned(),
        _ => String::new(),
    };
    anyhow::anyhow!("--listen: {address}: {error}{hint}")
}

/// A file there is may be the only place that has passwords of an earlier start: it is left as
/// it is.
fn is_to_write(path: &Path, drawn_before: &[Arc<str>]) -> bool {
    drawn_before.is_empty() || !path.exists()
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

/// Each connection is an open file; the system's usual 1,024 would be the limit, and not ours.
fn raise_open_files() {
    let wanted = limits::CONNECTIONS_MAX as u64 + limits::FILES_RESERVED;
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
        && soft < wanted
    {
        // Less than wanted is no reason not to serve: there are fewer connections then.
        let _ = setrlimit(Resource::RLIMIT_NOFILE, wanted.min(hard), hard);
    }
}

/// As many connections as open files are left for.
fn connections_max() -> usize {
    let files = getrlimit(Resource::RLIMIT_NOFILE).map_or(u64::MAX, |(soft, _)| soft);
    let left = usize::try_from(files.saturating_sub(limits::FILES_RESERVED)).unwrap_or(usize::MAX);
    left.clamp(CONNECTIONS_MIN, limits::CONNECTIONS_MAX)
}

/// Fewer connections than that are no service; a system that has no files for them says so itself.
const CONNECTIONS_MIN: usize = 64;

/// The allocator asks for pages of 2 MiB, and whoever touches one byte of each has them all: an
/// empty service would hold 25 MiB of memory for 3 MiB that it uses. Before all else: what has
/// such a page by then keeps it.
fn small_pages() {
    // Where the system knows of no such pages there is nothing to save.
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_thp_disable(true);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_name_what_one_can_listen_on() {
        let taken = taken(SocketAddr::from(([0; 16], 8774)), &io::ErrorKind::AddrInUse.into());
        assert!(taken.to_string().contains("(--listen [::]:0 takes"), "{taken}");
        let low = super::taken(
            SocketAddr::from(([127, 0, 0, 1], 1023)),
            &io::ErrorKind::PermissionDenied.into(),
        );
        assert!(low.to_string().ends_with("such as 8774"), "{low}");
    }
}
