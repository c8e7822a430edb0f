//! What servers are made of and where they run: flavors, images, networks, hosts, the region and
//! its zone. Most of it is declared: a reload puts flavors, images and projects behind those that
//! there are, and else nothing changes while the cloud runs. Flavors that administrators write and
//! images that are made of servers are documents beside it.
//!
//! Each declared list is in the order of the ids that the manager knows its entries by:
//! [`FlavorId`] 3 is the fourth flavor of the list. Documents have numbers of their own, far behind.

mod flavor;
mod image;
mod network;

use std::collections::HashMap;
use std::sync::Arc;

use guichet_core::ids::{FlavorId, HostId, ImageId, ProjectId};
use guichet_core::project::Host;
use guichet_store::journal::StoredRecord;
use uuid::Uuid;

use crate::accounts::Caller;
use crate::aggregate::Aggregate;
use crate::declared_specs::DeclaredSpecs;
use crate::documents::Documents;
use crate::host_state::HostState;
use crate::migration::Migration;
use crate::quota::{Limit, WrittenQuota};
use crate::replaceable::Replaceable;

pub use flavor::Flavor;
pub use image::{Image, MadeOf, TooSmall, Why};
pub use network::{Network, Range};

/// Who looks for something of which not everybody sees all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    /// Somebody of this project.
    Project(ProjectId),
    /// An administrator, or the cloud itself.
    Admin,
}

impl From<&Caller> for Viewer {
    fn from(caller: &Caller) -> Self {
        if caller.is_admin() { Self::Admin } else { Self::Project(caller.project) }
    }
}

/// All that servers are made of and run on.
#[derive(Debug)]
pub struct Catalogue {
    region: Arc<str>,
    zone: Arc<str>,
    flavors: Replaceable<Vec<Arc<Flavor>>>,
    images: Replaceable<Vec<Arc<Image>>>,
    networks: Vec<Network>,
    hosts: Vec<Host>,
    /// The ids of the projects, in the order of the manager's.
    projects: Replaceable<Vec<Arc<str>>>,
    pub(crate) written_flavors: Documents<Flavor>,
    pub(crate) declared_specs: Documents<DeclaredSpecs>,
    pub(crate) written_images: Documents<Image>,
    pub(crate) host_states: Documents<HostState>,
    pub(crate) migrations: Documents<Migration>,
    pub(crate) aggregates: Documents<Aggregate>,
    pub(crate) quotas: Documents<WrittenQuota>,
}

/// What is declared of a catalogue.
#[derive(Debug, Clone, Default)]
pub struct DeclaredCatalogue {
    /// The region's name.
    pub region: Arc<str>,
    /// The name of its availability zone.
    pub zone: Arc<str>,
    /// Flavors, private ones too.
    pub flavors: Vec<Flavor>,
    /// Images.
    pub images: Vec<Image>,
    /// Networks.
    pub networks: Vec<Network>,
    /// Hosts.
    pub hosts: Vec<Host>,
    /// The ids of the projects.
    pub projects: Vec<Arc<str>>,
}

impl Catalogue {
    /// A catalogue of what is declared, and of the documents among these records.
    pub fn new(declared: DeclaredCatalogue, found: &[StoredRecord]) -> Self {
        let DeclaredCatalogue { region, zone, flavors, images, networks, hosts, projects } =
            declared;
        Self {
            region,
            zone,
            flavors: Replaceable::new(flavors.into_iter().map(Arc::new).collect()),
            images: Replaceable::new(images.into_iter().map(Arc::new).collect()),
            networks,
            hosts,
            projects: Replaceable::new(projects),
            written_flavors: Documents::read(found),
            declared_specs: Documents::read(found),
            written_images: Documents::read(found),
            host_states: Documents::read(found),
            migrations: Documents::read(found),
            aggregates: Documents::read(found),
            quotas: Documents::read(found),
        }
    }

    /// Has these as well, behind those that there are.
    pub(crate) fn add(&self, flavors: &[Flavor], images: &[Image], projects: Vec<Arc<str>>) {
        self.projects.change(|all| all.extend(projects));
        self.flavors.change(|all| all.extend(flavors.iter().cloned().map(Arc::new)));
        self.images.change(|all| all.extend(images.iter().cloned().map(Arc::new)));
    }

    /// The region's name.
    pub fn region(&self) -> &Arc<str> {
        &self.region
    }

    /// The name of the only availability zone.
    pub fn zone(&self) -> &Arc<str> {
        &self.zone
    }

