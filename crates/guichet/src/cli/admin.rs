//! What is typed behind the commands for administrators: `project`, `user`, `role`, `quota`, `token`,
//! `operation`, `queue`, `server`.

use clap::{Args, Subcommand, ValueEnum};
use guichet_core::limits;
use guichet_lab::simulate::options::whole;

use super::values::operation_id;
use super::world::{PlaceArgs, ShownFormatArg};

/// Which service, and how its answer is shown.
#[derive(Debug, Args)]
pub(crate) struct AtArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,

    /// What goes to stdout
    #[arg(long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub(crate) format: ShownFormatArg,
}

/// Something by its name or id.
#[derive(Debug, Args)]
pub(crate) struct NamedArgs {
    /// Its name or id
    #[arg(value_name = "NAME|ID")]
    pub(crate) name: String,

    #[command(flatten)]
    pub(crate) at: AtArgs,
}

/// A page of a list.
#[derive(Debug, Args)]
pub(crate) struct PageArgs {
    /// How many at most
    #[arg(long, value_name = "N", value_parser = whole(1, limits::ADMIN_PAGE_MAX as u64))]
    pub(crate) limit: Option<u64>,

    /// Leave out so many at the beginning
    #[arg(long, value_name = "N", value_parser = whole(0, u64::MAX))]
    pub(crate) offset: Option<u64>,

    #[command(flatten)]
    pub(crate) at: AtArgs,
}

macro_rules! commands {
    ($args:ident, $command:ident) => {
        #[derive(Debug, Args)]
        pub(crate) struct $args {
            #[command(subcommand)]
            pub(crate) command: $command,
        }
    };
}

commands!(ProjectArgs, ProjectCommand);
commands!(UserArgs, UserCommand);
commands!(RoleArgs, RoleCommand);
commands!(QuotaArgs, QuotaCommand);
commands!(TokenArgs, TokenCommand);
commands!(OperationArgs, OperationCommand);
commands!(QueueArgs, QueueCommand);
commands!(ServerArgs, ServerCommand);

#[derive(Debug, Subcommand)]
pub(crate) enum ProjectCommand {
    /// List projects
    List(PageArgs),

    /// Show a project
    Show(NamedArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// List users, with what they may do where
    List(PageArgs),

    /// Show a user
    Show(NamedArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum RoleCommand {
    /// List the roles that there are, and what each includes
    List(AtArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum QuotaCommand {
    /// Show what a project may hold, and what it does
    Show(NamedArgs),

    /// Set what a project may hold from now on
    Set(SetQuotaArgs),

    /// Give a project its declared quota again
    Delete(NamedArgs),
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true)
          .args(["instances", "cores", "ram"]))]
pub(crate) struct SetQuotaArgs {
    #[command(flatten)]
    pub(crate) of: NamedArgs,

    /// So many servers; -1 is any number
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) instances: Option<i64>,

    /// So many virtual processors; -1 is any number
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) cores: Option<i64>,

    /// So much memory in MiB; -1 is any
    #[arg(long, value_name = "MIB", allow_negative_numbers = true)]
    pub(crate) ram: Option<i64>,

    /// Also below what is in use
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Count the tokens of each user; none is shown
    List(PageArgs),

    /// End all tokens of a user, or for a project
    Revoke(RevokeArgs),
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("whose").required(true).multiple(true)
          .args(["user", "project"]))]
pub(crate) struct RevokeArgs {
    /// Those of this user
    #[arg(long, value_name = "NAME|ID")]
    pub(crate) user: Option<String>,

    /// Those for this project
    #[arg(long, value_name = "NAME|ID")]
    pub(crate) project: Option<String>,

    #[command(flatten)]
    pub(crate) at: AtArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OperationCommand {
    /// List the latest operations, the latest first
    List(ListOperationsArgs),

    /// Show an operation
    Show(OneOperationArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListOperationsArgs {
    /// Only those of this project
    #[arg(long, value_name = "NAME|ID")]
    pub(crate) project: Option<String>,

    /// Only those of the server with this id
    #[arg(long, value_name = "ID")]
    pub(crate) server: Option<String>,

    /// Only those that are queued, running, succeeded, failed or cancelled
    #[arg(long, value_name = "STATE")]
    pub(crate) state: Option<String>,

    #[command(flatten)]
    pub(crate) page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct OneOperationArgs {
    /// Its id: of its server, a slash, and its number
    #[arg(value_name = "SERVER/NUMBER", value_parser = operation_id)]
    pub(crate) id: (String, u32),

    #[command(flatten)]
    pub(crate) at: AtArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum QueueCommand {
    /// List the projects with the most in the queue, and how long the oldest has waited
    List(AtArgs),

    /// Show the operations that are next
    Show(NextArgs),
}

#[derive(Debug, Args)]
pub(crate) struct NextArgs {
    /// How many at most
    #[arg(long, value_name = "N", value_parser = whole(1, limits::ADMIN_PAGE_MAX as u64))]
    pub(crate) limit: Option<u64>,

    #[command(flatten)]
    pub(crate) at: AtArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ServerCommand {
    /// List servers of all projects, the newest first
    List(ListServersArgs),

    /// Show a server
    Show(OneServerArgs),

    /// Say that a server is active, or broken, whatever was found; what runs for it is given up
    #[command(name = "reset-state")]
    ResetState(ResetStateArgs),

    /// Delete a server, as its owner would
    Delete(OneServerArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListServersArgs {
    /// Only those of this project
    #[arg(long, value_name = "NAME|ID")]
    pub(crate) project: Option<String>,

    /// Only those with this status, such as ERROR
    #[arg(long, value_name = "STATUS")]
    pub(crate) status: Option<String>,

    /// Only those behind the server with this id
    #[arg(long, value_name = "ID")]
    pub(crate) marker: Option<String>,

    /// How many at most
    #[arg(long, value_name = "N", value_parser = whole(1, limits::ADMIN_PAGE_MAX as u64))]
    pub(crate) limit: Option<u64>,

    #[command(flatten)]
    pub(crate) at: AtArgs,
}

#[derive(Debug, Args)]
pub(crate) struct OneServerArgs {
    /// Its id
    #[arg(value_name = "ID")]
    pub(crate) id: String,

    #[command(flatten)]
    pub(crate) at: AtArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ResetStateArgs {
    #[command(flatten)]
    pub(crate) of: OneServerArgs,

    /// What it is said to be
    #[arg(long, value_enum, default_value = "error", value_name = "STATE")]
    pub(crate) state: StateArg,
}

/// What a server is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StateArg {
    /// It runs
    Active,
    /// It is broken
    Error,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// For which shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Where they are written, one file for each command; made if it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: std::path::PathBuf,
}
