//! What a run is made of.

use std::path::PathBuf;
use std::time::Duration;

use guichet_core::ids::FlavorId;
use guichet_core::limits;
use guichet_core::server::Size;
use guichet_driver::profile::Profile;
use guichet_engine::{Catalogue, EngineConfig};
use guichet_store::journal::LogError;

use super::options::{Bursts, HostSpec, Mix};
use crate::trace::{Trace, TraceBody};

/// Where requests come from.
#[derive(Debug, Clone)]
pub enum Load {
    /// Each client sends, waits for the end, sends the next.
    Closed {
        /// How many clients.
        clients: usize,
        /// How many requests in all.
        requests: u64,
        /// How often each kind of request is sent.
        mix: Mix,
    },
    /// Requests arrive by the clock, whether or not earlier ones are over.
    Open {
        /// How many clients they are spread over.
        clients: usize,
        /// How many requests in all.
        requests: u64,
        /// How often each kind of request is sent.
        mix: Mix,
        /// How many requests arrive in a second, outside of bursts.
        rate: f64,
        /// Peaks of the rate, if there are any.
        bursts: Option<Bursts>,
    },
    /// The requests of a trace, at its times.
    Trace {
        /// The requests, with their times.
        trace: Trace,
        /// How many times faster than recorded.
        speed: f64,
    },
}

impl Load {
    /// How many requests it sends.
    pub fn requests(&self) -> u64 {
        match self {
            Self::Closed { requests, .. } | Self::Open { requests, .. } => *requests,
            Self::Trace { trace, .. } => trace.requests.len() as u64,
        }
    }

    /// How many clients send them.
    pub fn clients(&self) -> usize {
        match self {
            Self::Closed { clients, .. } | Self::Open { clients, .. } => *clients,
            Self::Trace { trace, .. } => trace.clients.len(),
        }
    }
}

/// Everything that a run is made of.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The manager's configuration; its seed is the run's.
    pub config: EngineConfig,
    /// The simulated driver's behaviour.
    pub profile: Profile,
    /// Whether time is virtual.
    pub virtual_time: bool,
    /// Where requests come from.
    pub load: Load,
    /// Whether each client of a closed loop is a thread of its own, not a task; not under virtual
    /// time.
    pub client_threads: bool,
    /// Stop sending after this long.
    pub duration: Option<Duration>,
    /// Where to write the history.
    pub history: Option<PathBuf>,
    /// Where the fleet is stored, if not in memory alone; not under virtual time.
    pub data: Option<DataDir>,
}

/// A data directory, and what is done if it cannot be written: to say so, or to end the process.
#[derive(Debug, Clone)]
pub struct DataDir {
    /// The directory that the fleet is stored in.
    pub dir: PathBuf,
    /// Called by the journal's writer; see [`guichet_store::journal::OnTrouble`].
    pub on_trouble: for<'a> fn(Result<(), &'a LogError>),
}

/// The flavors random clients choose from, each as often as the others.
pub const FLAVORS: [(&str, Size); 4] = [
    ("d2-2", Size { vcpus: 1, ram_mib: 2_048 }),
    ("d2-4", Size { vcpus: 2, ram_mib: 4_096 }),
    ("b3-8", Size { vcpus: 2, ram_mib: 8_192 }),
    ("c3-8", Size { vcpus: 4, ram_mib: 8_192 }),
];

/// The image all simulated servers are made from.
pub const IMAGE: &str = "debian-13";

/// A catalogue with the flavors of random clients, and those a trace needs.
pub fn catalogue(trace: Option<&Trace>) -> Catalogue {
    let mut catalogue = Catalogue::new();
    catalogue.add_image(IMAGE);
    for (name, size) in FLAVORS {
        catalogue.add_flavor(name, size);
    }
    for size in trace.into_iter().flat_map(create_sizes) {
        catalogue.add_flavor(&trace_flavor(size), size);
    }
    catalogue
}

/// The size of each create of a trace.
fn create_sizes(trace: &Trace) -> impl Iterator<Item = Size> {
    trace.requests.iter().filter_map(|request| match request.body {
        TraceBody::Create { size, .. } => Some(size),
        _ => None,
    })
}

/// The name of the flavor made for a trace's size.
pub fn trace_flavor(size: Size) -> String {
    format!("trace-{}x{}", size.vcpus, size.ram_mib)
}

/// The id of the flavor made for a trace's size.
pub fn trace_flavor_id(catalogue: &Catalogue, size: Size) -> FlavorId {
    catalogue.flavor_named(&trace_flavor(size)).map(|(id, _)| id).unwrap_or_default()
}

/// A host of the default cloud: two sockets of a common server.
pub const HOST: Size = Size { vcpus: 128, ram_mib: 512 * 1024 };

/// Hosts that never run out for this load, were none of its servers ever deleted.
///
/// Two bounds, of which the smaller is taken. A host that holds fewer servers than it can of the
/// largest size can take one more: so many hosts as all servers of the largest size need. And a
/// host that can take no more is out of processors or out of memory, that is, filled up to less
/// than the largest server: so many as all processors fill but for the largest, and so many again
/// as all memory does, since some may be out of the one and some of the other.
pub fn enough_hosts(load: &Load) -> HostSpec {
    let (count, vcpus, ram_mib, largest) = match load {
        Load::Closed { requests, .. } | Load::Open { requests, .. } => {
            let count = (*requests).min(limits::SERVERS_MAX as u64);
            let largest = Size {
                vcpus: FLAVORS.iter().map(|(_, size)| size.vcpus).max().unwrap_or(1),
                ram_mib: FLAVORS.iter().map(|(_, size)| size.ram_mib).max().unwrap_or(1),
            };
            let (vcpus, ram) = (u64::from(largest.vcpus), u64::from(largest.ram_mib));
            (count, count * vcpus, count * ram, largest)
        }
        Load::Trace { trace, .. } => {
            let (mut vcpus, mut ram_mib, mut largest) = (0, 0, Size::default());
            for size in create_sizes(trace) {
                vcpus += u64::from(size.vcpus);
                ram_mib += u64::from(size.ram_mib);
                largest.vcpus = largest.vcpus.max(size.vcpus);
                largest.ram_mib = largest.ram_mib.max(size.ram_mib);
            }
            (trace.creates, vcpus, ram_mib, largest)
        }
    };
    let capacity = Size {
        vcpus: HOST.vcpus.max(largest.vcpus.saturating_mul(2)),
        ram_mib: HOST.ram_mib.max(largest.ram_mib.saturating_mul(2)),
    };
    let usable = |capacity: u32, largest: u32| u64::from(capacity - largest).max(1);
    let by_sums = vcpus.div_ceil(usable(capacity.vcpus, largest.vcpus))
        + ram_mib.div_ceil(usable(capacity.ram_mib, largest.ram_mib));
    let on_each = |capacity: u32, largest: u32| u64::from(capacity / largest.max(1)).max(1);
    let by_count = count.div_ceil(
        on_each(capacity.vcpus, largest.vcpus).min(on_each(capacity.ram_mib, largest.ram_mib)),
    );
    let hosts = by_sums.min(by_count).clamp(1, limits::HOSTS_MAX as u64).min(count.max(1));
    HostSpec { count: hosts as usize, capacity }
}
