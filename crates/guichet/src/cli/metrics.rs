//! What is typed behind `serve` about an address for its metrics alone.

use std::net::SocketAddr;

use clap::Args;

use super::values::address;

#[derive(Debug, Args)]
pub(crate) struct MetricsArgs {
    /// Answer /metrics, /healthz and /readyz here too, without TLS and without a token, and nothing else
    #[arg(
        long,
        value_name = "ADDRESS:PORT",
        env = "GUICHET_METRICS_LISTEN",
        help_heading = "Service",
        value_parser = address
    )]
    pub(crate) metrics_listen: Option<SocketAddr>,

    /// Let other machines reach --metrics-listen: metrics name projects, and whoever is on the way can
    /// read them
    #[arg(long, help_heading = "Service")]
    pub(crate) metrics_plain_http: bool,
}
