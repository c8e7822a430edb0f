//! Files in PEM: certificates and keys.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use guichet_core::limits;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::error::{CERTIFICATES, TlsError};

/// What a file with a key has.
const KEY: &str = "a private key in PEM, not encrypted (PKCS #8, PKCS #1 or SEC 1)";

/// All certificates of a file, in its order; at least one.
///
/// # Errors
/// [`TlsError`].
pub fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let text = read(path, CERTIFICATES)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let found = found.map_err(|error| broken(path, &error, CERTIFICATES))?;
    if found.is_empty() {
        return Err(TlsError::Missing { path: path.to_owned(), expected: CERTIFICATES });
    }
    Ok(found)
}

/// The first private key of a file.
///
/// # Errors
/// [`TlsError`].
pub fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    let text = read(path, KEY)?;
    PrivateKeyDer::from_pem_slice(&text).map_err(|error| match error {
        PemError::NoItemsFound if contains(&text, b"ENCRYPTED PRIVATE KEY") => TlsError::Broken {
            path: path.to_owned(),
            why: "the key is encrypted, and nobody is asked for its password".to_owned(),
            expected: KEY,
        },
        PemError::NoItemsFound => TlsError::Missing { path: path.to_owned(), expected: KEY },
        error => broken(path, &error, KEY),
    })
}

/// A key that is understood but not taken.
pub(super) fn unusable_key(path: &Path, why: &rustls::Error) -> TlsError {
    TlsError::Broken { path: path.to_owned(), why: why.to_string(), expected: KEY }
}

/// A certificate that is none, by its place in the file.
pub(super) fn unusable_certificate(path: &Path, number: usize, why: &str) -> TlsError {
    let why = format!("certificate {number} is broken ({why})");
    TlsError::Broken { path: path.to_owned(), why, expected: CERTIFICATES }
}

fn read(path: &Path, expected: &'static str) -> Result<Vec<u8>, TlsError> {
    let unreadable = |why| TlsError::Unreadable { path: path.to_owned(), why };
    let file = File::open(path).map_err(unreadable)?;
    let mut text = Vec::new();
    // One byte more tells a file of that length from a longer one.
    file.take(limits::TLS_FILE_MAX + 1).read_to_end(&mut text).map_err(unreadable)?;
    if text.len() as u64 > limits::TLS_FILE_MAX {
        return Err(TlsError::TooLong { path: path.to_owned(), expected });
    }
    Ok(text)
}

fn broken(path: &Path, error: &PemError, expected: &'static str) -> TlsError {
    // The library would show bytes, of a key perhaps.
    let why = match error {
        PemError::MissingSectionEnd { .. } => "it breaks off, without its END line",
        PemError::IllegalSectionStart { .. } => "a BEGIN line is broken",
        PemError::Base64Decode(_) => "it is no base64 between its BEGIN and its END line",
        _ => "it is no PEM",
    };
    TlsError::Broken { path: path.to_owned(), why: why.to_owned(), expected }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
