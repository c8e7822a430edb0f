//! A service that is one of several over one database: it follows until it leads, serves while it
//! leads, and follows again when another one leads. Of several cells each does so for itself, in one process.

use std::convert::Infallible;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, bail};
use futures_util::future::join_all;
use guichet_cloud::OpenError;
use guichet_cloud::config::Declared;
use guichet_cloud::data::DataError;
use guichet_cloud::reload::Reload;
use guichet_control::nodes::Leads;
use guichet_core::limits;
use guichet_node::{CellFront, Credential, Front, Identity, Leader, Routes, Trust, draw};
use guichet_store::journal::LogError;
use guichet_store::journal::postgres::{self, Node, Place, Standing};
use guichet_store::journal::sqlite::OpenError as DatabaseError;
use nix::unistd::gethostname;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::doors::Doors;
use super::leaving::{self, AtPresent};
use super::metrics::MetricsListener;
use super::of_cell::OfCell;
use super::of_node::{OfNode, OfNodeCell};
use super::reload::OnReload;
use super::routing::Routing;
use super::service::Service;
use super::start::Leadership;
use super::tls::Secured;
use crate::Ended;
use crate::data::database;

/// Follows and leads in turn, until the service is to stop.
pub(super) async fn serve(
    service: Service<'_>,
    data: &Path,
    declared: Declared,
    (listener, metrics): (TcpListener, Option<MetricsListener>),
    secured: Option<Secured>,
) -> anyhow::Result<Ended> {
    if service.args.record.is_some() {
        bail!("--record: a recording is of one process; with a database several take requests");
    }
    if service.args.tls.tls_self_signed {
        bail!("--tls-self-signed: each node would have another certificate; name one for all");
    }
    let place = database(data).context("--data")?;
    if !place.is_first() {
        bail!("--data: cell=: which cells there are says the configuration, as [[cells]]");
    }
    let own = draw().context("no random bytes")?;
    let node = node(&service, own.clone());
    let reason = "This node has just begun to look who leads.";
    let cells = OfCell::all_of(&declared);
    let names = declared.cell_names();
    let place = place.among(&names);
    let routing = (cells.len() > 1).then(|| Arc::new(Routing::new(&declared)));
    let routes = routing.clone().map(|routing| routing as Arc<dyn Routes>);
    let trust = trust(&service)?;
    let front = Front::of_cells((names, routes), reason, (own, &node.address), &trust);
    let tls = secured.as_ref().map(|secured| Arc::clone(&secured.slot));
    let doors = OfNode::begin(front, listener, metrics, tls);
    let on_reload: OnReload = routing
        .map(|routing| Arc::new(move |declared: &Declared| routing.replace(declared)) as Arc<_>);
    // Told to stop, this node first has others lead what it does.
    let (is_told, stop) = (service.stop.clone(), CancellationToken::new());
    let each: Vec<Service<'_>> = cells
        .into_iter()
        .map(|of| Service {
            of,
            hang_up: Arc::default(),
            set_level: service.set_level.clone(),
            stop: stop.clone(),
            on_reload: on_reload.clone(),
            ..service
        })
        .collect();
    let present: Vec<(AtPresent, Option<&str>)> =
        each.iter().map(|service| (AtPresent::default(), service.of.name())).collect();
    let stands = each.iter().zip(&present).map(|(service, (present, _))| {
        let of = &service.of;
        let name = declared.cells.get(of.number()).map_or("", |cell| &*cell.name);
        let (place, front) = (place.cell(of.number(), name), doors.cell(of));
        let stand = Stand { place, front, present };
        let stand =
            Box::pin(follow_and_lead(service, stand, &node, (declared.clone(), secured.clone())));
        let is_told = &is_told;
        async move {
            let ended = stand.await;
            // One that cannot go on ends the process: others go on with the rest.
            if ended.is_err() {
                is_told.cancel();
            }
            ended
        }
    });
    let hang_ups = each.iter().map(|service| Arc::clone(&service.hang_up)).collect();
    let ended = tokio::select! {
        ended = join_all(stands) => ended,
        never = hang_up_each(&service.hang_up, hang_ups) => match never {},
        never = leaving::in_order(&is_told, &present, service.args.drain.0, &stop) => match never {},
    };
    doors.end().await;
    ended.into_iter().find(Result::is_err).unwrap_or(Ok(Ended::Good))
}

/// Has each cell know of a hang-up.
async fn hang_up_each(all: &Notify, each: Vec<Arc<Notify>>) -> Infallible {
    loop {
        all.notified().await;
        each.iter().for_each(|one| one.notify_one());
    }
}

/// Where a cell is, and where it is reached.
struct Stand<'a> {
    place: Place,
    front: OfNodeCell,
    present: &'a AtPresent,
}

