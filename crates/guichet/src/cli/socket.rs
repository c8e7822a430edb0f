//! What is typed behind `serve` about its control socket.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct SocketArgs {
    /// Where root and the service's own user steer it, without a token: a unix socket. With --data
    /// it is control.sock in that directory unless another is named
    #[arg(long, value_name = "PATH", env = "GUICHET_CONTROL_SOCKET", help_heading = "Service")]
    pub(crate) control_socket: Option<PathBuf>,
}
