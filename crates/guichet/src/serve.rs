//! `guichet serve`: from flags to a cloud that listens, and its end.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use guichet_core::chance::Chance;
use guichet_core::limits;
use guichet_driver::clock::WorldClock;
use guichet_driver::simulated::{Names, Simulated};
use guichet_engine::ids::fresh_seed;
use guichet_engine::{EngineConfig, ServerManager};
use guichet_openstack::config::{Declared, Drawn, Rates, clouds_yaml};
use guichet_openstack::{Cloud, app, http};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::Ended;
use crate::cli::{CloudArgs, CloudsYamlArgs, LogFormatArg, ServeArgs};
use crate::output;
use crate::simulate::profile_named;

/// Runs the command until it is told to stop.
pub(crate) fn run(args: &ServeArgs) -> anyhow::Result<Ended> {
    let (declared, drawn) = declared(&args.cloud, args.limits.as_deref(), args)?;
    guard_dev(args)?;
    log_to_stderr(args.log_format);
    raise_open_files();
    small_pages();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("could not start")?;
    runtime.block_on(serve(args, declared, &drawn))
}

/// Passwords that everybody knows are for one machine.
fn guard_dev(args: &ServeArgs) -> anyhow::Result<()> {
    if args.cloud.dev && !args.listen.ip().is_loopback() && !args.dev_insecure {
        bail!(
            "--listen: {} can be reached from other machines, and --dev has passwords that \
             everybody knows; listen on 127.0.0.1, or say --dev-insecure",
            args.listen
        );
    }
    Ok(())
}

/// The cloud as declared, with what flags say instead.
fn declared(
    cloud: &CloudArgs,
    limits: Option<&str>,
    args: &ServeArgs,
) -> anyhow::Result<(Declared, Drawn)> {
    let mut declared = base(cloud)?;
    if let Some(name) = limits {
        let names = Rates::NAMES.join(", ");
        declared.rates = Rates::named(name)
            .with_context(|| format!("--limits: found {name:?}, expected one of {names}"))?;
    }
    if let Some(quota) = &args.quota {
        for project in &mut declared.projects {
            project.quota = quota.0;
        }
        declared.default_quota = quota.0;
    }
    if let Some(profile) = &args.profile {
        declared.profile.clone_from(profile);
    }
    let drawn = declared.draw_passwords(&[]).context("no random bytes for passwords")?;
    Ok((declared, drawn))
}

fn base(cloud: &CloudArgs) -> anyhow::Result<Declared> {
    match &cloud.config {
        Some(path) => Declared::load(path).context("--config"),
        None if cloud.dev => Ok(Declared::dev()),
        None => Ok(Declared::default_cloud()),
    }
}

/// `guichet clouds-yaml`: what a client needs to find the cloud.
pub(crate) fn print_clouds_yaml(args: &CloudsYamlArgs) -> anyhow::Result<Ended> {
    let declared = base(&args.cloud)?;
    output::print(&clouds_yaml(&declared, &[], &args.url)).context("standard output")?;
    Ok(Ended::Good)
}

async fn serve(args: &ServeArgs, declared: Declared, drawn: &Drawn) -> anyhow::Result<Ended> {
    // Bound first: a port that is taken is said before anything else is made.
    let listener = TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("--listen: {}", args.listen))?;
    let address = listener.local_addr().context("--listen")?;
    let stop = stop_token()?;
    let url = args
        .public_url
        .as_deref()
        .map_or_else(|| format!("http://{address}"), |url| url.trim_end_matches('/').to_owned());
    let yaml = clouds_yaml(&declared, &drawn.now, &url);
    let yaml_to = args.write_clouds_yaml.as_deref().filter(|path| is_to_write(path, drawn));
    if let Some(path) = yaml_to {
        write_secret(path, &yaml).with_context(|| {
            format!("--write-clouds-yaml: {}: cannot be written", path.display())
        })?;
    }
    let cloud = Arc::new(cloud(args, declared)?);
    cloud.keep_secrets().await.context("could not keep what this start drew")?;
    let tasks = TaskTracker::new();
    let told = greeting(args, address, &url, drawn, yaml_to.is_some());
    output::print(&told).context("standard output")?;
    let serving = http::serve::serve(listener, app(&cloud), stop.clone());
    let (hashing, stopped) = (Arc::clone(&cloud), stop.clone());
    // After the socket listens: a hash takes longer than a start should.
    tasks.spawn(async move { hashing.identity.hash_passwords(&stopped).await });
    serving.await;
    tasks.close();
    let drained = cloud.manager.drain(limits::DRAIN_DEADLINE).await;
    tasks.wait().await;
    if !drained.is_complete() {
        tracing::warn!(
            queued = drained.left_queued,
            running = drained.left_running,
            "not finished in time; what was left is gone with the memory it was in"
        );
    }
    tracing::info!("stopped");
    Ok(Ended::Good)
}

