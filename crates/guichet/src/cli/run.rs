//! What is typed behind `run`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use guichet_core::limits;
use guichet_lab::simulate::options::whole;

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// What the cloud is made of, as for `serve`; without it the one of `serve --dev`
    #[arg(long, value_name = "FILE", env = "GUICHET_CONFIG")]
    pub(crate) config: Option<PathBuf>,

    /// The machines' behaviour: instant, fast, realistic, flaky, or a TOML file of one's own
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) profile: Option<String>,

    /// All chance of the machines comes from this number
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole(0, u64::MAX))]
    pub(crate) seed: Option<u64>,

    /// Seconds of the cloud in a second, such as 1000
    #[arg(long, value_name = "N", default_value_t = 1.0, allow_negative_numbers = true)]
    pub(crate) speed: f64,

    /// Have all that is under way end before each request: nobody waits for a machine
    #[arg(long)]
    pub(crate) jump: bool,

    /// How many worlds the command may make
    #[arg(long, value_name = "N", default_value_t = limits::WORLDS_MAX as u64,
          value_parser = whole(0, limits::WORLDS_MAX as u64))]
    pub(crate) worlds: u64,

    /// The command and its arguments
    #[arg(value_name = "COMMAND", required = true, num_args = 1.., trailing_var_arg = true,
          allow_hyphen_values = true)]
    pub(crate) command: Vec<OsString>,
}
