//! What a machine is to be like, in the words of whoever makes machines: names instead of the
//! numbers that rows go by, and what the guest is given at its first start.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::net::IpAddr;
use std::sync::Arc;

use guichet_core::ids::{FlavorId, HostId, ImageId, ProjectId, ServerId};
use guichet_core::server::{Server, Size};

/// What a machine is to be like. What [`of`](Self::of) cannot know is empty, until an application
/// fills it in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MachineSpec {
    /// The server it is the machine of.
    pub server: ServerId,
    /// The project that owns the server.
    pub project: ProjectId,
    /// The server's name, which need not be unique.
    pub name: Arc<str>,
    /// Its name inside the guest.
    pub hostname: Option<Arc<str>>,
    /// The host it was given; none if no host had capacity.
    pub host: Option<HostId>,
    /// The name of that host.
    pub host_name: Option<Arc<str>>,
    /// The flavor it is made by.
    pub flavor: FlavorId,
    /// The name of that flavor.
    pub flavor_name: Option<Arc<str>>,
    /// Its processors and memory.
    pub size: Size,
    /// The size of its root disk, GiB; none: as large as the image.
    pub disk_gib: Option<u64>,
    /// The size of a second disk that is empty at first, GiB; 0: there is none.
    pub ephemeral_gib: u64,
    /// The size of its swap space, MiB; 0: there is none.
    pub swap_mib: u64,
    /// What its flavor says beyond sizes to whoever makes machines, such as `hw:cpu_policy`.
    pub extra_specs: BTreeMap<String, String>,
    /// The image it starts from.
    pub image: ImageId,
    /// The id by which clients know that image.
    pub image_uuid: Option<uuid::Uuid>,
    /// The name of that image.
    pub image_name: Option<Arc<str>>,
    /// Where the image's content lies: a path or an address that the driver can read.
    pub image_source: Option<Arc<str>>,
    /// The networks it is plugged into, in the order of its cards.
    pub networks: Vec<NetworkCard>,
    /// What the guest is given at its first start, base64.
    pub user_data: Option<Arc<str>>,
    /// Whether that is to be on a drive of its own.
    pub has_config_drive: bool,
    /// The name of the key pair that is put into it.
    pub key_name: Option<Arc<str>>,
    /// The public key of that pair, as one line of `authorized_keys`.
    pub public_key: Option<Arc<str>>,
    /// Its owner's names and values, which the guest may read.
    pub metadata: BTreeMap<Arc<str>, Arc<str>>,
}

/// A card of a machine and what it is plugged into.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NetworkCard {
    /// The id of the port it is.
    pub port: uuid::Uuid,
    /// The index of the network in the catalogue of networks.
    pub network: u32,
    /// The name of that network.
    pub network_name: Option<Arc<str>>,
    /// The machine's address in it.
    pub address: IpAddr,
    /// How many leading bits of the address name the network, once an application has said it.
    pub prefix: Option<u8>,
    /// The address of the gateway there, once an application has said it.
    pub gateway: Option<IpAddr>,
    /// The card's own address.
    pub mac: [u8; 6],
}

impl NetworkCard {
    /// A card of this port in a network, of which nothing but its index is known.
    pub const fn new(port: uuid::Uuid, network: u32, address: IpAddr, mac: [u8; 6]) -> Self {
        Self { port, network, network_name: None, address, prefix: None, gateway: None, mac }
    }
}

impl MachineSpec {
    /// All that the server's own row knows.
    pub fn of(server: &Server) -> Self {
        let details = server.details.as_deref().cloned().unwrap_or_default();
        let networks = details
            .ports
            .iter()
            .map(|port| NetworkCard::new(port.id, port.network, port.address, port.mac));
        Self {
            server: server.id,
            project: server.project,
            name: Arc::from(&*server.name),
            hostname: details.hostname,
            host: server.host,
            host_name: None,
            flavor: server.flavor,
            flavor_name: None,
            size: server.size,
            disk_gib: None,
            ephemeral_gib: 0,
            swap_mib: 0,
            extra_specs: BTreeMap::new(),
            image: server.image,
            image_uuid: None,
            image_name: None,
            image_source: None,
            networks: networks.collect(),
            user_data: details.user_data,
            has_config_drive: details.config_drive,
            key_name: details.key_name,
            public_key: None,
            metadata: details.metadata,
        }
    }
}

/// Describes machines: an application's part, as it knows the names, images and networks that a
/// row has only the numbers of.
///
/// Called by a driver's [`Call::spec`](crate::Call::spec), on the worker that makes the call: it
/// must not wait.
pub trait DescribeMachine: Debug + Send + Sync {
    /// What the machine of this server is to be like. [`MachineSpec::of`] is a good beginning.
    fn describe(&self, server: &Server) -> MachineSpec;
}
