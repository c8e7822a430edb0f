//! Where there is room for what leaves a host. Pure.

use guichet_core::server::Size;

/// What hosts that take servers have free: of those that have less of everything than another, nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Room(Vec<Size>);

impl Room {
    /// Of hosts that have so much free each.
    pub(super) fn of(free: impl Iterator<Item = Size>) -> Self {
        let mut all: Vec<Size> = free.collect();
        all.sort_by_key(|free| std::cmp::Reverse((free.vcpus, free.ram_mib)));
        let mut most_ram_mib = None;
        all.retain(|free| {
            let is_more = most_ram_mib.is_none_or(|most| free.ram_mib > most);
            if is_more {
                most_ram_mib = Some(free.ram_mib);
            }
            is_more
        });
        Self(all)
    }

    /// Whether one of them has room for that.
    pub(super) fn has(&self, size: Size) -> bool {
        self.0.iter().any(|free| free.vcpus >= size.vcpus && free.ram_mib >= size.ram_mib)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn there_is_room_where_one_host_has_it(
            hosts in prop::collection::vec((0u32..9, 0u32..9), 0..12),
            vcpus in 0u32..9, ram_mib in 0u32..9,
        ) {
            let free = || hosts.iter().map(|(vcpus, ram_mib)| Size { vcpus: *vcpus, ram_mib: *ram_mib });
            let expected = free().any(|free| free.vcpus >= vcpus && free.ram_mib >= ram_mib);
            prop_assert_eq!(Room::of(free()).has(Size { vcpus, ram_mib }), expected);
        }
    }
}
