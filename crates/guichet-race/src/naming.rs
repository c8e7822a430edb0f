//! The servers of a race by number: their names and ids.

use guichet_core::ids::ServerId;

/// The name of server number `index`, from 0: A to Z, then by number.
pub(crate) fn name(index: usize) -> String {
    match u8::try_from(index) {
        Ok(letter @ 0..26) => char::from(b'A' + letter).to_string(),
        _ => format!("S{}", index + 1),
    }
}

/// The id of server number `index`.
pub(crate) fn id_of(index: usize) -> ServerId {
    ServerId::from_bits(index as u128)
}

/// Which server this is, from 0.
pub(crate) fn index_of(id: ServerId) -> usize {
    let (_, low) = id.0.as_u64_pair();
    // The upper bits of the lower half carry the UUID's variant.
    (low & 0xFFFF_FFFF) as usize
}
