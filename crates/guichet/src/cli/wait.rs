//! What is typed behind `wait`.

use clap::Args;
use guichet_core::limits;
use guichet_lab::simulate::options::DurationArg;

use super::tls::TrustArgs;
use super::values::url;

#[derive(Debug, Args)]
pub(crate) struct WaitArgs {
    /// Where the service is
    #[arg(long, default_value = "http://127.0.0.1:8774", value_name = "URL",
          env = "GUICHET_URL", value_parser = url)]
    pub(crate) url: String,

    /// How long to wait at most
    #[arg(long, value_name = "TIME", default_value_t = DurationArg(limits::WAIT_DEFAULT))]
    pub(crate) timeout: DurationArg,

    #[command(flatten)]
    pub(crate) trust: TrustArgs,
}
