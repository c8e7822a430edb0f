//! Hosts and addresses for the servers of a document that name none. Those that are named are taken
//! first, wherever they stand.

use std::collections::HashSet;
use std::net::IpAddr;

use guichet_core::network::Network;
use guichet_core::server::Size;

use crate::snapshot::document::ServerRow;
use crate::snapshot::error::DocumentError;
use crate::snapshot::names::Names;

/// What is left for servers that name no host or address.
pub(super) struct Places {
    /// What is left on each host: processors and MiB.
    free: Vec<(u64, u64)>,
    /// The host that was given last, behind which the next look begins.
    cursor: usize,
    networks: Vec<Network>,
    taken: HashSet<(u32, IpAddr)>,
    /// Where the look for an address of each network goes on.
    offsets: Vec<u32>,
    /// The number of the next port, which its MAC is made of.
    ports: u64,
}

impl Places {
    /// Without the places that servers name.
    pub(super) fn new(names: &Names<'_>, rows: &[ServerRow]) -> Result<Self, DocumentError> {
        let hosts = &names.declared.hosts;
        let size = |size: Size| (u64::from(size.vcpus), u64::from(size.ram_mib));
        let networks = names.declared.engine_config().networks;
        let mut places = Self {
            free: hosts.iter().map(|host| size(host.capacity)).collect(),
            cursor: 0,
            offsets: vec![0; networks.len()],
            networks,
            taken: HashSet::new(),
            ports: rows.iter().flat_map(|row| &row.ports).map(|ports| ports.len() as u64).sum(),
        };
        for (number, row) in rows.iter().enumerate().filter(|(_, row)| !row.is_deleted()) {
            places
                .take_named(names, row)
                .map_err(|problem| DocumentError::row("servers", number, &row.name, problem))?;
        }
        Ok(places)
    }

    fn take_named(&mut self, names: &Names<'_>, row: &ServerRow) -> Result<(), String> {
        if let Some(Some(host)) = &row.host {
            let size = row.size.or_else(|| row.declared_size(names));
            self.take(names, names.hosts.number(host)?, size)?;
        }
        if let Some(second) = &row.second
            && let Some(host) = &second.host
        {
            self.take(names, names.hosts.number(host)?, Some(second.size))?;
        }
        for port in row.ports.iter().flatten() {
            let network = names.networks.number(&port.network)?;
            if let Some(address) = port.address
                && !self.taken.insert((network, address))
            {
                return Err(format!("ports: {address} is another server's"));
            }
        }
        Ok(())
    }

    fn take(&mut self, names: &Names<'_>, host: u32, size: Option<Size>) -> Result<(), String> {
        let size = size.unwrap_or(Size { vcpus: 0, ram_mib: 0 });
        let free = &mut self.free[host as usize];
        let vcpus = free.0.checked_sub(u64::from(size.vcpus));
        let ram_mib = free.1.checked_sub(u64::from(size.ram_mib));
        let (Some(vcpus), Some(ram_mib)) = (vcpus, ram_mib) else {
            return Err(format!("host: {} has no capacity left for it", names.hosts.name(host)));
        };
        *free = (vcpus, ram_mib);
        Ok(())
    }

    /// A host that has capacity, taken.
    pub(super) fn host(&mut self, size: Size) -> Result<u32, String> {
        let count = self.free.len();
        for step in 0..count {
            let host = (self.cursor + step) % count;
            let free = &mut self.free[host];
            let vcpus = free.0.checked_sub(u64::from(size.vcpus));
            let ram_mib = free.1.checked_sub(u64::from(size.ram_mib));
            if let (Some(vcpus), Some(ram_mib)) = (vcpus, ram_mib) {
                *free = (vcpus, ram_mib);
                self.cursor = host + 1;
                return Ok(host as u32);
            }
        }
        Err("host: none has capacity left for it; declare more, or leave servers out".to_owned())
    }

    /// An address that nobody has, taken.
    pub(super) fn address(&mut self, network: u32) -> Result<IpAddr, String> {
        let of_it = &self.networks[network as usize];
        let offset = &mut self.offsets[network as usize];
        while *offset < of_it.count {
            let address = IpAddr::V4(of_it.address(*offset));
            *offset += 1;
            if self.taken.insert((network, address)) {
                return Ok(address);
            }
        }
        Err(format!("networks: {} has no address left", of_it.name))
    }

    /// The MAC of one more port: OpenStack's prefix, and a number that no other port here has.
    pub(super) const fn mac(&mut self) -> [u8; 6] {
        let [.., a, b, c] = self.ports.to_be_bytes();
        self.ports += 1;
        [0xfa, 0x16, 0x3e, a, b, c]
    }
}
