//! What is typed about TLS: behind `serve`, and behind what asks a service.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::values::yes_or_no;

/// How a service's connections are encrypted.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("tls").args(["tls_cert", "tls_self_signed"]))]
pub(crate) struct TlsArgs {
    /// Speak TLS with this certificate in PEM, followed by those of its authorities
    #[arg(
        long,
        value_name = "FILE",
        env = "GUICHET_TLS_CERT",
        help_heading = "TLS",
        requires = "tls_key"
    )]
    pub(crate) tls_cert: Option<PathBuf>,

    /// The key of that certificate, in PEM, not encrypted
    #[arg(
        long,
        value_name = "FILE",
        env = "GUICHET_TLS_KEY",
        help_heading = "TLS",
        requires = "tls_cert"
    )]
    pub(crate) tls_key: Option<PathBuf>,

    /// The authority by which clients check that certificate, if it is none that everybody knows:
    /// written into clouds.yaml
    #[arg(
        long,
        value_name = "FILE",
        env = "GUICHET_TLS_CA",
        help_heading = "TLS",
        requires = "tls_cert"
    )]
    pub(crate) tls_ca: Option<PathBuf>,

    /// Let in only clients with a certificate of these authorities, in PEM
    #[arg(
        long,
        value_name = "FILE",
        env = "GUICHET_TLS_CLIENT_CA",
        help_heading = "TLS",
        requires = "tls"
    )]
    pub(crate) tls_client_ca: Option<PathBuf>,

    /// Let in clients without a certificate too; one that is shown must be sound all the same
    #[arg(long, help_heading = "TLS", requires = "tls_client_ca")]
    pub(crate) tls_client_optional: bool,

    /// Speak TLS with a certificate that the service makes for itself, kept in --data or for this
    /// process: for a quick start
    #[arg(long, help_heading = "TLS")]
    pub(crate) tls_self_signed: bool,

    /// Offer HTTP/2 over TLS, beside HTTP/1.1: yes or no. Without it yes
    #[arg(
        long,
        value_name = "yes|no",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "yes",
        hide_possible_values = true,
        env = "GUICHET_HTTP2",
        help_heading = "TLS",
        requires = "tls",
        ignore_case = true,
        value_parser = yes_or_no()
    )]
    pub(crate) http2: Option<bool>,

    /// Listen without TLS where other machines can reach it: passwords and tokens can be read on the
    /// way. For a service behind a proxy that speaks TLS
    #[arg(long, help_heading = "TLS", conflicts_with = "tls")]
    pub(crate) plain_http: bool,
}

impl TlsArgs {
    /// Whether connections are encrypted.
    pub(crate) const fn is_on(&self) -> bool {
        self.tls_cert.is_some() || self.tls_self_signed
    }
}

/// By what a client checks a service.
#[derive(Debug, Clone, Args)]
pub(crate) struct TrustArgs {
    /// The authority to check the service's certificate by, in PEM; without it those that the
    /// system knows
    #[arg(long, value_name = "FILE", env = "OS_CACERT")]
    pub(crate) cacert: Option<PathBuf>,
}
