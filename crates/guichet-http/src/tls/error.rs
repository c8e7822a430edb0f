//! What can be wrong with the files of TLS.

use std::io;
use std::path::{Path, PathBuf};

use guichet_core::limits;

/// What a file with certificates has.
pub(super) const CERTIFICATES: &str = "certificates in PEM (-----BEGIN CERTIFICATE-----)";

/// Why files are not taken. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The system does not give it.
    #[error("{}: cannot be read: {why}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// It is longer than such a file is.
    #[error("{}: is longer than {} bytes; expected {expected}", .path.display(), limits::TLS_FILE_MAX)]
    TooLong {
        /// The file.
        path: PathBuf,
        /// What was expected there.
        expected: &'static str,
    },
    /// There is none of what was expected in it.
    #[error("{}: there is none in it; expected {expected}", .path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// What was expected there.
        expected: &'static str,
    },
    /// What is in it is broken.
    #[error("{}: {why}; expected {expected}", .path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
        /// What was expected there.
        expected: &'static str,
    },
    /// The key is another certificate's.
    #[error(
        "{}: does not fit the first certificate in {}; expected the key that it was made for, and \
         the service's own certificate in front of those of its authorities",
        .key.display(), .cert.display()
    )]
    Mismatch {
        /// The file with the certificates.
        cert: PathBuf,
        /// The file with the key.
        key: PathBuf,
    },
    /// No certificate can be drawn, or the library does not go by what it is given.
    #[error("TLS: {0}")]
    Library(String),
}

impl TlsError {
    /// The file that is to be mended, if it is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Unreadable { path, .. }
            | Self::TooLong { path, .. }
            | Self::Missing { path, .. }
            | Self::Broken { path, .. }
            | Self::Mismatch { key: path, .. } => Some(path),
            Self::Library(_) => None,
        }
    }

    /// Whether certificates were expected in the file, and that is what is wrong.
    pub fn expects_certificates(&self) -> bool {
        match self {
            Self::TooLong { expected, .. }
            | Self::Missing { expected, .. }
            | Self::Broken { expected, .. } => *expected == CERTIFICATES,
            Self::Unreadable { .. } | Self::Mismatch { .. } | Self::Library(_) => false,
        }
    }
}
