//! Who is connected: so many at once, so many from one address, and who leaves when all places are
//! taken.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::limits;
use tokio::sync::Notify;

use super::link::{Link, Peer};
use super::settings::Settings;
use crate::budget::Budget;
use crate::connections::{Connections, NotServed};
use crate::origin::{Origin, Parser};

/// An address as far as it is one client's: of IPv6 the network, which every client has all of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Network {
    V4(u32),
    V6(u64),
}

impl Network {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address.to_bits()),
            IpAddr::V6(address) => Self::V6(upper_half(address)),
        }
    }
}

impl Network {
    /// The first address of it.
    fn address(self) -> IpAddr {
        match self {
            Self::V4(bits) => IpAddr::V4(Ipv4Addr::from_bits(bits)),
            Self::V6(half) => IpAddr::V6(Ipv6Addr::from_bits(u128::from(half) << 64)),
        }
    }
}

fn upper_half(address: Ipv6Addr) -> u64 {
    // A shift by half leaves 64 bits.
    u64::try_from(address.to_bits() >> 64).unwrap_or(u64::MAX)
}

/// Why somebody does not get a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoPlace {
    /// The address has its share.
    Share,
    /// All are taken.
    Full,
}

/// All connections.
#[derive(Debug)]
pub(super) struct Table {
    most: usize,
    most_each: usize,
    clock: WorldClock,
    bodies: Budget,
    answers: Budget,
    streams: Budget,
    refusals: Budget,
    counted: Arc<Connections>,
    parser: Parser,
    /// Held for a look-up and a change; while all places are taken, for a look at each connection.
    rows: Mutex<Rows>,
    /// Somebody has left.
    left: Notify,
}

#[derive(Debug, Default)]
struct Rows {
    next: u64,
    peers: HashMap<Network, Arc<Peer>>,
    links: HashMap<u64, Arc<Link>>,
}

/// A connection's place. It is given back when this is dropped, by the connection's task.
#[derive(Debug)]
pub(super) struct Place {
    table: Arc<Table>,
    network: Network,
    number: u64,
    pub(super) link: Arc<Link>,
}

impl Table {
    pub(super) fn new(settings: &Settings, parser: Parser) -> Self {
        let most = settings.connections.max(1);
        Self {
            most,
            most_each: (most / limits::CONNECTIONS_SHARE_DIVISOR).max(1),
            clock: WorldClock::real(),
            bodies: Budget::new(settings.bodies, limits::BUDGET_LITTLE),
            answers: Budget::new(settings.answers, limits::BUDGET_LITTLE),
            streams: Budget::new(settings.streams, limits::H2_STREAMS_LITTLE),
            refusals: Budget::new(limits::H2_REFUSED_AT_ONCE, limits::H2_STREAMS_LITTLE),
            counted: Arc::clone(&settings.counted),
            parser,
            rows: Mutex::default(),
            left: Notify::new(),
        }
    }

    /// A place for a connection from this address. When all are taken, others are told to leave,
    /// and the next of them is waited for.
    ///
    /// # Errors
    /// [`NoPlace::Share`].
    pub(super) async fn place(self: &Arc<Self>, address: IpAddr) -> Result<Place, NoPlace> {
        loop {
            match self.try_place(address) {
                Err(NoPlace::Full) => {}
                decided => return decided,
            }
            self.evict();
            // Nobody can leave before they have waited a little: it is tried again soon.
            let _ = tokio::time::timeout(limits::ACCEPT_PAUSE, self.left.notified()).await;
        }
    }

    /// A place, if there is one now.
    pub(super) fn try_place(self: &Arc<Self>, address: IpAddr) -> Result<Place, NoPlace> {
        let network = Network::of(address);
        let mut rows = self.rows();
        let Rows { next, peers, links } = &mut *rows;
        let has = peers.get(&network).map_or(0, |peer| peer.connections.load(Ordering::Relaxed));
        if has >= self.most_each {
            return Err(NoPlace::Share);
        }
        if links.len() >= self.most {
            return Err(NoPlace::Full);
        }
        let peer = peers.entry(network).or_insert_with(|| Arc::new(self.peer(network)));
        peer.connections.store(has + 1, Ordering::Relaxed);
        let link = Arc::new(Link::new(Arc::clone(peer), self.clock.clone()));
        let number = *next;
        *next += 1;
        links.insert(number, Arc::clone(&link));
        Ok(Place { table: Arc::clone(self), network, number, link })
    }