async fn follow_and_lead(
    service: &Service<'_>,
    Stand { place, front: doors, present }: Stand<'_>,
    node: &Node,
    (mut declared, secured): (Declared, Option<Secured>),
) -> anyhow::Result<Ended> {
    let (front, cell) = (&doors.front, service.of.name());
    loop {
        service.of.follows(service.address);
        let standing = on_standing(front.clone());
        let part = declared.part(service.of.number());
        let standing = guichet_cloud::data::follow(&place, node, &part, standing);
        let lead = tokio::select! {
            biased;
            () = service.stop.cancelled() => return Ok(Ended::Good),
            lead = standing => lead.context("--data")?,
            () = service.hang_up.notified() => {
                reload(service, &mut declared, secured.as_ref());
                continue;
            }
        };
        let (epoch, term) = (lead.epoch(), lead.term());
        let leading = present.leads(&lead, &place);
        tracing::info!(cell, epoch, "this node leads");
        front.wait("This node leads, and reads what there is.");
        let leadership = Leadership { led: Some((lead, service.of.clone(), place.clone())) };
        let of_node = Doors::OfNode(doors.clone());
        let led = service.lead(declared.clone(), leadership, of_node, secured.clone()).await;
        match led {
            Ok(()) if service.stop.is_cancelled() => return Ok(Ended::Good),
            Ok(()) if !term.over().is_cancelled() => {
                tracing::info!(cell, epoch, "this node has handed over");
                service.of.follows(service.address);
                let next = postgres::next_leader(&place, epoch, limits::HAND_OVER_TIME);
                if let Some(Some(next)) = service.stop.run_until_cancelled(next).await {
                    stand(front, &Standing::Following(Some(next)));
                }
            }
            Ok(()) => tracing::warn!(cell, epoch, "another node leads: this one follows"),
            Err(error) if is_passing(&error) && !service.stop.is_cancelled() => {
                let error = format!("{error:#}");
                tracing::warn!(
                    cell,
                    epoch,
                    error,
                    "could not go on with the database; trying again"
                );
            }
            Err(error) => return Err(error),
        }
        drop(leading);
        // What was taken over while it led is to hold when it leads again.
        reload(service, &mut declared, secured.as_ref());
    }
}

/// Reads the configuration and the certificates again, for when this node leads; what is wrong leaves what
/// there was.
fn reload(service: &Service<'_>, declared: &mut Declared, secured: Option<&Secured>) {
    if let Some(secured) = secured {
        // It says itself what came of it.
        let _ = secured.slot.reload();
    }
    if service.args.cloud.config.is_none() {
        return;
    }
    // Others are served meanwhile.
    let read = tokio::task::block_in_place(|| super::start::declared(service.args));
    let read = read.and_then(|read| {
        Reload::check_cells(declared, &read)?;
        Ok(read)
    });
    match read {
        Ok(read) => {
            *declared = read;
            if let Some(on_reload) = &service.on_reload {
                on_reload(declared);
            }
            tracing::info!("configuration read again, for when this node leads");
        }
        Err(error) => {
            let error = format!("{error:#}");
            tracing::error!(error, "configuration not read again: what was read before holds");
        }
    }
}

/// How other nodes know this one.
fn node(service: &Service<'_>, credential: Credential) -> Node {
    let args = &service.args.node;
    let machine = || gethostname().ok().and_then(|name| name.into_string().ok());
    let name = args.node_name.clone().or_else(machine).unwrap_or_else(|| "?".to_owned());
    let address = match &args.node_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None if service.address.ip().is_unspecified() => {
            let scheme = if service.args.tls.is_on() { "https" } else { "http" };
            let machine = machine().unwrap_or_else(|| "localhost".to_owned());
            format!("{scheme}://{machine}:{}", service.address.port())
        }
        None => service.listens(),
    };
    Node { name, address, credential }
}

/// By what this node checks the others, and what it shows of itself.
fn trust(service: &Service<'_>) -> anyhow::Result<Trust> {
    let tls = &service.args.tls;
    if !tls.is_on() {
        return Ok(Trust::plain()?);
    }
    let identity = match (&tls.tls_client_ca, &tls.tls_cert, &tls.tls_key) {
        (Some(_), Some(cert), Some(key)) => Some(Identity { cert, key }),
        _ => None,
    };
    Ok(Trust::system(identity)?)
}

/// Whether an opening failed because the database was away, or another node leads.
fn is_passing(error: &anyhow::Error) -> bool {
    if let Some(OpenError::Unrecorded(_)) = error.downcast_ref() {
        return true;
    }
    let database = DatabaseError::is_passing;
    match error.downcast_ref() {
        Some(DataError::Open(error)) => database(error),
        Some(DataError::Log(error)) => !matches!(error, LogError::Lost(_)),
        _ => false,
    }
}

/// What is done and logged of how it stands with this node: logged once.
fn on_standing(front: CellFront) -> impl Fn(Standing) + Send + Sync + 'static {
    // Held to compare it.
    let logged: Mutex<Option<Standing>> = Mutex::default();
    move |standing| {
        if let Standing::Ahead(read) = standing {
            front.set_read_ahead(read.is_some());
            return log(&standing, front.name());
        }
        stand(&front, &standing);
        let mut logged = logged.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.as_ref() != Some(&standing) {
            log(&standing, front.name());
            *logged = Some(standing);
        }
    }
}

fn stand(front: &CellFront, standing: &Standing) {
    match standing {
        Standing::Away(_) => front.lose_sight("PostgreSQL cannot be reached."),
        Standing::Ahead(_) => {}
        Standing::Following(None) => front.wait("Another node is about to lead."),
        Standing::Following(Some(leader)) => {
            let Node { name, address, credential } = leader.node.clone();
            let leads = Leads { node: name, address, epoch: leader.epoch };
            front.follow(Leader::new(leads, credential));
        }
    }
}

fn log(standing: &Standing, cell: Option<&str>) {
    match standing {
        Standing::Away(why) => {
            tracing::warn!(cell, why, "PostgreSQL cannot be reached; trying again");
        }
        Standing::Ahead(Some(servers)) => tracing::info!(cell, servers, "everything is read ahead"),
        Standing::Ahead(None) => tracing::info!(cell, "everything is read anew"),
        Standing::Following(None) => tracing::info!(cell, "another node is about to lead"),
        Standing::Following(Some(leader)) => {
            let (Node { name, address, .. }, epoch) = (&leader.node, leader.epoch);
            tracing::info!(cell, node = name, address, epoch, "another node leads");
        }
    }
}
