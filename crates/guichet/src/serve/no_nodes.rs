//! A program that was built without PostgreSQL: a service is alone.

use std::path::Path;

use anyhow::bail;
use guichet_cloud::config::Declared;
use tokio::net::TcpListener;

use super::metrics::MetricsListener;
use super::service::Service;
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
