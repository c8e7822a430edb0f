//! What servers are made of and where they run, as it is declared: flavors, images, networks,
//! hosts, the region and its zone. Nothing in it changes while the cloud runs.
//!
//! Each list is in the order of the ids that the manager knows its entries by: [`FlavorId`] 3 is
//! the fourth flavor of the list.

mod flavor;
mod image;
mod network;

use std::sync::Arc;

use guichet_core::ids::{FlavorId, HostId, ImageId};
use guichet_core::project::Host;
use uuid::Uuid;

pub use flavor::Flavor;
pub use image::Image;
pub use network::{Network, Range};

/// All that is declared of a cloud but who may use it.
#[derive(Debug, Clone)]
pub struct Catalogue {
    region: Arc<str>,
    zone: Arc<str>,
    flavors: Vec<Flavor>,
    images: Vec<Image>,
    networks: Vec<Network>,
    hosts: Vec<Host>,
}

impl Catalogue {
    /// A catalogue of these lists, in a region with one availability zone.
    pub const fn new(
        region: Arc<str>,
        zone: Arc<str>,
        flavors: Vec<Flavor>,
        images: Vec<Image>,
        networks: Vec<Network>,
        hosts: Vec<Host>,
    ) -> Self {
        Self { region, zone, flavors, images, networks, hosts }
    }

    /// The region's name.
    pub fn region(&self) -> &Arc<str> {
        &self.region
    }

    /// The name of the only availability zone.
    pub fn zone(&self) -> &Arc<str> {
        &self.zone
    }

    /// All flavors, private ones too.
    pub fn flavors(&self) -> &[Flavor] {
        &self.flavors
    }

    /// A flavor by its id in the manager.
    pub fn flavor(&self, id: FlavorId) -> Option<&Flavor> {
        self.flavors.get(id.index())
    }

    /// A flavor by the id that clients know, if the caller sees it. A name is no id.
    pub fn find_flavor(&self, id: &str, is_admin: bool) -> Option<(FlavorId, &Flavor)> {
        let position = self.flavors.iter().position(|flavor| *flavor.id == *id)?;
        let flavor = &self.flavors[position];
        flavor.is_visible(is_admin).then_some((FlavorId(position as u32), flavor))
    }

    /// All images.
    pub fn images(&self) -> &[Image] {
        &self.images
    }

    /// An image by its id in the manager.
    pub fn image(&self, id: ImageId) -> Option<&Image> {
        self.images.get(id.index())
    }

    /// An image by the id that clients know.
    pub fn find_image(&self, id: Uuid) -> Option<(ImageId, &Image)> {
        let position = self.images.iter().position(|image| image.id == id)?;
        Some((ImageId(position as u32), &self.images[position]))
    }

    /// All networks.
    pub fn networks(&self) -> &[Network] {
        &self.networks
    }

    /// A network by its number, which ports have.
    pub fn network(&self, number: u32) -> Option<&Network> {
        self.networks.get(number as usize)
    }

    /// A network's number by the id that clients know.
    pub fn find_network(&self, id: Uuid) -> Option<(u32, &Network)> {
        let position = self.networks.iter().position(|network| network.id == id)?;
        Some((position as u32, &self.networks[position]))
    }

    /// All hosts.
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    /// A host by its id.
    pub fn host(&self, id: HostId) -> Option<&Host> {
        self.hosts.get(id.index())
    }
}
