//! Hosts and addresses for the servers of a document that name none. Those that are named are taken
//! first, wherever they stand.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use guichet_core::network::Network;
use guichet_core::server::Size;

use uuid::Uuid;

use crate::plain::shown;
use crate::snapshot::document::{PortRow, ServerRow};
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
    /// The MACs and ids that ports of servers that exist have.
    macs: HashSet<[u8; 6]>,
    ids: HashSet<Uuid>,
}

impl Places {
    /// Without the places that servers name.
    pub(super) fn new(
        names: &Names<'_>,
        sizes: &HashMap<u32, Size>,
        rows: &[ServerRow],
    ) -> Result<Self, DocumentError> {
        let hosts = &names.declared.hosts;
        let size = |size: Size| (u64::from(size.vcpus), u64::from(size.ram_mib));
        let networks = names.declared.engine_config().networks;
        let mut places = Self {
            free: hosts.iter().map(|host| size(host.capacity)).collect(),
            cursor: 0,
            offsets: vec![0; networks.len()],
            networks,
            taken: HashSet::new(),
            macs: HashSet::new(),
            ids: HashSet::new(),
            ports: rows.iter().flat_map(|row| &row.ports).map(|ports| ports.len() as u64).sum(),
        };
        for (number, row) in rows.iter().enumerate().filter(|(_, row)| !row.is_deleted()) {
            places
                .take_named(names, sizes, row)
                .map_err(|problem| DocumentError::row("servers", number, &row.name, problem))?;
        }
        Ok(places)
    }

    fn take_named(
        &mut self,
        names: &Names<'_>,
        sizes: &HashMap<u32, Size>,
        row: &ServerRow,
    ) -> Result<(), String> {
        if let Some(Some(host)) = &row.host {
            let size = row.size.or_else(|| row.declared_size(names, sizes));
            self.take(names, names.hosts.number(host)?, size)?;
        }
        if let Some(second) = &row.second
            && let Some(host) = &second.host
        {
            self.take(names, names.hosts.number(host)?, Some(second.size))?;
        }
        for (number, port) in row.ports.iter().flatten().enumerate() {
            self.take_port(names, port).map_err(|problem| format!("ports[{number}].{problem}"))?;
        }
        Ok(())
    }

    /// What a port names is its own.
    fn take_port(&mut self, names: &Names<'_>, port: &PortRow) -> Result<(), String> {
        let network = names.networks.number(&port.network)?;
        if let Some(address) = port.address {
            let of_it = &self.networks[network as usize];
            if of_it.offset(address).is_none() {
                let (first, last) = (of_it.first, of_it.address(of_it.count.saturating_sub(1)));
                let name = &of_it.name;
                return Err(format!(
                    "address: found {address}, expected {first} to {last} of {name}"
                ));
            }
            if !self.taken.insert((network, address)) {
                return Err(format!("address: {address} is another server's"));
            }
        }
        if let Some(text) = &port.mac
            && !self.macs.insert(mac(text)?)
        {
            return Err(format!("mac: {text} is another port's"));
        }
        match port.id {
            Some(id) => self.own(id),
            None => Ok(()),
        }
    }

    /// No other port has this id.
    ///
    /// # Errors
    /// One has.
    pub(super) fn own(&mut self, id: Uuid) -> Result<(), String> {
        if self.ids.insert(id) { Ok(()) } else { Err(format!("id: {id} is another port's")) }
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
    pub(super) fn mac(&mut self) -> [u8; 6] {
        loop {
            let [.., a, b, c] = self.ports.to_be_bytes();
            self.ports += 1;
            let mac = [0xfa, 0x16, 0x3e, a, b, c];
            // A document has fewer ports than there are such numbers.
            if self.macs.insert(mac) {
                return mac;
            }
        }
    }
}

/// Six bytes in hexadecimal with colons between them.
///
/// # Errors
/// The text is none.
pub(super) fn mac(text: &str) -> Result<[u8; 6], String> {
    let byte = |digits: &str| {
        let is_one = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        u8::from_str_radix(digits, 16).ok().filter(|_| is_one)
    };
    let bytes: Option<Vec<u8>> = text.split(':').take(MAC_BYTES + 1).map(byte).collect();
    let mac = bytes.and_then(|bytes| bytes.try_into().ok());
    mac.ok_or_else(|| {
        format!("mac: found {:?}, expected one such as fa:16:3e:00:00:01", shown(text))
    })
}

const MAC_BYTES: usize = 6;
