//! Certificates that are made for a test, and clients that go by them.

use std::sync::Arc;

use guichet_http::tls::{CertificateSlot, Clients, TlsFiles, provider};
use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::service::{Service, one_answer};

/// What certificates come from.
pub(super) struct Authority {
    pub(super) cert: String,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its key, in PEM.
#[derive(Clone)]
pub(super) struct Pair {
    pub(super) cert: String,
    pub(super) key: String,
}

impl Authority {
    pub(super) fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let key = KeyPair::generate().unwrap();
        let cert = params.self_signed(&key).unwrap().pem();
        Self { cert, issuer: Issuer::new(params, key) }
    }

    /// A certificate for this name, good for either side.
    pub(super) fn pair(&self, name: &str) -> Pair {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate().unwrap();
        let cert = params.signed_by(&key, &self.issuer).unwrap().pem();
        Pair { cert, key: key.serialize_pem() }
    }
}

/// Where a service has its files.
pub(super) struct Place {
    dir: TempDir,
    clients: Option<Clients>,
}

impl Place {
    pub(super) fn of(pair: &Pair) -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap(), clients: None };
        place.write(pair);
        place
    }

    pub(super) fn with_clients(mut self, authority: &Authority, optional: bool) -> Self {
        let ca = self.dir.path().join("clients.pem");
        std::fs::write(&ca, &authority.cert).unwrap();
        self.clients = Some(Clients { ca, optional });
        self
    }

    pub(super) fn write(&self, pair: &Pair) {
        let TlsFiles { cert, key, .. } = self.files();
        std::fs::write(cert, &pair.cert).unwrap();
        std::fs::write(key, &pair.key).unwrap();
    }

    pub(super) fn files(&self) -> TlsFiles {
        let [cert, key] = ["cert.pem", "key.pem"].map(|name| self.dir.path().join(name));
        TlsFiles { cert, key, clients: self.clients.clone() }
    }

    pub(super) fn slot(&self) -> Arc<CertificateSlot> {
        Arc::new(CertificateSlot::open(self.files()).unwrap())
    }
}

/// A client.
pub(super) struct Client {
    trusts: RootCertStore,
    versions: Vec<&'static SupportedProtocolVersion>,
    protocols: Vec<Vec<u8>>,
    shows: Option<Pair>,
}

impl Client {
    /// One that trusts this authority, and speaks HTTP/1.1.
    pub(super) fn of(authority: &Authority) -> Self {
        let mut trusts = RootCertStore::empty();
        trusts.add(CertificateDer::from_pem_slice(authority.cert.as_bytes()).unwrap()).unwrap();
        let protocols = vec![b"http/1.1".to_vec()];
        Self { trusts, versions: rustls::ALL_VERSIONS.to_vec(), protocols, shows: None }
    }

    pub(super) fn version(mut self, version: &'static SupportedProtocolVersion) -> Self {
        self.versions = vec![version];
        self
    }

    pub(super) fn protocol(mut self, name: &str) -> Self {
        self.protocols = vec![name.as_bytes().to_vec()];
        self
    }

    /// One that speaks HTTP/2, and HTTP/1.1 if it must.
    pub(super) fn speaks_both(mut self) -> Self {
        self.protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        self
    }

    pub(super) fn shows(mut self, pair: &Pair) -> Self {
        self.shows = Some(pair.clone());
        self
    }

    pub(super) async fn connect(&self, service: &Service) -> std::io::Result<TlsStream<TcpStream>> {
        self.connect_over(TcpStream::connect(service.address).await?).await
    }

    pub(super) async fn connect_over(
        &self,
        tcp: TcpStream,
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let builder = ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(&self.versions)
            .unwrap()
            .with_root_certificates(self.trusts.clone());
        let mut config = match &self.shows {
            Some(Pair { cert, key }) => {
                let cert = CertificateDer::from_pem_slice(cert.as_bytes()).unwrap();
                let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
                builder.with_client_auth_cert(vec![cert], key).unwrap()
            }
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols.clone_from(&self.protocols);
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, tcp).await
    }

    /// The answer to this; none if it is not let in, which a client of TLS 1.3 learns when it reads.
    pub(super) async fn asks(&self, service: &Service, text: &str) -> Option<String> {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};

        let mut stream = self.connect(service).await.ok()?;
        stream.write_all(text.as_bytes()).await.ok()?;
        let mut first = vec![0; 1];
        stream.read_exact(&mut first).await.ok()?;
        Some(String::from_utf8(first).unwrap() + &one_answer(&mut stream).await)
    }
}

/// What is answered to this.
pub(super) async fn said(stream: &mut TlsStream<TcpStream>, text: &str) -> String {
    use tokio::io::AsyncWriteExt;

    stream.write_all(text.as_bytes()).await.unwrap();
    one_answer(stream).await
}
