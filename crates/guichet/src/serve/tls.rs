//! Whether connections are encrypted, and with what.

use std::fs::DirBuilder;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf, absolute};
use std::sync::Arc;

use anyhow::{Context, bail};
use guichet_http::tls::{CertificateSlot, Clients, Protocols, TlsError, TlsFiles, draw};
use nix::unistd::{gethostname, mkdtemp};

use crate::cli::{ServeArgs, TlsArgs, directory_of};
use crate::files;

/// What connections are encrypted with.
#[derive(Clone)]
pub(super) struct Secured {
    pub(super) slot: Arc<CertificateSlot>,
    /// By what clients check it, if that must be said.
    pub(super) cacert: Option<PathBuf>,
    /// What the certificate is, for the greeting.
    pub(super) greeting: String,
    /// Where it is, if it is for this process alone.
    _own: Option<Arc<OwnDirectory>>,
}

/// Refuses to let passwords travel in the open where others may read them, unless that is wanted.
pub(super) fn guard(args: &ServeArgs, address: SocketAddr) -> anyhow::Result<()> {
    let is_wanted = args.tls.is_on() || args.tls.plain_http || args.dev_insecure;
    if !is_wanted && !address.ip().is_loopback() {
        bail!(
            "--listen: {address} can be reached from other machines, and without TLS passwords and tokens \
             can be read on the way; name a certificate with --tls-cert and --tls-key, try \
             --tls-self-signed, or say --plain-http if a proxy in front of it speaks TLS"
        );
    }
    Ok(())
}

/// What the flags name; none if they name nothing.
pub(super) fn given(args: &TlsArgs) -> anyhow::Result<Option<Secured>> {
    let (Some(cert), Some(key)) = (&args.tls_cert, &args.tls_key) else { return Ok(None) };
    if let Some(ca) = &args.tls_ca {
        guichet_http::tls::certificates(ca).context("--tls-ca")?;
    }
    let files = TlsFiles { cert: cert.clone(), key: key.clone(), clients: clients(args) };
    let slot = open(files, args)?;
    let cacert = args.tls_ca.as_deref().map(absolute).transpose().context("--tls-ca")?;
    let greeting = format!("  TLS with the certificate in {}\n", cert.display());
    Ok(Some(Secured { slot, cacert, greeting, _own: None }))
}

/// A certificate that the service has made for itself: now, or at an earlier start.
pub(super) fn drawn(args: &ServeArgs, address: SocketAddr) -> anyhow::Result<Secured> {
    let (dir, own) = directory(directory_of(args.data.as_deref())).context("--tls-self-signed")?;
    let [ca, cert, key] = ["ca.pem", "cert.pem", "key.pem"].map(|name| dir.join(name));
    if ![&ca, &cert, &key].iter().all(|path| path.exists()) {
        let drawn = draw(&names(args, address)).context("--tls-self-signed")?;
        let texts = [(&ca, &drawn.ca), (&cert, &drawn.cert), (&key, &drawn.key)];
        for (path, text) in texts {
            files::replace(path, text.as_bytes(), files::PRIVATE).with_context(|| {
                format!("--tls-self-signed: {}: cannot be written", path.display())
            })?;
        }
    }
    let slot = open(TlsFiles { cert, key, clients: clients(&args.tls) }, &args.tls)?;
    let greeting = format!(
        "  --tls-self-signed: a certificate of its own, for tests; clients trust it by\n  \
         OS_CACERT={}\n",
        ca.display()
    );
    Ok(Secured { slot, cacert: Some(ca), greeting, _own: own.map(Arc::new) })
}

fn clients(args: &TlsArgs) -> Option<Clients> {
    let ca = args.tls_client_ca.clone()?;
    Some(Clients { ca, optional: args.tls_client_optional })
}

/// Reads the files; an error names the flag and the file.
fn open(files: TlsFiles, args: &TlsArgs) -> anyhow::Result<Arc<CertificateSlot>> {
    let flag = |error: &TlsError| match error.file() {
        Some(path) if Some(path) == args.tls_client_ca.as_deref() => "--tls-client-ca",
        // One file may be named for both.
        Some(path) if Some(path) == args.tls_key.as_deref() && !error.expects_certificates() => {
            "--tls-key"
        }
        Some(path) if Some(path) == args.tls_cert.as_deref() => "--tls-cert",
        _ => "TLS",
    };
    CertificateSlot::open_for(files, protocols(args)).map(Arc::new).map_err(|error| {
        let flag = flag(&error);
        anyhow::Error::new(error).context(flag)
    })
}

/// What is offered to clients.
fn protocols(args: &TlsArgs) -> Protocols {
    if args.http2 == Some(false) { Protocols::Http1 } else { Protocols::Both }
}

/// What clients may call the service.
fn names(args: &ServeArgs, address: SocketAddr) -> Vec<String> {
    let mut names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
    if !address.ip().is_unspecified() {
        names.push(address.ip().to_string());
    }
    names.extend(gethostname().ok().and_then(|name| name.into_string().ok()));
    names.extend(args.public_url.as_deref().and_then(host).map(str::to_owned));
    // A name that is none is not worth a refusal: nobody can have it in an address.
    names.retain(|name| name.is_ascii() && !name.is_empty());
    names.sort();
    names.dedup();
    names
}

/// The host of an address.
fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let place = rest.split('/').next()?;
    match place.strip_prefix('[') {
        Some(address) => address.split(']').next(),
        None => place.split(':').next(),
    }
}

/// A directory for this process alone. It is removed when this is dropped.
struct OwnDirectory(PathBuf);

impl Drop for OwnDirectory {
    fn drop(&mut self) {
        // It says nothing to anybody once the process is gone.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Where a certificate is that the service makes: among its data, or for as long as it runs.
fn directory(data: Option<&Path>) -> anyhow::Result<(PathBuf, Option<OwnDirectory>)> {
    if let Some(data) = data {
        let dir = absolute(data.join("tls"))?;
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&dir)
            .with_context(|| format!("{}: cannot be made", dir.display()))?;
        return Ok((dir, None));
    }
    let template = std::env::temp_dir().join("guichet-tls-XXXXXX");
    let dir =
        mkdtemp(&template).with_context(|| format!("{}: cannot be made", template.display()))?;
    Ok((dir.clone(), Some(OwnDirectory(dir))))
}

#[cfg(test)]
mod tests {
    use clap::{Args as _, Command, FromArgMatches as _};

    use super::*;

    #[test]
    fn http_2_is_offered_unless_it_is_not_wanted() {
        for (flag, expected) in [
            (None, Protocols::Both),
            (Some("--http2"), Protocols::Both),
            (Some("--http2=no"), Protocols::Http1),
        ] {
            let typed = ["serve", "--tls-self-signed"].into_iter().chain(flag);
            let matches = TlsArgs::augment_args(Command::new("serve")).get_matches_from(typed);
            let args = TlsArgs::from_arg_matches(&matches).unwrap();
            assert_eq!(protocols(&args), expected, "{flag:?}");
        }
    }

    #[test]
    fn the_host_of_an_address_is_without_port_and_brackets() {
        assert_eq!(host("https://cloud.example.org/x"), Some("cloud.example.org"));
        assert_eq!(host("https://cloud.example.org:8774"), Some("cloud.example.org"));
        assert_eq!(host("https://[2001:db8::1]:8774/"), Some("2001:db8::1"));
    }
}
