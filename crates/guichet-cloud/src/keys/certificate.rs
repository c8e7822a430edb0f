//! Making certificates that a user logs in to Windows with: self-signed, with the name of the user
//! where WinRM looks for it, and the private key beside it in a PKCS #12 file without a password.

use std::str::FromStr;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use guichet_core::time::Timestamp;
use p12_keystore::{Certificate as StoredCertificate, KeyStore, KeyStoreEntry, PrivateKeyChain};
use rsa::PrivateKey;
use rsa::pkcs1v15::{Signature, SigningKey};
use rsa::pkcs8::EncodePrivateKey;
use rsa::signature::Keypair;
use sha1::{Digest, Sha1};
use sha2::Sha256;
use x509_cert::TbsCertificate;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{self, Builder, CertificateBuilder};
use x509_cert::der::asn1::{GeneralizedTime, ObjectIdentifier, Utf8StringRef};
use x509_cert::der::pem::LineEnding;
use x509_cert::der::{Any, Encode, EncodePem};
use x509_cert::ext::pkix::name::{GeneralName, OtherName};
use x509_cert::ext::pkix::{ExtendedKeyUsage, SubjectAltName};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfo, SubjectPublicKeyInfoRef};
use x509_cert::time::{Time, Validity};

/// That a name is a user's principal name, as Windows has them.
const PRINCIPAL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.20.2.3");
/// That the key shows who a client is (RFC 5280, section 4.2.1.12).
const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
/// How long a certificate is good: ten years without their leap days, as Nova's are.
const VALIDITY: Duration = Duration::from_secs(3_650 * 24 * 3_600);
/// How often the empty password is hashed: as often as OpenSSL does it, which is of no use to it
/// either.
const ITERATIONS: u32 = 2_048;

/// The key of a user as a certificate (as PEM), and as what the user imports: the certificate and
/// the private key in a PKCS #12 file (RFC 7292) that the empty password opens, in Base64. None if
/// the system has no random bytes.
pub(super) fn certified(
    key: PrivateKey,
    user_id: &str,
    now: Timestamp,
) -> Option<(String, String)> {
    let private = key.to_pkcs8_der().ok()?;
    let signer = SigningKey::<Sha256>::new(key);
    let public = SubjectPublicKeyInfo::from_key(&signer.verifying_key()).ok()?;
    let (owner, number) = (Owner::of(user_id)?, number()?);
    let builder = CertificateBuilder::new(owner, number, validity(now)?, public).ok()?;
    let certificate = builder.build::<_, Signature>(&signer).ok()?;
    let stored = StoredCertificate::from_der(&certificate.to_der().ok()?).ok()?;
    let private = p12_keystore::PrivateKey::from_der(private.as_bytes()).ok()?;
    let id = Sha1::digest(stored.as_der());
    let chain = PrivateKeyChain::new(id.as_slice(), private, [stored]);
    let mut file = KeyStore::new();
    file.add_entry(user_id, KeyStoreEntry::PrivateKeyChain(chain));
    let file = file.writer("").encryption_iterations(ITERATIONS).mac_iterations(ITERATIONS);
    Some((certificate.to_pem(LineEnding::LF).ok()?, BASE64_STANDARD.encode(file.write().ok()?)))
}

/// A number that no other certificate has (RFC 5280, section 4.1.2.2).
fn number() -> Option<SerialNumber> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    SerialNumber::new(&bytes).ok()
}

/// From now on, in whole seconds; the library writes it in the form that the year wants.
fn validity(now: Timestamp) -> Option<Validity> {
    let time = |at: Timestamp| {
        let since_1970 = Duration::from_secs(at.micros() / 1_000_000);
        GeneralizedTime::from_unix_duration(since_1970).ok().map(Time::GeneralTime)
    };
    Some(Validity::new(time(now)?, time(now.after(VALIDITY))?))
}

/// Whose certificate it is: its own issuer.
struct Owner {
    subject: Name,
    principal: String,
}

impl Owner {
    fn of(user_id: &str) -> Option<Self> {
        let subject = Name::from_str(&format!("CN={user_id}")).ok()?;
        Some(Self { subject, principal: format!("{user_id}@localhost") })
    }
}

impl BuilderProfile for Owner {
    fn get_issuer(&self, subject: &Name) -> Name {
        subject.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        _: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        let principal = Any::from(Utf8StringRef::new(&self.principal)?);
        let principal = OtherName { type_id: PRINCIPAL, value: principal };
        let names = SubjectAltName(vec![GeneralName::OtherName(principal)]);
        let usage = ExtendedKeyUsage(vec![CLIENT_AUTH]);
        Ok(vec![usage.to_extension(&self.subject, &[])?, names.to_extension(&self.subject, &[])?])
    }
}

#[cfg(test)]
mod tests;
