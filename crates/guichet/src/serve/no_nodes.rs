//! A program that was built without PostgreSQL: a service is alone.

use std::io;
use std::path::Path;

use anyhow::bail;
use guichet_cloud::config::Declared;
use guichet_cloud::data::Term;
use guichet_http::serve::App;
use tokio::net::TcpListener;

use super::Service;
use super::metrics::MetricsListener;
use super::tls::Secured;
use crate::Ended;

/// There is no database to share.
pub(super) async fn serve(
    _: Service<'_>,
    _: &Path,
    _: Declared,
    _: (TcpListener, Option<MetricsListener>),
    _: Option<Secured>,
) -> anyhow::Result<Ended> {
    bail!("--data: this program was built without PostgreSQL (feature `postgres`)");
}

/// The app, for nobody else ever leads.
pub(super) fn guarded(app: App, _: Option<&Term>) -> App {
    app
}

/// Never asked for.
pub(super) fn again(_: &TcpListener) -> io::Result<TcpListener> {
    Err(io::ErrorKind::Unsupported.into())
}

/// What answers before a service leads: nothing does.
pub(super) struct Answering;

impl Answering {
    pub(super) async fn end(self) {}
}