    /// The flavors that somebody sees.
    pub fn flavors(&self, viewer: Viewer) -> Vec<Arc<Flavor>> {
        let specs = self.declared_specs.all().into_iter().map(|(_, specs)| specs);
        let specs: HashMap<Arc<str>, _> =
            specs.map(|specs| (Arc::clone(&specs.flavor), specs)).collect();
        let (is_admin, project) = self.eyes(viewer);
        let declared = self.flavors.look(Vec::clone);
        let declared = declared.iter().map(|flavor| with(flavor, specs.get(&flavor.id)));
        let written = self.written_flavors.all().into_iter().map(|(_, flavor)| flavor);
        let all = declared.chain(written);
        all.filter(|flavor| flavor.is_visible(is_admin, &project)).collect()
    }

    /// A flavor by its id in the manager, also one that was deleted.
    pub fn flavor(&self, id: FlavorId) -> Option<Arc<Flavor>> {
        let declared = self.flavors.look(|flavors| flavors.get(id.index()).cloned());
        let declared = declared.map(|flavor| self.as_written(&flavor));
        declared.or_else(|| self.written_flavors.get(id.0))
    }

    /// A flavor by the id that clients know, if somebody sees it. A name is no id.
    pub fn find_flavor(&self, id: &str, viewer: Viewer) -> Option<(FlavorId, Arc<Flavor>)> {
        let found = match self.flavors.look(|flavors| found(flavors, |flavor| *flavor.id == *id)) {
            Some((place, flavor)) => Some((place, self.as_written(&flavor))),
            None => self.written_flavors.find(|_, known| !known.is_deleted && *known.id == *id),
        };
        let (number, flavor) = found?;
        self.sees_flavor(viewer, &flavor).then_some((FlavorId(number), flavor))
    }

    /// A declared flavor by the id that clients know, as it is declared.
    pub(crate) fn declared_flavor(&self, id: &str) -> Option<Arc<Flavor>> {
        let found = self.flavors.look(|flavors| found(flavors, |flavor| *flavor.id == *id));
        found.map(|(_, flavor)| flavor)
    }

    /// A declared flavor with the extra specs that were written since.
    fn as_written(&self, declared: &Arc<Flavor>) -> Arc<Flavor> {
        let specs = self.declared_specs.find(|_, specs| specs.flavor == declared.id);
        with(declared, specs.as_ref().map(|(_, specs)| specs))
    }

    /// Whether a declared flavor has that name.
    pub(crate) fn declares_flavor_name(&self, name: &str) -> bool {
        self.flavors.look(|flavors| flavors.iter().any(|flavor| *flavor.name == *name))
    }

    /// Whether somebody sees a flavor.
    pub fn sees_flavor(&self, viewer: Viewer, flavor: &Flavor) -> bool {
        let (is_admin, project) = self.eyes(viewer);
        flavor.is_visible(is_admin, &project)
    }

    /// The images that somebody sees.
    pub fn images(&self, viewer: Viewer) -> Vec<Arc<Image>> {
        let (is_admin, project) = self.eyes(viewer);
        let written = self.written_images.all().into_iter().map(|(_, image)| image);
        let all = self.images.look(Vec::clone).into_iter().chain(written);
        all.filter(|image| image.is_visible(is_admin, &project)).collect()
    }

    /// An image by its id in the manager, also one that was deleted.
    pub fn image(&self, id: ImageId) -> Option<Arc<Image>> {
        let declared = self.images.look(|images| images.get(id.index()).cloned());
        declared.or_else(|| self.written_images.get(id.0))
    }

    /// An image by the id that clients know, if somebody sees it.
    pub fn find_image(&self, id: Uuid, viewer: Viewer) -> Option<(ImageId, Arc<Image>)> {
        let declared = self.images.look(|images| found(images, |image| image.id == id));
        let (number, image) =
            declared.or_else(|| self.written_images.find(|_, known| known.id == id))?;
        let (is_admin, project) = self.eyes(viewer);
        image.is_visible(is_admin, &project).then_some((ImageId(number), image))
    }

    /// The id of a project, as documents name it.
    pub(crate) fn project_id(&self, project: ProjectId) -> Arc<str> {
        let known = self.projects.look(|projects| projects.get(project.index()).cloned());
        known.unwrap_or_default()
    }

    /// How many of such a resource a project may have: what is written of it, but no more than
    /// this program can hold of it.
    pub(crate) fn most(&self, project: ProjectId, resource: &str, own: usize) -> usize {
        let written = |project: &str| {
            let found = self.quotas.find(|_, known| *known.project == *project)?;
            found.1.limits.others.get(resource).copied()
        };
        let known = self.projects.look(|projects| projects.get(project.index()).cloned());
        let limit = known.and_then(|id| written(&id).or_else(|| written("")));
        let most = limit.and_then(Limit::most).and_then(|most| usize::try_from(most).ok());
        most.map_or(own, |most| most.min(own))
    }

