//! What the machine of a server is to be like, for drivers that make real ones: what its row knows
//! only the number of is filled in from what is declared.

use std::net::IpAddr;
use std::sync::Arc;

use guichet_core::server::Server;
use guichet_driver::{DescribeMachine, MachineSpec, NetworkCard};

use super::hostname::hostname;
use crate::catalogue::Catalogue;

/// Describes machines by what is declared.
#[derive(Debug)]
pub(crate) struct Machines {
    catalogue: Arc<Catalogue>,
}

impl Machines {
    pub(crate) const fn new(catalogue: Arc<Catalogue>) -> Self {
        Self { catalogue }
    }

    fn fill_flavor(&self, spec: &mut MachineSpec) {
        let Some(flavor) = self.catalogue.flavor(spec.flavor) else {
            return;
        };
        spec.flavor_name = Some(Arc::clone(&flavor.name));
        // 0 takes the image's own size.
        spec.disk_gib = (flavor.disk_gib > 0).then_some(flavor.disk_gib.into());
        spec.ephemeral_gib = flavor.ephemeral_gib.into();
        spec.swap_mib = flavor.swap_mib.into();
        spec.extra_specs.clone_from(&flavor.extra_specs);
    }

    fn fill_card(&self, card: &mut NetworkCard) {
        let Some(network) = self.catalogue.network(card.network) else {
            return;
        };
        card.network_name = Some(Arc::clone(&network.name));
        card.prefix = Some(network.prefix);
        card.gateway = Some(IpAddr::V4(network.range().gateway()));
    }
}

impl DescribeMachine for Machines {
    fn describe(&self, server: &Server) -> MachineSpec {
        let mut spec = MachineSpec::of(server);
        spec.hostname = match hostname(server) {
            // Nothing of the name is fit for DNS.
            name if name.is_empty() => None,
            name => Some(Arc::from(name)),
        };
        let host = server.host.and_then(|host| self.catalogue.host(host));
        spec.host_name = host.map(|host| Arc::clone(&host.name));
        self.fill_flavor(&mut spec);
        if let Some(image) = self.catalogue.image(server.image) {
            spec.image_name = Some(Arc::clone(&image.name));
            spec.image_uuid = Some(image.id);
        }
        for card in &mut spec.networks {
            self.fill_card(card);
        }
        spec
    }
}
