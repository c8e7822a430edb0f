//! Fingerprints of fixed keys, as `ssh-keygen -E md5 -l` and `openssl x509 -fingerprint` show them.

use super::*;

const DSA: &str = "ssh-dss AAAAB3NzaC1kc3MAAACBAK/34B/6rES9kSVDnidfbXveS4QUtP9gKCwd5GMymXsSD9F3w1YNsfhz8XIVarc2HQFJG9W2OWDupmOpmNF9WjAwORreMcjO4+NZDb2oGBVVdL0gFzPxUp3SZwZVFAC2YpHclR/ojyn2vDceRaaAO+FBTBl1t+YrcHuA9NkYkwXLAAAAFQDeu8CE6HvyKLNOZd6cQxyqA3MDXwAAAIBTLXaCSizFefhBh/qTgq9iLgiAUZiyT5YSqJ0wkIY7ozGdi6cXHO9xOtFfTv1YYjJYEmhn9gG7f99rv8AJErbZtEVZDi9XPhVyRL7DZJmQPyofRW7ImGYy+fcLaxDsQwpWgIG7VidDXuJrmJcSkzO9cPALiH9QpwU6GvUKpRyA1QAAAIAP9Yog1GV+8dzQrgVRIeqU/8OOG2svKJNmwIl3RR2Xo4KrTNysGwft1ZG1AGCfiX8lXiPsQ1wBYuJR6qCOilmXFVu/Wrr0lvW3KSh75uca8ersared4nwgeeSCVMZc9Jnz1zkh+4fpGpPUCvFbhc1/gfbuOn8zlhH4pwM/idbv6Q==";
const ECDSA: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBJAUPipu7b8S9FWTGHFawqiXPrUve8f+4Aqp0b0MCi5RHyABf5x3FHEXNxBNHzJBvxaZ4+2/i7Y7yb3su8659hg= me@here";
const ED25519: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAII/Alngc65/JgDXpTrswM3iy1W8yKTWPaopbSqFt3Nph me@here";
const RSA: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQCkDTrhUCU48rAbO17+K8+I4iTBHHfE5qYmBotFoU61+tzESPHfOVWxPSvd7ux8TsiCf29Pq9RcvosXfQA7ZZvck/d4g7G49CR3j8uM9HRyZaWlv/yRDj5tt+ntPBLO/08TLawDE7r9UWdzwKZ3QJi0Ad53zuxgDSBcTEt5d0P/xzhjRINccyG23HV0ryRHLqxO79P/OjKuMlDgQuYT3DV0kRvrf6qKhDiNoY1jkEEsdQEyyEBfmA8EP2jxuTeCwCJQg3RqYi+Yh5J0Vwm7iNBD3kXP3jp0fSYc81aTGuJgM1IufzXG2w2J1YMcKTULQXtNvvw4NKS2wOVV/kjlLymn35ZEMdLPTfhjYaqyucVthhW5VOcSgWYFtr0JmZV/x075GtUxn9JH1ulQDC3iz64bwcHtCj4sIfUTl8p1wVKWnp9j4l7tIVzc6we8vgCaVrobrfvprGeeBgrIPRIv1FJqKs9weyVzOwNYDfH9pdm3mlUMNU4vbRifVPoIdcrb1IE= me@here";

const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----
MIIBczCCARmgAwIBAgIUWB+QAGU4xwEM0SLTIO/ry7zpz6owCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEZGVtbzAeFw0yNjExMjgxNzQ5NTdaFw0zNjExMjUxNzQ5NTda
MA8xDTALBgNVBAMMBGRlbW8wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAROJ91/
qoU/eQZX3ocZNuVFlaTE+C3ufGawp8DY3qR0x9zYVPcsDFklW6vZ2uTjlbyqn6h7
L6ljMnxqDTyPkUvIo1MwUTAdBgNVHQ4EFgQUl6ABzpj4p41WMo9swci+Stip2Zow
HwYDVR0jBBgwFoAUl6ABzpj4p41WMo9swci+Stip2ZowDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNIADBFAiAWNhhI1joM8Almrwk6UrwR7Aw28U0PTvSedB9j
fCYJ0QIhAJ+XjJQx/8jNgY/8sQ9QDaNBacx5O9l5II10+6kXSrtS
-----END CERTIFICATE-----";

fn of_ssh(text: &str) -> Result<String, KeyProblem> {
    fingerprint(KeyKind::Ssh, text)
}

#[test]
fn keys_have_the_fingerprints_that_others_show() {
    for (key, shown) in [
        (DSA, "20:b3:63:f0:a8:ff:38:3a:b4:7b:78:13:ee:ce:02:ee"),
        (ECDSA, "6b:3e:59:3b:40:ec:a5:9e:b1:0d:74:b5:e3:5c:71:f8"),
        (ED25519, "28:d5:1c:86:81:41:60:62:b3:95:fc:1a:fb:13:f0:b9"),
        (RSA, "c4:f8:9e:4a:c8:67:d5:d3:0b:95:b3:95:a7:0d:4b:2d"),
    ] {
        assert_eq!(of_ssh(key).as_deref(), Ok(shown), "{key}");
        assert_eq!(of_ssh(&format!("{key} and more\n")).as_deref(), Ok(shown), "{key}");
    }
    let shown = "34:3e:8e:97:cc:89:64:a1:b4:d7:b1:d6:38:06:be:6e:f5:fb:47:5e";
    assert_eq!(fingerprint(KeyKind::X509, CERTIFICATE).as_deref(), Ok(shown));
}

#[test]
fn what_is_no_key_has_none() {
    let (algorithm, encoded) = ED25519.split_once(' ').expect("two words");
    let encoded = encoded.split(' ').next().expect("a word");
    for wrong in [
        String::new(),
        algorithm.to_owned(),
        encoded.to_owned(),
        format!("ssh-rsa {encoded}"),
        format!("{algorithm} {}", &encoded[..encoded.len() - 4]),
        format!("{algorithm} {encoded}AAAA"),
        format!("{algorithm} {}", encoded.replace('/', "!")),
        format!(" {algorithm} {encoded}"),
        format!("no-pty {algorithm} {encoded}"),
        CERTIFICATE.to_owned(),
    ] {
        assert_eq!(of_ssh(&wrong), Err(KeyProblem::NoSshKey), "{wrong}");
    }
    for wrong in
        ["", ED25519, &CERTIFICATE.replace("CERTIFICATE", "PUBLIC KEY"), &CERTIFICATE[..200]]
    {
        assert_eq!(fingerprint(KeyKind::X509, wrong), Err(KeyProblem::NoCertificate), "{wrong}");
    }
    let long = format!("{ED25519} {}", "x".repeat(limits::PUBLIC_KEY_MAX));
    assert_eq!(of_ssh(&long), Err(KeyProblem::TooLong));
}

/// An RSA key of 512 bits is no key any more.
#[test]
fn a_short_rsa_key_is_refused() {
    use ssh_key::Mpint;
    use ssh_key::public::RsaPublicKey;
    let of_bytes = |count: usize| {
        let parts = RsaPublicKey {
            e: Mpint::from_positive_bytes(&[1, 0, 1]).expect("a number"),
            n: Mpint::from_positive_bytes(&vec![0xc1; count]).expect("a number"),
        };
        PublicKey::new(KeyData::Rsa(parts), "").to_openssh().expect("it can be written")
    };
    assert_eq!(of_ssh(&of_bytes(64)), Err(KeyProblem::NoSshKey));
    assert!(of_ssh(&of_bytes(128)).is_ok());
}
