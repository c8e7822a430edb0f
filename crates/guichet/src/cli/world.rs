//! What is typed behind `world`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use guichet_core::limits;
use guichet_lab::simulate::options::{DurationArg, whole};

use super::tls::TrustArgs;
use super::values::url;

#[derive(Debug, Args)]
pub(crate) struct WorldArgs {
    #[command(subcommand)]
    pub(crate) command: WorldCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WorldCommand {
    /// Make a world: a cloud of its own beside the service's
    Create(CreateWorldArgs),

    /// List all worlds
    List(ListWorldsArgs),

    /// Show a world
    Show(OneWorldArgs),

    /// Have a world begin anew as it was made, without tokens: with no servers, or as its snapshot
    Reset(OneWorldArgs),

    /// List the latest requests that a world was sent
    Requests(RequestsArgs),

    /// Say how many requests a world remembers, and whether with bodies and headers
    Remember(RememberArgs),

    /// List the latest operations of a world, and what became of them
    Operations(OperationsArgs),

    /// End a world at once; what runs in it is given up
    End(OneWorldArgs),
}

/// Where the service is, and what lets one steer it.
#[derive(Debug, Clone, Args)]
pub(crate) struct PlaceArgs {
    /// The control socket of a service on this machine, in place of --url and --token: for root and the
    /// user that it runs as
    #[arg(long, value_name = "PATH", env = "GUICHET_SOCKET")]
    pub(crate) socket: Option<PathBuf>,

    /// Where the service is
    #[arg(
        long,
        default_value = "http://127.0.0.1:8774",
        value_name = "URL",
        env = "GUICHET_URL",
        value_parser = url
    )]
    pub(crate) url: String,

    /// The control token of the service, or of the world; none is needed with `serve --dev`
    #[arg(long, value_name = "TOKEN", env = "GUICHET_CONTROL_TOKEN", hide_env_values = true)]
    pub(crate) token: Option<String>,

    #[command(flatten)]
    pub(crate) trust: TrustArgs,
}

/// Which world of which service a command is about.
#[derive(Debug, Args)]
pub(crate) struct OfWorldArgs {
    /// The world's id; root is the service's own
    #[arg(long, value_name = "ID", default_value = "root", env = "GUICHET_WORLD")]
    pub(crate) world: String,

    #[command(flatten)]
    pub(crate) place: PlaceArgs,

    /// What goes to stdout
    #[arg(long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub(crate) format: ShownFormatArg,
}

#[derive(Debug, Args)]
pub(crate) struct CreateWorldArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,

    /// What the world is made of, as for `serve`; without it the same as the service's own cloud
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// The machines' behaviour: instant, fast, realistic, flaky
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    /// All chance of the machines comes from this number
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole(0, u64::MAX))]
    pub(crate) seed: Option<u64>,

    /// The snapshot that it begins as, and the world that has it: root/base, or base alone
    #[arg(long, value_name = "WORLD/NAME", conflicts_with_all = ["config", "seed"])]
    pub(crate) from: Option<String>,

    /// It ends when nobody has used it for so long
    #[arg(long, value_name = "TIME", default_value_t = DurationArg(limits::WORLD_IDLE_DEFAULT),
          value_parser = DurationArg::positive)]
    pub(crate) idle: DurationArg,

    /// What goes to stdout
    #[arg(long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub(crate) format: CreatedFormatArg,
}

#[derive(Debug, Args)]
pub(crate) struct ListWorldsArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,

    /// What goes to stdout
    #[arg(long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub(crate) format: ShownFormatArg,
}

#[derive(Debug, Args)]
pub(crate) struct OneWorldArgs {
    /// Its id; root is the service's own
    #[arg(value_name = "ID", env = "GUICHET_WORLD")]
    pub(crate) id: String,

    #[command(flatten)]
    pub(crate) place: PlaceArgs,

    /// What goes to stdout
    #[arg(long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub(crate) format: ShownFormatArg,
}

#[derive(Debug, Args)]
pub(crate) struct RequestsArgs {
    #[command(flatten)]
    pub(crate) of: OneWorldArgs,

    /// Only those of this method
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Option<String>,

    /// Only those for this path, such as /compute/v2.1/servers; a * is any text
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Option<String>,

    /// Only those that were answered so, such as 202 or 4*; 0 is those that had no answer
    #[arg(long, value_name = "STATUS")]
    pub(crate) status: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RememberArgs {
    #[command(flatten)]
    pub(crate) of: OneWorldArgs,

    /// How many of the latest requests
    #[arg(long, value_name = "N", value_parser = whole(0, limits::REQUESTS_REMEMBERED_MAX as u64))]
    pub(crate) most: Option<u64>,

    /// With bodies of up to so many bytes, without what is secret in them; 0 is without
    #[arg(long, value_name = "BYTES", value_parser = whole(0, limits::REQUEST_BODY_MAX as u64))]
    pub(crate) bodies: Option<u64>,

    /// With this header, such as X-OpenStack-Nova-API-Version; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) header: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct OperationsArgs {
    #[command(flatten)]
    pub(crate) of: OneWorldArgs,

    /// Only those of the request with this id
    #[arg(long, value_name = "ID")]
    pub(crate) request: Option<String>,

    /// Only those that do this, such as create
    #[arg(long, value_name = "ACTION")]
    pub(crate) action: Option<String>,

    /// Only those that are queued, running, succeeded, failed or cancelled
    #[arg(long, value_name = "STATE")]
    pub(crate) state: Option<String>,

    /// Only those of servers with this name or id; a * is any text
    #[arg(long, value_name = "NAME|ID")]
    pub(crate) server: Option<String>,
}

/// How a world that was made is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CreatedFormatArg {
    /// Where it is, and what to do next
    Table,
    /// What the service answered
    Json,
    /// Lines that a shell takes: eval "$(guichet world create --format env)"
    Env,
    /// A clouds.yaml
    CloudsYaml,
}

/// How worlds are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShownFormatArg {
    /// A line each
    Table,
    /// What the service answered
    Json,
}
