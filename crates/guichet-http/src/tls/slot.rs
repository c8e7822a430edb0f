//! What handshakes go by, and how it changes.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use guichet_clock::WorldClock;
use guichet_core::time::Clock;
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::Ticketer;
use rustls::pki_types::CertificateDer;
use rustls::server::{NoServerSessionStorage, ParsedCertificate, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys, RootCertStore, ServerConfig};

use super::error::TlsError;
use super::files::{certificates, private_key, unusable_certificate, unusable_key};
use super::provider::provider;
use super::validity::Validity;

/// Whom a service lets in by their certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clients {
    /// The authorities that clients' certificates come from.
    pub ca: PathBuf,
    /// Whether who has none is let in too. A certificate that is shown must be sound in any case.
    pub optional: bool,
}

/// Where everything is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The service's own certificate, and behind it those of its authorities.
    pub cert: PathBuf,
    /// The key of the service's own certificate.
    pub key: PathBuf,
    /// Whom it lets in; without it, everybody.
    pub clients: Option<Clients>,
}

/// What may be spoken over TLS, which a client chooses from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Protocols {
    /// HTTP/2 for who speaks it, and HTTP/1.1.
    #[default]
    Both,
    /// HTTP/1.1 alone.
    Http1,
}

impl Protocols {
    /// By the names that are agreed on (RFC 7301), the preferred one first.
    fn names(self) -> Vec<Vec<u8>> {
        let names: &[&[u8]] = match self {
            Self::Both => &[b"h2", b"http/1.1"],
            Self::Http1 => &[b"http/1.1"],
        };
        names.iter().map(|name| name.to_vec()).collect()
    }
}

/// What came of a reload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reloaded {
    /// Handshakes go by other certificates from here on.
    Changed,
    /// The files say what they said.
    Same,
}

/// The certificates that handshakes go by.
#[derive(Debug)]
pub struct CertificateSlot {
    files: TlsFiles,
    protocols: Protocols,
    /// Held to copy or replace a pointer.
    current: RwLock<Arc<Loaded>>,
}

/// What the files said, as a whole.
#[derive(Debug)]
struct Loaded {
    config: Arc<ServerConfig>,
    read: Read,
}

/// What was read, to be compared.
#[derive(Debug, PartialEq, Eq)]
struct Read {
    chain: Vec<CertificateDer<'static>>,
    /// A key has no more to it than its certificate, but for how it is written down.
    authorities: Vec<CertificateDer<'static>>,
}

impl CertificateSlot {
    /// Reads the files.
    ///
    /// # Errors
    /// [`TlsError`]: which file, what is wrong, what was expected.
    pub fn open(files: TlsFiles) -> Result<Self, TlsError> {
        Self::open_for(files, Protocols::default())
    }

    /// The same, for connections over which these are spoken.
    ///
    /// # Errors
    /// [`TlsError`], as [`CertificateSlot::open`].
    pub fn open_for(files: TlsFiles, protocols: Protocols) -> Result<Self, TlsError> {
        let loaded = load(&files, protocols)?;
        Ok(Self { files, protocols, current: RwLock::new(Arc::new(loaded)) })
    }

    /// Reads the files again, and has handshakes go by them from here on if all of them are sound;
    /// says in the log what came of it. It reads files: not for a thread that serves.
    ///
    /// # Errors
    /// [`TlsError`]; handshakes go on by what was there.
    pub fn reload(&self) -> Result<Reloaded, TlsError> {
        let loaded = load(&self.files, self.protocols).inspect_err(|error| {
            tracing::error!("the certificate is not changed, the one before stays: {error}");
        })?;
        if self.current().read == loaded.read {
            tracing::info!("the certificate files say what they said");
            return Ok(Reloaded::Same);
        }
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(loaded);
        tracing::info!("new connections see the certificate that was read now");
        Ok(Reloaded::Changed)
    }

    /// Where everything is.
    pub const fn files(&self) -> &TlsFiles {
        &self.files
    }

    /// What the next handshake goes by.
    pub(crate) fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.current().config)
    }

    fn current(&self) -> Arc<Loaded> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// All of it, checked; what will not please clients is said in the log.
fn load(files: &TlsFiles, protocols: Protocols) -> Result<Loaded, TlsError> {
    let provider = provider();
    let chain = certificates(&files.cert)?;
    let mut own = None;
    for (position, certificate) in chain.iter().enumerate() {
        let validity = Validity::read(&files.cert, position + 1, certificate)?;
        own.get_or_insert(validity);
    }
    let key = fitting(files, chain.clone(), &provider)?;
    let authorities =
        files.clients.as_ref().map(|clients| certificates(&clients.ca)).transpose()?;
    let library = |error: Error| TlsError::Library(error.to_string());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(library)?;
    let builder = match (&files.clients, &authorities) {
        (Some(clients), Some(authorities)) => {
            let roots = roots(&clients.ca, authorities)?;
            let mut verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
            if clients.optional {
                verifier = verifier.allow_unauthenticated();
            }
            let verifier = verifier.build();
            let verifier = verifier.map_err(|error| TlsError::Library(error.to_string()))?;
            builder.with_client_cert_verifier(verifier)
        }
        _ => builder.with_no_client_auth(),
    };
    let mut config = builder.with_cert_resolver(Arc::new(Fixed(Arc::new(key))));
    config.alpn_protocols = protocols.names();
    // What a client may go on with is in its ticket, and nothing of it is kept here.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.ticketer = Ticketer::new().map_err(library)?;
    config.send_tls13_tickets = 1;
    if let Some(validity) = own {
        validity.warn(&files.cert, WorldClock::real().now());
        tracing::debug!(until = validity.until(), "certificate read");
    }
    let read = Read { chain, authorities: authorities.unwrap_or_default() };
    Ok(Loaded { config: Arc::new(config), read })
}

/// The certificates with their key, if it is theirs.
fn fitting(
    files: &TlsFiles,
    chain: Vec<CertificateDer<'static>>,
    provider: &CryptoProvider,
) -> Result<CertifiedKey, TlsError> {
    if let Some(own) = chain.first() {
        ParsedCertificate::try_from(own)
            .map_err(|error| unusable_certificate(&files.cert, 1, &error.to_string()))?;
    }
    let key = private_key(&files.key)?;
    CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
        Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
            TlsError::Mismatch { cert: files.cert.clone(), key: files.key.clone() }
        }
        error => unusable_key(&files.key, &error),
    })
}

/// Authorities to check clients by.
fn roots(path: &Path, authorities: &[CertificateDer<'static>]) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    for (position, authority) in authorities.iter().enumerate() {
        roots
            .add(authority.clone())
            .map_err(|error| unusable_certificate(path, position + 1, &error.to_string()))?;
    }
    Ok(roots)
}

/// The same certificate for whoever asks, under whatever name.
#[derive(Debug)]
struct Fixed(Arc<CertifiedKey>);

impl rustls::server::ResolvesServerCert for Fixed {
    fn resolve(&self, _: rustls::server::ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}
