//! A service that is one of several over one database: it follows until it leads, serves while it
//! leads, and follows again when another one leads.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, bail};
use guichet_cloud::OpenError;
use guichet_cloud::config::Declared;
use guichet_cloud::data::{DataError, Term};
use guichet_control::nodes::{Leads, Notice, following_app, leading_app};
use guichet_http::serve::{App, Settings, serve_with};
use guichet_store::journal::LogError;
use guichet_store::journal::postgres::{self, Node, Place, Standing};
use guichet_store::journal::sqlite::OpenError as DatabaseError;
use nix::unistd::gethostname;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::metrics::MetricsListener;
use super::start::Leadership;
use super::tls::Secured;
use super::{Doors, Service, connections_max, manager};
use crate::Ended;

/// The variable of the environment that PostgreSQL's own programs have a password from.
const PASSWORD: &str = "PGPASSWORD";

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
    let password = std::env::var(PASSWORD).ok();
    let place = Place::parse(data, password.as_deref()).context("--data")?;
    let name = gethostname().ok().and_then(|name| name.into_string().ok());
    let node = Node { name: name.unwrap_or_else(|| "?".to_owned()), address: service.url() };
    loop {
        let followed = Answering::begin(&service, &listener, metrics.as_ref(), secured.as_ref())?;
        let standing = postgres::stand(&place, &node, followed.on_standing());
        let Some(lead) = service.stop.run_until_cancelled(standing).await else {
            followed.end().await;
            return Ok(Ended::Good);
        };
        let lead = lead.context("--data")?;
        let (epoch, term) = (lead.epoch(), lead.term());
        tracing::info!(epoch, "this node leads");
        followed.opening();
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
        drop(term);
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

/// An app that answers only while this node leads.
pub(super) fn guarded(app: App, term: Option<&Term>) -> App {
    match term {
        Some(term) => leading_app(app, term.clone()),
        None => app,
    }
}

/// The same address once more: what comes in while nobody accepts waits there.
pub(super) fn again(listener: &TcpListener) -> io::Result<TcpListener> {
    use std::os::fd::AsFd as _;
    let listener = listener.as_fd().try_clone_to_owned()?;
    TcpListener::from_std(listener.into())
}

/// What answers until this node leads and its cloud is open.
pub(super) struct Answering {
    notice: Notice,
    /// What was logged last, so that it is logged once. Held to compare it.
    logged: Arc<Mutex<Option<Standing>>>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Answering {
    fn begin(
        service: &Service<'_>,
        listener: &TcpListener,
        metrics: Option<&MetricsListener>,
        secured: Option<&Secured>,
    ) -> anyhow::Result<Self> {
        let (notice, stop, tasks) =
            (Notice::default(), CancellationToken::new(), TaskTracker::new());
        notice.set("This node has just begun to look who leads.".to_owned(), None);
        let app = following_app(notice.clone());
        let tls = secured.map(|secured| Arc::clone(&secured.slot));
        let settings = Settings { connections: connections_max(), tls, ..Settings::default() };
        tasks.spawn(serve_with(again(listener)?, app.clone(), stop.clone(), settings));
        if let Some(metrics) = metrics {
            tasks.spawn(metrics.again()?.serve_app(app, stop.clone()));
        }
        let alive = stop.clone();
        tasks.spawn(async move { manager::stay_alive(&alive).await });
        manager::following(service.address);
        Ok(Self { notice, logged: Arc::default(), tasks, stop })
    }

    /// What is said and logged of how it stands with this node.
    fn on_standing(&self) -> impl Fn(Standing) + Send + Sync + 'static {
        let (notice, logged) = (self.notice.clone(), Arc::clone(&self.logged));
        move |standing| {
            say(&notice, &standing);
            let mut logged = logged.lock().unwrap_or_else(PoisonError::into_inner);
            if logged.as_ref() != Some(&standing) {
                log(&standing);
                *logged = Some(standing);
            }
        }
    }

    /// The node leads now, and reads what there is.
    fn opening(&self) {
        self.notice.set("This node leads, and reads what there is.".to_owned(), None);
    }

    /// Ends it; whoever is being answered is answered.
    pub(super) async fn end(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

fn say(notice: &Notice, standing: &Standing) {
    match standing {
        Standing::Away(_) => notice.set("PostgreSQL cannot be reached.".to_owned(), None),
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
        Standing::Following(None) => tracing::info!("another node is about to lead"),
        Standing::Following(Some(leader)) => {
            let Node { name, address } = &leader.node;
            tracing::info!(node = name, address, epoch = leader.epoch, "another node leads");
        }
    }
}
