//! A certificate that a service makes for itself, for a quick start.

use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::limits;
use guichet_core::time::{Clock, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

use super::error::TlsError;

/// How far before now it holds: a client's clock may be behind.
const BEFORE: Duration = Duration::from_secs(86_400);

/// All of it in PEM.
#[derive(Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The authority, for clients to trust. Its own key is nowhere: it never signs another.
    pub ca: String,
    /// The service's certificate.
    pub cert: String,
    /// The service's key.
    pub key: String,
}

impl std::fmt::Debug for Drawn {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Drawn").field("ca", &self.ca).finish_non_exhaustive()
    }
}

/// Draws a key and a certificate for these names and addresses, from an authority of its own.
///
/// # Errors
/// A name that no certificate can have; no random bytes.
pub fn draw(names: &[String]) -> Result<Drawn, TlsError> {
    let wrong = |error: rcgen::Error| TlsError::Library(error.to_string());
    let now = WorldClock::real().now();
    let day = |at: Timestamp| {
        let at = i64::try_from(at.micros()).ok().map(jiff::Timestamp::from_microsecond);
        let at = at.and_then(Result::ok).unwrap_or(jiff::Timestamp::MAX);
        let at = jiff::tz::Offset::UTC.to_datetime(at);
        let (month, day) = (at.month().unsigned_abs(), at.day().unsigned_abs());
        date_time_ymd(i32::from(at.year()), month, day)
    };
    let named = |name: &str, mut params: CertificateParams| {
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = day(now.before(BEFORE));
        params.not_after = day(now.after(limits::TLS_DRAWN_TIME));
        params
    };
    let mut authority = named("guichet, drawn for itself", CertificateParams::default());
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority_key = KeyPair::generate().map_err(wrong)?;
    let ca = authority.self_signed(&authority_key).map_err(wrong)?;
    let issuer = Issuer::new(authority, authority_key);
    let params = CertificateParams::new(names.to_vec()).map_err(wrong)?;
    let mut params = named("guichet", params);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate().map_err(wrong)?;
    let cert = params.signed_by(&key, &issuer).map_err(wrong)?;
    Ok(Drawn { ca: ca.pem(), cert: cert.pem(), key: key.serialize_pem() })
}
