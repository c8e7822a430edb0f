//! Public keys as clients give them, and their fingerprints.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use guichet_core::key_pair::KeyKind;
use guichet_core::limits;
use md5::{Digest, Md5};
use sha1::Sha1;
use ssh_key::PublicKey;
use ssh_key::public::KeyData;
use x509_cert::Certificate;
use x509_cert::der::{Decode, Document};

use super::error::KeyProblem;

/// The shortest RSA key that is taken, bits: what OpenSSH and the library that Nova reads keys with
/// hold to be one.
const RSA_BITS_MIN: usize = 1_024;

/// The fingerprint of a public key: of an OpenSSH key MD5 of what is encoded in it (as
/// `ssh-keygen -E md5 -l` shows it), of a certificate SHA-1 of its DER, bytes in hexadecimal with
/// colons between them. So has Nova them.
///
/// # Errors
/// [`KeyProblem`]: the text is no such key.
pub fn fingerprint(kind: KeyKind, text: &str) -> Result<String, KeyProblem> {
    if text.len() > limits::PUBLIC_KEY_MAX {
        return Err(KeyProblem::TooLong);
    }
    match kind {
        KeyKind::Ssh => {
            let encoded = ssh(text).ok_or(KeyProblem::NoSshKey)?;
            Ok(with_colons(&Md5::digest(encoded)))
        }
        KeyKind::X509 => {
            let encoded = certificate(text).ok_or(KeyProblem::NoCertificate)?;
            Ok(with_colons(&Sha1::digest(encoded)))
        }
    }
}

/// What is encoded in `ALGORITHM BASE64 [COMMENT]` (sshd(8), "AUTHORIZED_KEYS FILE FORMAT", without
/// options), if it is a key of that algorithm (RFC 4253, section 6.6).
fn ssh(text: &str) -> Option<Vec<u8>> {
    let mut words = text.split([' ', '\t', '\n', '\r']);
    let (algorithm, encoded) = (words.next()?, words.find(|word| !word.is_empty())?);
    let encoded = BASE64_STANDARD.decode(encoded).ok()?;
    let key = PublicKey::from_bytes(&encoded).ok()?;
    let is_whole = match key.key_data() {
        KeyData::Rsa(rsa) => rsa.n.as_positive_bytes()?.len() * 8 >= RSA_BITS_MIN,
        _ => true,
    };
    (is_whole && key.algorithm().as_str() == algorithm).then_some(encoded)
}

/// The DER of a certificate as PEM (RFC 7468, section 5).
fn certificate(text: &str) -> Option<Vec<u8>> {
    let (label, document) = Document::from_pem(text.trim()).ok()?;
    let is_certificate =
        label == "CERTIFICATE" && Certificate::from_der(document.as_bytes()).is_ok();
    is_certificate.then(|| document.as_bytes().to_vec())
}

fn with_colons(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(":")
}

#[cfg(test)]
mod tests;
