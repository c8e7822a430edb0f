//! `guichet serve`: from flags to a cloud that listens, and its end.

mod answering;
mod audit;
#[cfg(feature = "postgres")]
mod cells;
mod doors;
mod failures;
mod greeting;
#[cfg(feature = "postgres")]
mod leaving;
mod lines;
mod log;
mod manager;
mod metrics;
#[cfg_attr(not(feature = "postgres"), path = "serve/no_nodes.rs")]
mod nodes;
mod of_cell;
#[cfg(feature = "postgres")]
mod of_node;
mod otlp;
mod record;
mod reload;
#[cfg(feature = "postgres")]
mod routing;
mod service;
pub(crate) mod signals;
mod socket;
mod start;
mod steered;
mod tasks;
mod tls;
mod witnesses;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, bail};
use doors::Doors;
use guichet_cloud::config::Declared;
use guichet_core::limits;
use guichet_openstack::clouds_yaml;
use log::{Log, SetLevel};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use of_cell::OfCell;
use service::{Service, shown};
pub(crate) use start::declared;
use start::{Leadership, base};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::Ended;
use crate::cli::{CloudsYamlArgs, ColorArg, ServeArgs, is_database};
use crate::{data, output};

/// Runs the command until it is told to stop.
pub(crate) fn run(args: &ServeArgs, color: ColorArg) -> anyhow::Result<Ended> {
    small_pages();
    data::survive_file_limits();
    let declared = declared(args)?;
    guard_dev(args, args.listen)?;
    tls::guard(args, args.listen)?;
    metrics::guard(&args.metrics)?;
    steered::guard(args)?;
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
    let database = args.data.as_deref().filter(|data| is_database(data));
    if database.is_none() && !declared.cells.is_empty() {
        bail!(
            "--config: [[cells]] share a database, and this service has none: leave them out, or serve \
             with --data postgres://USER@HOST/DATABASE"
        );
    }
    let (of, on_reload) = (OfCell::default(), None);
    let service = Service { args, address, set_level, hang_up, stop, of, on_reload };
    match database {
        Some(data) => nodes::serve(service, data, declared, (listener, metrics), secured).await,
        None => {
            let doors = Doors::Own { listener, metrics };
            service.lead(declared, Leadership::default(), doors, secured).await?;
            Ok(Ended::Good)
        }
    }
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