    /// How many projects are declared.
    pub(crate) fn project_count(&self) -> usize {
        self.projects.look(Vec::len)
    }

    /// Whether a project of this id is declared.
    pub fn has_project(&self, id: &str) -> bool {
        self.projects.look(|projects| projects.iter().any(|known| **known == *id))
    }

    fn eyes(&self, viewer: Viewer) -> (bool, Arc<str>) {
        match viewer {
            Viewer::Admin => (true, Arc::default()),
            Viewer::Project(project) => (false, self.project_id(project)),
        }
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

    /// The zone that a host is in: the one of an aggregate of its, or the declared one.
    pub fn zone_of(&self, host: &Host) -> Arc<str> {
        let found = self.aggregates.find(|_, aggregate| aggregate.puts_in_zone(host));
        let zone = found.as_ref().and_then(|(_, aggregate)| aggregate.zone());
        zone.map_or_else(|| Arc::clone(&self.zone), Arc::from)
    }

    /// All zones, the declared one first, each with its hosts.
    pub fn zones(&self) -> Vec<(Arc<str>, Vec<&Host>)> {
        let zoned = self.zoned();
        let mut zones = vec![(Arc::clone(&self.zone), Vec::new())];
        for host in &self.hosts {
            let zone = self.zone_among(&zoned, host);
            match zones.iter_mut().find(|(known, _)| **known == *zone) {
                Some((_, hosts)) => hosts.push(host),
                None => zones.push((Arc::from(zone), vec![host])),
            }
        }
        zones
    }

    /// Whether there is a zone of this name.
    pub fn has_zone(&self, zone: &str) -> bool {
        let has_it = |aggregate: &Aggregate| {
            aggregate.zone() == Some(zone)
                && aggregate.hosts.iter().any(|name| self.find_host(name).is_some())
        };
        *self.zone == *zone || self.aggregates.find(|_, aggregate| has_it(aggregate)).is_some()
    }

    /// The hosts of a zone, if there is such a zone.
    pub(crate) fn hosts_in(&self, zone: &str) -> Option<Vec<HostId>> {
        let zoned = self.zoned();
        let hosts = self.hosts.iter().filter(|host| self.zone_among(&zoned, host) == zone);
        let hosts: Vec<HostId> = hosts.map(|host| host.id).collect();
        (*self.zone == *zone || !hosts.is_empty()).then_some(hosts)
    }

    /// The aggregates that make zones.
    fn zoned(&self) -> Vec<Arc<Aggregate>> {
        let all = self.aggregates.all().into_iter().map(|(_, aggregate)| aggregate);
        all.filter(|aggregate| aggregate.zone().is_some()).collect()
    }

    /// The zone that a host is in, where these are the aggregates that make zones.
    fn zone_among<'a>(&'a self, zoned: &'a [Arc<Aggregate>], host: &Host) -> &'a str {
        let found = zoned.iter().find(|aggregate| aggregate.puts_in_zone(host));
        found.and_then(|aggregate| aggregate.zone()).unwrap_or(&self.zone)
    }

    /// A host by its name.
    pub fn find_host(&self, name: &str) -> Option<&Host> {
        self.hosts.iter().find(|host| *host.name == *name)
    }

    /// What an administrator set of the host of that name.
    pub(crate) fn host_state(&self, name: &str) -> HostState {
        let found = self.host_states.find(|_, state| *state.host == *name);
        found.map_or_else(HostState::default, |(_, state)| HostState::clone(&state))
    }

    /// A host by its id.
    pub fn host(&self, id: HostId) -> Option<&Host> {
        self.hosts.get(id.index())
    }
}

/// An entry of a declared list, with its number.
fn found<T>(all: &[Arc<T>], is_it: impl Fn(&T) -> bool) -> Option<(u32, Arc<T>)> {
    let place = all.iter().position(|one| is_it(one))?;
    Some((place as u32, Arc::clone(&all[place])))
}

/// A declared flavor with these extra specs, if there are any that were written.
fn with(declared: &Arc<Flavor>, specs: Option<&Arc<DeclaredSpecs>>) -> Arc<Flavor> {
    match specs {
        None => Arc::clone(declared),
        Some(specs) => {
            let extra_specs = specs.over(&declared.extra_specs);
            Arc::new(Flavor { extra_specs, ..Flavor::clone(declared) })
        }
    }
}