fn cloud(args: &ServeArgs, declared: Declared) -> anyhow::Result<Cloud> {
    let seed = args.seed.unwrap_or_else(fresh_seed);
    let clock = WorldClock::real();
    let profile = profile_named(&declared.profile)?;
    let names = Names {
        projects: declared.projects.iter().map(|project| Arc::clone(&project.name)).collect(),
        hosts: declared.hosts.iter().map(|host| Arc::clone(&host.name)).collect(),
    };
    let driver = Arc::new(Simulated::new(profile, names, clock, Chance::new(seed)));
    for rule in driver.unmatched_rules() {
        tracing::warn!("profile: {rule}");
    }
    let config = EngineConfig { seed, ..declared.engine_config() };
    let manager = ServerManager::start(&config, driver, clock)?;
    let public_url = args.public_url.as_deref().map(|url| Arc::from(url.trim_end_matches('/')));
    Cloud::new(manager, declared, public_url, &[]).context("no random bytes")
}

/// What is said once it listens: where, and who may come in.
fn greeting(
    args: &ServeArgs,
    address: SocketAddr,
    url: &str,
    drawn: &Drawn,
    yaml_is_new: bool,
) -> String {
    let mut lines = vec![
        format!("guichet serve: listening on http://{address}"),
        format!("  auth_url  {url}/identity"),
        "  servers are kept in memory: they are gone when this process ends".to_owned(),
    ];
    for (user, password) in &drawn.now {
        lines.push(format!("  user {user}, password {password} (drawn now, shown only here)"));
    }
    for user in &drawn.before {
        lines.push(format!("  user {user}: the password that was shown at an earlier start"));
    }
    if args.cloud.dev {
        lines.push(
            "  --dev: users demo, alt and admin have the password secret: for tests only"
                .to_owned(),
        );
    }
    match &args.write_clouds_yaml {
        Some(path) => {
            let done = if yaml_is_new { "written to" } else { "left as it is:" };
            lines.push(format!("  clouds.yaml {done} {}; next:", path.display()));
            lines.push(format!(
                "  OS_CLIENT_CONFIG_FILE={} openstack --os-cloud guichet server list",
                path.display()
            ));
        }
        None if args.cloud.dev => lines.push(format!(
            "  clients: guichet clouds-yaml --dev --url {url} > clouds.yaml; \
             openstack --os-cloud guichet server list"
        )),
        None => {}
    }
    lines.join("\n") + "\n"
}

/// A file there is may be the only place that has passwords of an earlier start: it is left as it is.
fn is_to_write(path: &Path, drawn: &Drawn) -> bool {
    drawn.before.is_empty() || !path.exists()
}

/// A file that only its owner reads: passwords are in it.
fn write_secret(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

/// Each connection is an open file; the system's usual 1,024 would be the limit, and not ours.
fn raise_open_files() {
    let wanted = limits::CONNECTIONS_MAX as u64 + 1_024;
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
        && soft < wanted
    {
        // Less than wanted is no reason not to serve: connections past it wait.
        let _ = setrlimit(Resource::RLIMIT_NOFILE, wanted.min(hard), hard);
    }
}

/// The allocator asks for pages of 2 MiB, and whoever touches one byte of each has them all: an
/// empty service would hold 25 MiB of memory for 8 MiB that it uses.
fn small_pages() {
    // Where the system knows of no such pages there is nothing to save.
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_thp_disable(true);
}

fn log_to_stderr(format: LogFormatArg) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_env("GUICHET_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none());
    match format {
        LogFormatArg::Text => builder.with_target(false).init(),
        LogFormatArg::Json => builder.json().init(),
    }
}

/// A token that the first Ctrl-C or SIGTERM cancels; the second ends the process at once.
#[expect(clippy::disallowed_methods, reason = "it ends with the process, not before")]
fn stop_token() -> anyhow::Result<CancellationToken> {
    let token = CancellationToken::new();
    let mut interrupts = signal(SignalKind::interrupt()).context("signals")?;
    let mut terminations = signal(SignalKind::terminate()).context("signals")?;
    let told = token.clone();
    tokio::spawn(async move {
        for times in 0..2 {
            tokio::select! {
                biased;
                _ = interrupts.recv() => {}
                _ = terminations.recv() => {}
            }
            if times == 0 {
                tracing::info!("stopping: finishing what was accepted; once more to stop at once");
                told.cancel();
            } else {
                std::process::exit(Ended::Interrupted.code().into());
            }
        }
    });
    Ok(token)
}
