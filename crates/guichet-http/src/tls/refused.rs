//! Why a handshake came to nothing, as a client sees it.

use std::error::Error;

use rustls::{AlertDescription, CertificateError, Error as TlsFailure};

/// What stands between a client and a service that answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The client does not trust the service's certificate.
    Untrusted,
    /// What the service shows is an authority's certificate, which no client takes for a service's.
    IsAuthority,
    /// The service wants a certificate of the client, or another one.
    WantsCertificate,
}

impl Refused {
    /// What an error is about, if it is about that: it, or what it was caused by.
    pub fn of(error: &(dyn Error + 'static)) -> Option<Self> {
        let mut cause = Some(error);
        while let Some(error) = cause {
            let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
            let inner = inner.map(|inner| inner as &(dyn Error + 'static));
            if let Some(failure) = inner.unwrap_or(error).downcast_ref::<TlsFailure>() {
                return Self::by(failure);
            }
            cause = inner.or_else(|| error.source());
        }
        None
    }

    fn by(failure: &TlsFailure) -> Option<Self> {
        match failure {
            TlsFailure::InvalidCertificate(CertificateError::Other(why))
                // The library names it in no other way.
                if format!("{why:?}").contains("CaUsedAsEndEntity") =>
            {
                Some(Self::IsAuthority)
            }
            TlsFailure::InvalidCertificate(_) => Some(Self::Untrusted),
            TlsFailure::AlertReceived(
                AlertDescription::CertificateRequired
                | AlertDescription::BadCertificate
                | AlertDescription::UnknownCA
                | AlertDescription::CertificateExpired
                | AlertDescription::CertificateUnknown,
            ) => Some(Self::WantsCertificate),
            _ => None,
        }
    }
}
