//! A service that is one of several over one database: it follows until it leads, serves while it
//! leads, and follows again when another one leads.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, bail};
use guichet_cloud::OpenError;
use guichet_cloud::config::Declared;
use guichet_cloud::data::DataError;
use guichet_control::nodes::{Leads, Notice};
use guichet_store::journal::LogError;
use guichet_store::journal::postgres::{Node, Place, Standing};
use guichet_store::journal::sqlite::OpenError as DatabaseError;
use nix::unistd::gethostname;
use tokio::net::TcpListener;

use super::answering::Answering;
use super::doors::again;
use super::manager;
use super::metrics::MetricsListener;
use super::service::{Doors, Service};
use super::start::Leadership;
use super::tls::Secured;
use crate::Ended;
use crate::data::database_password;

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
    let data = data.to_str().context("--data: a connection string is text in UTF-8")?;
    let place = Place::parse(data, database_password().as_deref()).context("--data")?;
    let name = gethostname().ok().and_then(|name| name.into_string().ok());
    let node = Node { name: name.unwrap_or_else(|| "?".to_owned()), address: service.url() };
    loop {
        let tls = secured.as_ref().map(|secured| Arc::clone(&secured.slot));
        let followed = Answering::begin(&listener, metrics.as_ref(), tls)?;
        manager::following(service.address);
        let standing = on_standing(followed.notice().clone());
        let standing = guichet_cloud::data::follow(&place, &node, &declared, standing);
        let Some(lead) = service.stop.run_until_cancelled(standing).await else {
            followed.end().await;
            return Ok(Ended::Good);
        };
        let lead = lead.context("--data")?;
        let epoch = lead.epoch();
        tracing::info!(epoch, "this node leads");
        followed.notice().set("This node leads, and reads what there is.".to_owned(), None);
        let doors = Doors {
            listener: again(&listener)?,
            metrics: metrics.as_ref().map(MetricsListener::again).transpose()?,
            before: Some(followed),
        };
        let leadership = Leadership { lead: Some(lead) };
        let led = service.lead(declared.clone(), leadership, doors, secured.clone()).await;
        match led {
            Ok(()) if service.stop.is_cancelled() => return Ok(Ended::Good),
            Ok(()) => tracing::warn!(epoch, "another node leads: this one follows"),
            Err(error) if is_passing(&error) && !service.stop.is_cancelled() => {
                let error = format!("{error:#}");
                tracing::warn!(epoch, error, "could not go on with the database; trying again");
            }
            Err(error) => return Err(error),
        }
    }
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

/// What is said and logged of how it stands with this node: logged once.
fn on_standing(notice: Notice) -> impl Fn(Standing) + Send + Sync + 'static {
    // Held to compare it.
    let logged: Mutex<Option<Standing>> = Mutex::default();
    move |standing| {
        if let Standing::Ahead(read) = standing {
            notice.set_read_ahead(read.is_some());
            return log(&standing);
        }
        say(&notice, &standing);
        let mut logged = logged.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.as_ref() != Some(&standing) {
            log(&standing);
            *logged = Some(standing);
        }
    }
}

fn say(notice: &Notice, standing: &Standing) {
    match standing {
        Standing::Away(_) => notice.set("PostgreSQL cannot be reached.".to_owned(), None),
        Standing::Ahead(_) => {}
        Standing::Following(None) => notice.set("Another node is about to lead.".to_owned(), None),
        Standing::Following(Some(leader)) => {
            let Node { name, address } = leader.node.clone();
            let reason = format!("Node {name} leads: ask {address}.");
            notice.set(reason, Some(Leads { node: name, address, epoch: leader.epoch }));
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
            let Node { name, address } = &leader.node;
            tracing::info!(node = name, address, epoch = leader.epoch, "another node leads");
        }
    }
}
