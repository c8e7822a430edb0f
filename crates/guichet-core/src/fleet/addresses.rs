//! Which addresses of the networks servers have: one bit an address, and where the next search
//! starts, so that an address that was given back is not given out again at once.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use crate::ids::NetworkId;
use crate::network::{AddressChange, Network, number};
use crate::server::Server;

const BITS: usize = u64::BITS as usize;

/// The addresses of one network.
#[derive(Debug, Clone)]
struct Pool {
    network: Network,
    /// A bit for each address that a server has; as long as it was ever needed.
    used: Vec<u64>,
    /// Where the next search starts.
    cursor: u32,
    /// Addresses that more than one server has, with how many more: a file of a version that did
    /// not rule this out may hold such.
    shared: BTreeMap<u32, u32>,
}

impl Pool {
    fn is_used(&self, offset: u32) -> bool {
        let word = self.used.get(offset as usize / BITS).copied().unwrap_or(0);
        word >> (offset as usize % BITS) & 1 == 1
    }

    /// Free addresses from the cursor on, then those before it.
    fn free(&self) -> impl Iterator<Item = Ipv4Addr> {
        let count = self.network.count;
        let start = self.cursor.min(count);
        let offsets = self.free_between(start, count).chain(self.free_between(0, start));
        offsets.map(|offset| self.network.address(offset))
    }

    fn free_between(&self, mut from: u32, end: u32) -> impl Iterator<Item = u32> {
        std::iter::from_fn(move || {
            let offset = self.next_free(from, end)?;
            from = offset + 1;
            Some(offset)
        })
    }

    /// The first free offset; words without one are passed in one step, so that a full network of
    /// a million addresses is looked through in some microseconds.
    fn next_free(&self, from: u32, end: u32) -> Option<u32> {
        let mut offset = from;
        while offset < end {
            let word = self.used.get(offset as usize / BITS).copied().unwrap_or(0);
            let bit = offset % u64::BITS;
            let passed = (word >> bit).trailing_ones().min(u64::BITS - bit);
            if passed == 0 {
                return Some(offset);
            }
            offset += passed;
        }
        None
    }

    fn take(&mut self, offset: u32) {
        if self.is_used(offset) {
            *self.shared.entry(offset).or_default() += 1;
            return;
        }
        let word = offset as usize / BITS;
        if word >= self.used.len() {
            self.used.resize(word + 1, 0);
        }
        self.used[word] |= 1 << (offset as usize % BITS);
        self.cursor = offset + 1;
    }

    fn give_back(&mut self, offset: u32) {
        match self.shared.get_mut(&offset) {
            Some(1) => drop(self.shared.remove(&offset)),
            Some(more) => *more -= 1,
            None => {
                if let Some(word) = self.used.get_mut(offset as usize / BITS) {
                    *word &= !(1 << (offset as usize % BITS));
                }
            }
        }
    }

    /// How often servers have an address of this network.
    fn held(&self) -> usize {
        let used: u32 = self.used.iter().map(|word| word.count_ones()).sum();
        used as usize + self.shared.values().map(|more| *more as usize).sum::<usize>()
    }
}

/// The addresses of all networks.
#[derive(Debug, Clone, Default)]
pub(super) struct Addresses {
    pools: Vec<Pool>,
    /// The number of the next port.
    next_port: u64,
}

impl Addresses {
    pub(super) fn new(networks: Vec<Network>) -> Self {
        let pool = |network| Pool { network, used: Vec::new(), cursor: 0, shared: BTreeMap::new() };
        Self { pools: networks.into_iter().map(pool).collect(), next_port: 0 }
    }

    fn pool(&self, network: NetworkId) -> Option<&Pool> {
        self.pools.get(network.index())
    }

    pub(super) fn free(&self, network: NetworkId) -> impl Iterator<Item = Ipv4Addr> {
        self.pool(network).into_iter().flat_map(Pool::free)
    }

    pub(super) fn is_free(&self, network: NetworkId, address: Ipv4Addr) -> bool {
        self.pool(network).is_some_and(|pool| {
            pool.network.offset(IpAddr::V4(address)).is_some_and(|offset| !pool.is_used(offset))
        })
    }

    pub(super) const fn next_port(&self) -> u64 {
        self.next_port
    }

    /// Makes a change true. An address that is none of its network's belongs to nobody here: the
    /// network was declared otherwise when the server was made.
    pub(super) fn apply(&mut self, change: &AddressChange) {
        self.next_port += u64::from(change.is_taken);
        let Some(pool) = self.pools.get_mut(change.network.index()) else {
            return;
        };
        let Some(offset) = pool.network.offset(change.address) else {
            return;
        };
        if change.is_taken {
            pool.take(offset);
        } else {
            pool.give_back(offset);
        }
    }

    /// A server that is put back has its addresses; the next port has a higher number than its.
    pub(super) fn restore(&mut self, server: &Server) {
        for port in server.ports() {
            let (network, address) = (NetworkId(port.network), port.address);
            self.apply(&AddressChange { network, address, is_taken: true });
        }
        let highest = server.ports().iter().map(|port| number(port.mac) + 1).max().unwrap_or(0);
        self.next_port = self.next_port.max(highest);
    }

    /// For each network: how often servers have one of its addresses, and how many of those are
    /// had more than once.
    pub(super) fn held(&self) -> Vec<(&Network, usize, usize)> {
        let counts = |pool: &Pool| pool.shared.values().map(|more| *more as usize).sum();
        self.pools.iter().map(|pool| (&pool.network, pool.held(), counts(pool))).collect()
    }

    /// Whether a server has this address of a network; also if it is none of the network's own.
    pub(super) fn holds(&self, network: NetworkId, address: IpAddr) -> bool {
        self.pool(network).is_none_or(|pool| {
            pool.network.offset(address).is_none_or(|offset| pool.is_used(offset))
        })
    }
}
