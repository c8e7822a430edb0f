//! Ids made from names: the same after every restart, so that what a client wrote down stays true.

use std::sync::Arc;

use guichet_core::hex::Hex;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

fn digest(kind: &str, name: &str) -> [u8; 32] {
    // A kind has no line break, so no two pairs are one text.
    Sha256::digest(format!("guichet {kind}\n{name}")).into()
}

/// 32 hexadecimal digits: the id of a user, a project, a role or a service.
pub fn hex(kind: &str, name: &str) -> Arc<str> {
    Arc::from(hexadecimal(&digest(kind, name)[..16]))
}

/// A uuid that looks like one made from a name (version 5): the id of a flavor, image or network
/// that is declared without one.
pub fn uuid(kind: &str, name: &str) -> Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest(kind, name)[..16]);
    Builder::from_sha1_bytes(bytes).into_uuid()
}

/// The id of an object that nobody declares but that belongs to one that is declared, such as the
/// security group of a project (RFC 9562, section 5.8: a UUID of one's own making).
pub fn derived(kind: &str, name: &str) -> Uuid {
    // A zero byte ends the kind, so that no two pairs read the same.
    let digest = Sha256::new().chain_update(kind).chain_update([0]).chain_update(name).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}

/// Bytes as hexadecimal digits, two each.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    Hex(bytes).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_names_own() {
        assert_eq!(derived("host", "a"), derived("host", "a"));
        assert_ne!(derived("host", "a"), derived("host", "b"));
        assert_ne!(derived("host", "a"), derived("service", "a"));
        assert_ne!(derived("ab", "c"), derived("a", "bc"));
    }
}
