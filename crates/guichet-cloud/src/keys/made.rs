//! Making keys: RSA, on a thread that may compute, few at once and few waiting. A storm of requests
//! for keys waits for itself and for nothing else.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::limits;
use guichet_core::time::Timestamp;
use rsa::PrivateKey;
use rsa::pkcs1::{EncodeRsaPrivateKey, LineEnding};
use rsa::traits::PublicKeyParts;
use ssh_key::public::{KeyData, RsaPublicKey};
use ssh_key::{Mpint, PublicKey};

use super::certificate::certified;
use super::error::KeyError;
use crate::accounts::{Asker, HashQueue, QueueFull};

/// What stands behind a public key that was made, as Nova has it.
const COMMENT: &str = "Generated-by-Nova";

/// A key that was made. It has no `Debug`: the private key is in it.
pub(super) struct MadeKey {
    /// As OpenSSH has it; a certificate as PEM.
    pub(super) public: String,
    /// As PEM (RFC 8017, appendix A.1.2); that of a certificate as PKCS #12 in Base64. Whoever asked
    /// gets it, and nobody else: it is not stored.
    pub(super) private: String,
}

/// What a key is made as.
pub(super) enum Form {
    /// As OpenSSH has it.
    Ssh,
    /// As a certificate.
    Certificate {
        /// The id of the user that it is of.
        user_id: Arc<str>,
        /// From when on it is good.
        from: Timestamp,
    },
}

/// Those who wait for keys, and one permit for each that is being made; the thread that makes it
/// holds it to its end, also if its client has gone.
pub(super) struct Maker {
    queue: HashQueue,
}

impl Maker {
    pub(super) fn new() -> Self {
        Self { queue: HashQueue::new(limits::KEYS_MADE_AT_ONCE, limits::KEYS_WAITING_MAX) }
    }

    /// Makes a key for a user.
    ///
    /// # Errors
    /// [`KeyError::Busy`]; [`KeyError::Stopping`] if the runtime ends meanwhile.
    pub(super) async fn make(&self, user: usize, form: Form) -> Result<MadeKey, KeyError> {
        let asker = Asker { source: None, user: Some(user) };
        let permit = self.queue.enter(asker).await.map_err(|QueueFull| KeyError::Busy {
            // At a second each, all that wait now are made then.
            retry_after: Duration::from_secs(limits::KEYS_WAITING_MAX as u64),
        })?;
        let made = tokio::task::spawn_blocking(move || {
            let made = make(&form);
            drop(permit);
            made
        });
        made.await.ok().flatten().ok_or(KeyError::Stopping)
    }
}

/// A key; none if the system has no random bytes.
fn make(form: &Form) -> Option<MadeKey> {
    let key = PrivateKey::new(&mut getrandom::SysRng, limits::KEY_BITS).ok()?;
    match form {
        Form::Ssh => ssh(&key),
        Form::Certificate { user_id, from } => {
            let (public, private) = certified(key, user_id, *from)?;
            Some(MadeKey { public, private })
        }
    }
}

fn ssh(key: &PrivateKey) -> Option<MadeKey> {
    let (e, n) = (key.e_bytes(), key.n_bytes());
    let parts = RsaPublicKey {
        e: Mpint::from_positive_bytes(&e).ok()?,
        n: Mpint::from_positive_bytes(&n).ok()?,
    };
    let public = PublicKey::new(KeyData::Rsa(parts), COMMENT).to_openssh().ok()?;
    let private = key.to_pkcs1_pem(LineEnding::LF).ok()?;
    Some(MadeKey { public, private: private.to_string() })
}
