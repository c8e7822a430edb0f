//! Files that are wrong, and what is said of them.

use guichet_http::tls::{CertificateSlot, Clients, TlsFiles, draw};

use super::support::{Authority, Pair, Place};

/// Why these are not taken.
fn refused(files: TlsFiles) -> String {
    CertificateSlot::open(files).unwrap_err().to_string()
}

#[test]
fn a_key_of_another_certificate_is_refused_and_both_files_are_named() {
    let authority = Authority::new();
    let (one, other) = (authority.pair("localhost"), authority.pair("localhost"));
    let place = Place::of(&Pair { cert: one.cert, key: other.key });
    let why = refused(place.files());
    assert!(why.contains("cert.pem") && why.contains("key.pem: does not fit"), "{why}");
}

#[test]
fn what_is_missing_broken_or_no_pem_is_named_with_what_was_expected() {
    let pair = Authority::new().pair("localhost");
    let place = Place::of(&pair);
    let files = place.files();
    let cut = pair.cert.replace("-----END CERTIFICATE-----", "");
    for (cert, why) in [
        ("", "cert.pem: there is none in it; expected certificates in PEM"),
        (&*pair.key, "cert.pem: there is none in it; expected certificates in PEM"),
        (&*cut, "cert.pem: it breaks off"),
        (
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "certificate 1 is broken",
        ),
        ("-----BEGIN CERTIFICATE-----\n$$\n-----END CERTIFICATE-----\n", "it is no base64"),
    ] {
        std::fs::write(&files.cert, cert).unwrap();
        let said = refused(files.clone());
        assert!(said.contains(why), "{said}");
    }
    std::fs::write(&files.cert, &pair.cert).unwrap();
    for (key, why) in [
        ("", "key.pem: there is none in it; expected a private key in PEM"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "key.pem: "),
        (
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
            "key.pem: the key is encrypted",
        ),
    ] {
        std::fs::write(&files.key, key).unwrap();
        let said = refused(files.clone());
        assert!(said.contains(why), "{said}");
    }
    std::fs::write(&files.key, vec![b'x'; (1 << 20) + 1]).unwrap();
    assert!(refused(files.clone()).contains("longer than 1048576 bytes"));
    std::fs::remove_file(&files.key).unwrap();
    assert!(refused(files).contains("key.pem: cannot be read"));
}

#[test]
fn authorities_of_clients_are_read_as_the_rest_is() {
    let pair = Authority::new().pair("localhost");
    let place = Place::of(&pair);
    let ca = place.files().key;
    let files = TlsFiles { clients: Some(Clients { ca, optional: false }), ..place.files() };
    assert!(refused(files).contains("key.pem: there is none in it; expected certificates"));
}

#[test]
fn a_certificate_that_is_drawn_is_one() {
    let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let drawn = draw(&names).unwrap();
    let place = Place::of(&Pair { cert: drawn.cert.clone(), key: drawn.key.clone() });
    CertificateSlot::open(place.files()).unwrap();
    assert!(!format!("{drawn:?}").contains("PRIVATE"), "its key is for nobody's log");
}
