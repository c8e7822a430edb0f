use p12_keystore::Pkcs12ImportPolicy;
use rsa::signature::Verifier;
use x509_cert::Certificate;
use x509_cert::der::{Decode, DecodePem};

use super::*;

const USER: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

#[test]
fn a_certificate_names_its_user_and_its_file_has_the_key() {
    let key = PrivateKey::new(&mut getrandom::SysRng, 1_024).unwrap();
    let now = Timestamp::from_micros(1_767_225_600_000_000);
    let (public, private) = certified(key.clone(), USER, now).unwrap();
    let certificate = Certificate::from_pem(&public).unwrap();
    let certified = certificate.tbs_certificate();
    assert_eq!(certified.subject().to_string(), format!("CN={USER}"));
    assert_eq!(certified.issuer(), certified.subject());
    let good = certified.validity();
    assert_eq!(good.not_before.to_unix_duration().as_secs(), now.micros() / 1_000_000);
    let days = |time: &Time| time.to_unix_duration().as_secs() / 86_400;
    assert_eq!(days(&good.not_after) - days(&good.not_before), 3_650);
    let (_, usage) = certified.get_extension::<ExtendedKeyUsage>().unwrap().unwrap();
    assert_eq!(usage.0, [ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2")]);
    let (_, names) = certified.get_extension::<SubjectAltName>().unwrap().unwrap();
    let [GeneralName::OtherName(name)] = &names.0[..] else { panic!("{names:?}") };
    assert_eq!(name.type_id.to_string(), "1.3.6.1.4.1.311.20.2.3");
    assert_eq!(name.value.value(), format!("{USER}@localhost").as_bytes());

    let signature = Signature::try_from(certificate.signature().raw_bytes()).unwrap();
    let signed = certified.to_der().unwrap();
    let signer = SigningKey::<Sha256>::new(key.clone());
    signer.verifying_key().verify(&signed, &signature).unwrap();

    let file = BASE64_STANDARD.decode(&private).unwrap();
    let file = KeyStore::from_pkcs12(&file, "", Pkcs12ImportPolicy::Strict).unwrap();
    let (_, chain) = file.private_key_chain().unwrap();
    assert_eq!(Certificate::from_der(chain.certs()[0].as_der()).unwrap(), certificate);
    assert_eq!(chain.key().as_der(), key.to_pkcs8_der().unwrap().as_bytes());
}

#[test]
fn no_two_certificates_have_the_same_number() {
    let key = PrivateKey::new(&mut getrandom::SysRng, 1_024).unwrap();
    let number = |_| {
        let now = Timestamp::from_micros(1_767_225_600_000_000);
        let (public, _) = certified(key.clone(), USER, now).unwrap();
        Certificate::from_pem(&public).unwrap().tbs_certificate().serial_number().clone()
    };
    let [first, second] = [(), ()].map(number);
    assert_ne!(first, second);
}
