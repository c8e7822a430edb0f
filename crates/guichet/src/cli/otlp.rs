//! What is typed behind `serve` about traces.

use clap::Args;

use super::values::{share, url};

#[derive(Debug, Args)]
pub(crate) struct OtlpArgs {
    /// Send traces to this OpenTelemetry collector by OTLP over HTTP, such as `http://127.0.0.1:4318`: of
    /// each request, and of its operation until the driver is done. Programs built with the feature `otlp`
    /// alone can
    #[arg(
        long,
        value_name = "URL",
        env = "GUICHET_OTLP_ENDPOINT",
        help_heading = "Service",
        value_parser = url
    )]
    pub(crate) otlp_endpoint: Option<String>,

    /// The share of requests whose traces are sent, from 0 to 1, where the client's own `traceparent` does
    /// not say
    #[arg(
        long,
        value_name = "SHARE",
        default_value_t = 1.0,
        help_heading = "Service",
        requires = "otlp_endpoint",
        value_parser = share
    )]
    pub(crate) otlp_share: f64,
}
