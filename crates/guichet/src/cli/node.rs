//! What is typed about a node that is one of several.

use clap::Args;

use super::values::url;

/// How other nodes of the same cloud know this one: with `--data postgres://...`.
#[derive(Debug, Args)]
pub(crate) struct NodeArgs {
    /// Where other nodes reach this one, such as `https://node1.example.org:8774`: with --data
    /// postgres://... they pass requests on to the node that leads. Without it what --listen says, or
    /// the machine's name where that is all addresses
    #[arg(
        long,
        value_name = "URL",
        env = "GUICHET_NODE_URL",
        help_heading = "Nodes",
        value_parser = url
    )]
    pub(crate) node_url: Option<String>,

    /// What this node is called; without it the machine's name
    #[arg(long, value_name = "NAME", env = "GUICHET_NODE_NAME", help_heading = "Nodes")]
    pub(crate) node_name: Option<String>,
}
