//! A service that is one of several over one database: it follows until it leads, serves while it
//! leads, and follows again when another one leads.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, bail};
use guichet_cloud::OpenError;
use guichet_cloud::config::Declared;
use guichet_cloud::data::DataError;
use guichet_control::nodes::Leads;
use guichet_core::limits;
use guichet_node::{Credential, Front, Identity, Leader, Trust, draw};
use guichet_store::journal::LogError;
use guichet_store::journal::postgres::{self, Node, Place, Standing};
use guichet_store::journal::sqlite::OpenError as DatabaseError;
use nix::unistd::gethostname;
use tokio::net::TcpListener;

use super::doors::Doors;
use super::manager;
use super::metrics::MetricsListener;
use super::of_node::OfNode;
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
    let own = draw().context("no random bytes")?;
    let node = node(&service, own.clone());
    let reason = "This node has just begun to look who leads.";
    let front = Front::new(reason, own, &node.address, &trust(&service)?);
    let tls = secured.as_ref().map(|secured| Arc::clone(&secured.slot));
    let doors = OfNode::begin(front.clone(), listener, metrics, tls);
    let ended = follow_and_lead(&service, &place, &node, (&front, &doors), (declared, secured));
    let ended = ended.await;
    doors.end().await;
    ended
}

async fn follow_and_lead(
    service: &Service<'_>,
    place: &Place,
    node: &Node,
    (front, doors): (&Front, &OfNode),
    (mut declared, secured): (Declared, Option<Secured>),
) -> anyhow::Result<Ended> {
    loop {
        manager::following(service.address);
        let standing = on_standing(front.clone());
        let standing = guichet_cloud::data::follow(place, node, &declared, standing);
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
        tracing::info!(epoch, "this node leads");
        front.wait("This node leads, and reads what there is.");
        let leadership = Leadership { lead: Some(lead) };
        let of_node = Doors::OfNode(doors.clone());
        let led = service.lead(declared.clone(), leadership, of_node, secured.clone()).await;
        match led {
            Ok(()) if service.stop.is_cancelled() => return Ok(Ended::Good),
            Ok(()) if !term.over().is_cancelled() => {
                tracing::info!(epoch, "this node has handed over");
                let next = postgres::next_leader(place, epoch, limits::HAND_OVER_TIME);
                if let Some(Some(next)) = service.stop.run_until_cancelled(next).await {
                    stand(front, &Standing::Following(Some(next)));
                }
            }
            Ok(()) => tracing::warn!(epoch, "another node leads: this one follows"),
            Err(error) if is_passing(&error) && !service.stop.is_cancelled() => {
                let error = format!("{error:#}");
                tracing::warn!(epoch, error, "could not go on with the database; trying again");
            }
            Err(error) => return Err(error),
        }
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
    match tokio::task::block_in_place(|| super::start::declared(service.args)) {
        Ok(read) => {
            *declared = read;
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
fn on_standing(front: Front) -> impl Fn(Standing) + Send + Sync + 'static {
    // Held to compare it.
    let logged: Mutex<Option<Standing>> = Mutex::default();
    move |standing| {
        if let Standing::Ahead(read) = standing {
            front.set_read_ahead(read.is_some());
            return log(&standing);
        }
        stand(&front, &standing);
        let mut logged = logged.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.as_ref() != Some(&standing) {
            log(&standing);
            *logged = Some(standing);
        }
    }
}

fn stand(front: &Front, standing: &Standing) {
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

fn log(standing: &Standing) {
    match standing {
        Standing::Away(why) => tracing::warn!(why, "PostgreSQL cannot be reached; trying again"),
        Standing::Ahead(Some(servers)) => tracing::info!(servers, "everything is read ahead"),
        Standing::Ahead(None) => tracing::info!("everything is read anew"),
        Standing::Following(None) => tracing::info!("another node is about to lead"),
        Standing::Following(Some(leader)) => {
            let Node { name, address, .. } = &leader.node;
            tracing::info!(node = name, address, epoch = leader.epoch, "another node leads");
        }
    }
}
