//! By what a node checks the one that it passes requests on to, and what it shows of itself.

use std::path::Path;
use std::sync::Arc;

use guichet_http::tls::{TlsError, certificates, private_key, provider};
use rustls::{ClientConfig, RootCertStore};

/// What a node shows of itself to one that wants to see a certificate.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'a> {
    /// The file of its certificate.
    pub cert: &'a Path,
    /// The file of its key.
    pub key: &'a Path,
}

/// How connections between nodes are encrypted.
#[derive(Debug, Clone)]
pub struct Trust {
    pub(crate) config: ClientConfig,
    /// Whether others are refused.
    pub(crate) is_encrypted: bool,
}

/// Why connections to other nodes cannot be encrypted.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// A file of this node's own.
    #[error(transparent)]
    Files(#[from] TlsError),
    /// The authorities that the system trusts, or a key that does not fit its certificate.
    #[error("connections to other nodes cannot be encrypted: {0}")]
    Tls(#[from] rustls::Error),
}

impl Trust {
    /// Encrypted, by the authorities that the system trusts.
    ///
    /// # Errors
    /// [`TrustError`].
    pub fn system(identity: Option<Identity<'_>>) -> Result<Self, TrustError> {
        let provider = provider();
        let verifier = rustls_platform_verifier::Verifier::new(Arc::clone(&provider))?;
        let builder = ClientConfig::builder_with_provider(provider);
        let builder = builder.with_safe_default_protocol_versions()?.dangerous();
        let builder = builder.with_custom_certificate_verifier(Arc::new(verifier));
        let Some(Identity { cert, key }) = identity else {
            return Ok(Self { config: builder.with_no_client_auth(), is_encrypted: true });
        };
        let config = builder.with_client_auth_cert(certificates(cert)?, private_key(key)?)?;
        Ok(Self { config, is_encrypted: true })
    }

    /// For nodes whose connections are plain: whoever wants encrypted ones is not trusted.
    ///
    /// # Errors
    /// [`TrustError::Tls`].
    pub fn plain() -> Result<Self, TrustError> {
        let builder = ClientConfig::builder_with_provider(provider());
        let builder = builder.with_safe_default_protocol_versions()?;
        let builder = builder.with_root_certificates(RootCertStore::empty());
        Ok(Self { config: builder.with_no_client_auth(), is_encrypted: false })
    }
}