    fn peer(&self, network: Network) -> Peer {
        let origin = Origin {
            address: network.address(),
            bodies: self.bodies.share(),
            answers: self.answers.share(),
            streams: self.streams.share(),
            refusals: self.refusals.share(),
            parser: self.parser.clone(),
        };
        Peer { connections: AtomicUsize::new(0), origin: Arc::new(origin) }
    }

    /// Tells those to leave who wait longest for their client: of the address with most
    /// connections first. A few at a time, so that a flood is not answered by a look at everybody
    /// for each that comes.
    fn evict(&self) {
        let at_once = (self.most / 1_024).clamp(1, 16);
        let rows = self.rows();
        let mut found: Vec<(usize, Duration, &Arc<Link>)> = rows
            .links
            .values()
            .filter_map(|link| {
                let waited = link.has_waited(limits::EVICT_AFTER)?;
                Some((link.peer.connections.load(Ordering::Relaxed), waited, link))
            })
            .collect();
        let rank =
            |(has, waited, _): &(usize, Duration, &Arc<Link>)| std::cmp::Reverse((*has, *waited));
        if found.len() > at_once {
            found.select_nth_unstable_by_key(at_once - 1, rank);
        }
        for (_, _, link) in found.iter().take(at_once) {
            link.evict();
            self.counted.count(NotServed::Evicted);
        }
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        // Each change is whole before the next one begins.
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut rows = self.table.rows();
        rows.links.remove(&self.number);
        let connections = &self.link.peer.connections;
        let left = connections.load(Ordering::Relaxed).saturating_sub(1);
        connections.store(left, Ordering::Relaxed);
        if left == 0 {
            rows.peers.remove(&self.network);
        }
        drop(rows);
        self.table.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use tokio_util::task::TaskTracker;

    use super::*;

    fn table(connections: usize) -> Arc<Table> {
        let settings = Settings { connections, ..Settings::default() };
        Arc::new(Table::new(&settings, Parser::new(TaskTracker::new())))
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_is_a_network_of_ipv6_and_one_of_ipv4_in_either_form() {
        let same = |a: &str, b: &str| Network::of(address(a)) == Network::of(address(b));
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"));
        assert!(!same("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(same("::ffff:192.0.2.1", "192.0.2.1"));
        assert!(!same("192.0.2.1", "192.0.2.2"));
    }

    #[test]
    fn an_address_has_half_and_gives_it_back() {
        let table = table(4);
        let first = table.try_place(address("192.0.2.1")).unwrap();
        let second = table.try_place(address("192.0.2.1")).unwrap();
        assert_eq!(table.try_place(address("192.0.2.1")).unwrap_err(), NoPlace::Share);
        let others = [2, 3].map(|n| table.try_place(address(&format!("192.0.2.{n}"))).unwrap());
        assert_eq!(table.try_place(address("192.0.2.4")).unwrap_err(), NoPlace::Full);
        drop(first);
        assert!(table.try_place(address("192.0.2.1")).is_ok());
        drop((second, others));
        assert!(table.rows().peers.is_empty() && table.rows().links.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_longest_of_those_with_most_makes_place() {
        let table = table(6);
        let place = |text: &str| table.try_place(address(text)).unwrap();
        let few = place("192.0.2.9");
        tokio::time::advance(limits::EVICT_AFTER).await;
        let many = ["192.0.2.1"; 3].map(place);
        many[0].link.on_request();
        tokio::time::advance(limits::EVICT_AFTER).await;
        let late = ["192.0.2.2"; 2].map(place);
        let left = |place: &Place| place.link.has_waited(Duration::ZERO).is_none();
        table.evict();
        assert!(left(&many[0]), "it works, and was not asked");
        assert!(left(&many[1]) != left(&many[2]), "one of the address with most");
        assert!(!left(&few) && !left(&late[0]) && !left(&late[1]));
        table.evict();
        table.evict();
        assert!(left(&many[1]) && left(&many[2]) && left(&few));
        table.evict();
        assert!(!left(&late[0]) && !left(&late[1]), "they have only just come");
    }
}
