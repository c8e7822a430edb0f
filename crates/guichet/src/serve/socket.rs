//! The control socket: where it is, whose it is, and its end.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use guichet_cloud::data::Term;
use guichet_control::nodes::while_leading;
use guichet_control::{Beside, owned_app};
use guichet_core::limits;
use guichet_http::serve::serve_local;
use guichet_observe::Watch;
use http::HeaderValue;
use nix::unistd::getuid;
use tokio::net::{UnixListener, UnixStream};
use tokio_util::sync::CancellationToken;

use crate::cli::{ServeArgs, directory_of};
use crate::files;

/// The name of the socket in a data directory.
const NAME: &str = "control.sock";

/// A socket that somebody may connect to. Its file goes when this is dropped.
#[derive(Debug)]
pub(super) struct ControlSocket {
    listener: UnixListener,
    file: SocketFile,
}

/// The file of a socket of ours.
#[derive(Debug)]
struct SocketFile {
    path: PathBuf,
    /// Device and number of the file: another service may have put its own there since.
    id: Option<(u64, u64)>,
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if self.id.is_some() && id_of(&self.path) == self.id {
            // One that is left behind is replaced by the next start.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Opens the socket that a service is to have, if it is to have one. To be called when the data
/// directory is this process's own.
///
/// # Errors
/// Another service listens there, it is no socket, or it cannot be made.
pub(super) async fn open(args: &ServeArgs) -> anyhow::Result<Option<ControlSocket>> {
    if let Some(path) = &args.socket.control_socket {
        let opened = at(path).await;
        return opened.with_context(|| format!("--control-socket: {}", path.display())).map(Some);
    }
    let Some(dir) = directory_of(args.data.as_deref()) else { return Ok(None) };
    let path = dir.join(NAME);
    match at(&path).await {
        Ok(socket) => Ok(Some(socket)),
        // Nobody asked for it: a directory whose file system has no sockets, or whose path is too
        // long for one, still has a service.
        Err(error) => {
            tracing::warn!(
                path = %path.display(), error = format!("{error:#}"),
                "there is no control socket; --control-socket names another place"
            );
            Ok(None)
        }
    }
}

async fn at(path: &Path) -> anyhow::Result<ControlSocket> {
    make_way(path).await?;
    let listener = UnixListener::bind(path).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidInput => {
            anyhow::anyhow!("the path is too long for a socket: 107 bytes at most")
        }
        _ => error.into(),
    })?;
    let file = SocketFile { path: path.to_owned(), id: id_of(path) };
    // Until then others can connect, and are told that they may not.
    fs::set_permissions(path, fs::Permissions::from_mode(files::PRIVATE))?;
    Ok(ControlSocket { listener, file })
}

/// Removes what a process that is gone left behind; what another has is left to it.
async fn make_way(path: &Path) -> anyhow::Result<()> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    if !found.file_type().is_socket() {
        bail!("there is a file that is no socket; remove it, or name another place");
    }
    let tried = tokio::time::timeout(limits::SOCKET_TRY, UnixStream::connect(path)).await;
    match tried {
        Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {
            Ok(fs::remove_file(path)?)
        }
        Ok(Err(error)) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Ok(Err(error)) => Err(error.into()),
        Ok(Ok(_)) | Err(_) => {
            bail!("another service listens there; end it, or name another place")
        }
    }
}

fn id_of(path: &Path) -> Option<(u64, u64)> {
    fs::symlink_metadata(path).ok().map(|found| (found.dev(), found.ino()))
}

impl ControlSocket {
    /// Answers until `stop` is cancelled.
    pub(super) async fn serve(
        self,
        (watch, beside): (Arc<Watch>, Beside),
        address: SocketAddr,
        term: Option<Term>,
        stop: CancellationToken,
    ) {
        let Self { listener, file } = self;
        tracing::info!(path = %file.path.display(), "the control socket takes commands");
        let host = HeaderValue::from_str(&address.to_string());
        let host = host.unwrap_or_else(|_| HeaderValue::from_static("localhost"));
        let app = while_leading(owned_app(watch, beside, host), term);
        serve_local(listener, app, getuid().as_raw(), stop).await;
        drop(file);
    }
}
