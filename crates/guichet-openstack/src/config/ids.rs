//! Ids made from names: the same after every restart, so that what a client wrote down stays true.

use std::sync::Arc;

use guichet_http::hex::Hex;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

fn digest(kind: &str, name: &str) -> [u8; 32] {
    // A kind has no line break, so no two pairs are one text.
    Sha256::digest(format!("guichet {kind}\n{name}")).into()
}

/// 32 hexadecimal digits, as Keystone's ids are.
pub(crate) fn hex(kind: &str, name: &str) -> Arc<str> {
    Arc::from(Hex(&digest(kind, name)[..16]).to_string())
}

/// A uuid that looks like one made from a name (version 5).
pub(crate) fn uuid(kind: &str, name: &str) -> Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest(kind, name)[..16]);
    Builder::from_sha1_bytes(bytes).into_uuid()
}
