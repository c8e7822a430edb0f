//! From when and until when a certificate holds.

use std::path::Path;
use std::time::Duration;

use guichet_core::limits;
use guichet_core::time::Timestamp;
use rustls::pki_types::CertificateDer;
use x509_cert::Certificate;
use x509_cert::der::Decode;

use super::error::TlsError;
use super::files::unusable_certificate;
use crate::dates;

/// When a certificate holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Validity {
    from: Timestamp,
    until: Timestamp,
}

impl Validity {
    /// That of the certificate with this number in a file.
    pub(super) fn read(
        path: &Path,
        number: usize,
        der: &CertificateDer<'_>,
    ) -> Result<Self, TlsError> {
        let read = Certificate::from_der(der)
            .map_err(|error| unusable_certificate(path, number, &error.to_string()))?;
        let validity = read.tbs_certificate().validity();
        let at = |since_1970: Duration| {
            Timestamp::from_micros(u64::try_from(since_1970.as_micros()).unwrap_or(u64::MAX))
        };
        Ok(Self {
            from: at(validity.not_before.to_unix_duration()),
            until: at(validity.not_after.to_unix_duration()),
        })
    }

    /// Says in the log what clients will not like about it, or soon will not.
    pub(super) fn warn(self, path: &Path, now: Timestamp) {
        let path = path.display();
        let (from, until) = (dates::seconds(self.from), dates::seconds(self.until));
        if now < self.from {
            tracing::warn!(%from, "{path}: the certificate does not hold yet; clients refuse it");
        } else if now >= self.until {
            tracing::warn!(%until, "{path}: the certificate has expired; clients refuse it");
        } else if self.until.since(now) < limits::TLS_EXPIRY_NOTICE {
            tracing::warn!(%until, "{path}: the certificate expires soon");
        }
    }

    /// Its end, as the log has it.
    pub(super) fn until(self) -> String {
        dates::seconds(self.until).to_string()
    }
}
