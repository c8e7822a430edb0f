//! Ids of things that are declared by name, for services that show a UUID: always the same for
//! the same name.

use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// The id of a thing of this kind and name (RFC 9562, section 5.8: a UUID of one's own making).
pub fn id(kind: &str, name: &str) -> Uuid {
    // A zero byte ends the kind, so that no two pairs read the same.
    let digest = Sha256::new().chain_update(kind).chain_update([0]).chain_update(name).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_names_own() {
        assert_eq!(id("host", "a"), id("host", "a"));
        assert_ne!(id("host", "a"), id("host", "b"));
        assert_ne!(id("host", "a"), id("service", "a"));
        assert_ne!(id("ab", "c"), id("a", "bc"));
    }
}
