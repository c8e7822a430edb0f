//! Making servers: the rules of a create that need no look at another server, the names, the
//! addresses and what each server carries. The rest is decided by the manager in one step.

use std::net::IpAddr;
use std::sync::Arc;

use guichet_core::details::Details;
use guichet_core::ids::{FlavorId, HostId, ImageId, ServerId};
use guichet_core::network::PortRequest;
use guichet_core::request::{Answer, Create, IdempotencyKey, Request, RequestBody};
use guichet_core::{edit, limits};

use super::error::CreateError;
use super::service::Servers;
use super::values;
use crate::accounts::Caller;
use crate::network;

/// Where servers are to be plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Networks {
    /// The first network there is, if there is one.
    Auto,
    /// These, by their numbers in the catalogue, each with an address if one was asked for.
    These(Vec<(u32, Option<IpAddr>)>),
}

/// Servers that are asked for, all alike but for their names and addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewServers {
    /// The name; of several, each gets its number behind it.
    pub name: Arc<str>,
    /// The size to make them in.
    pub flavor: FlavorId,
    /// What they boot from.
    pub image: ImageId,
    /// How many are enough if the quota does not allow all.
    pub min_count: usize,
    /// How many are wanted.
    pub max_count: usize,
    /// Where they are plugged in.
    pub networks: Networks,
    /// What each of them carries for its owner. Two fields are not the owner's to give, and count
    /// for nothing: ports, which the [networks](Self::networks) become, and a lock.
    pub details: Details,
    /// The names of the hosts to place them on, if not all will do: an administrator's to say.
    pub hosts: Option<Vec<Arc<str>>>,
    /// The client's own name for the request: a repeat under it has the same answer.
    pub key: Option<IdempotencyKey>,
    /// A digest of all that the client sent, for a repeat under the same key must say the same.
    pub body_digest: Option<[u8; 32]>,
}

impl NewServers {
    /// One server of this flavor and image in the first network, and nothing else asked for.
    pub fn one(name: &str, flavor: FlavorId, image: ImageId) -> Self {
        Self {
            name: Arc::from(name),
            flavor,
            image,
            min_count: 1,
            max_count: 1,
            networks: Networks::Auto,
            details: Details::default(),
            key: None,
            hosts: None,
            body_digest: None,
        }
    }

    /// Whether at least `min` and at most `max` servers can be asked for.
    ///
    /// # Errors
    /// More at least than at most, or more than one request may make.
    pub const fn check_counts(min: usize, max: usize) -> Result<(), CreateError> {
        if min > max {
            return Err(CreateError::CountsReversed { min, max });
        }
        let most = limits::SERVERS_PER_REQUEST_MAX;
        if max > most { Err(CreateError::TooMany { most }) } else { Ok(()) }
    }

    /// Whether each field has a value that it can have.
    fn check(&self) -> Result<(), CreateError> {
        let wrong = |(field, problem)| CreateError::Invalid { field, problem };
        Self::check_counts(self.min_count, self.max_count)?;
        values::name(&self.name).map_err(|problem| wrong(("name", problem)))?;
        // The longest of them all.
        let last = self.name_of(self.max_count.saturating_sub(1));
        values::name(&last).map_err(|problem| wrong(("name", problem)))?;
        values::check_details(&self.details).map_err(wrong)?;
        Ok(edit::check_tags(self.details.tags.len())?)
    }

    /// The name of the server of this number.
    fn name_of(&self, number: usize) -> Arc<str> {
        match self.max_count {
            1 => Arc::clone(&self.name),
            _ => Arc::from(format!("{}-{}", self.name, number + 1)),
        }
    }

    /// What each of the servers carries at first; its ports come with their addresses.
    fn details(&self) -> Details {
        Details { ports: Vec::new(), lock: None, ..self.details.clone() }
    }
}

impl Servers {
    /// Makes servers: they are there as soon as this returns, and run some time later. The id is
    /// that of the first; a repeat has the first one's server, whatever was drawn for this one.
    ///
    /// # Errors
    /// [`CreateError`]: nothing was changed.
    pub async fn create(&self, caller: &Caller, new: &NewServers) -> Result<ServerId, CreateError> {
        let request = self.create_request(caller, new)?;
        let ack = self.manager.submit(&request).await?;
        Ok(ack.server())
    }

    /// [`create`](Self::create) for whoever wants to know all of them: an operation for each server.
    ///
    /// # Errors
    /// [`CreateError`]: nothing was changed.
    pub async fn create_all(
        &self,
        caller: &Caller,
        new: &NewServers,
    ) -> Result<Answer, CreateError> {
        let request = self.create_request(caller, new)?;
        let ack = self.manager.submit(&request).await?;
        Ok(Answer { request: ack.request, operations: ack.operations })
    }

    /// The request as the manager takes it.
    fn create_request(&self, caller: &Caller, new: &NewServers) -> Result<Request, CreateError> {
        if !caller.may_write() {
            return Err(CreateError::Forbidden);
        }
        new.check()?;
        self.check_metadata(caller.project, &new.details.metadata)?;
        let (_, ids) = self.manager.draw_ids(caller.client(), new.max_count);
        let flavor = self.catalogue.flavor(new.flavor);
        let flavor = flavor.filter(|flavor| self.catalogue.sees_flavor(caller.into(), flavor));
        let flavor = flavor.ok_or(CreateError::UnknownFlavor)?;
        let image = self.catalogue.image(new.image).ok_or(CreateError::UnknownImage)?;
        image.check(&flavor)?;
        let named = new.hosts.as_ref().map(|names| self.hosts_of(caller, names)).transpose()?;
        let zone = new.details.availability_zone.as_deref();
        let in_zone = zone.map(|zone| self.hosts_in(zone)).transpose()?.flatten();
        let hosts = named.or(in_zone);
        let ports = ids.iter().map(|id| self.ports(*id, &new.networks));
        let mut ports = ports.collect::<Result<Vec<_>, _>>()?;
        if ports.iter().all(Vec::is_empty) {
            ports.clear();
        }
        let details = match new.details() {
            none if none == Details::default() => Vec::new(),
            details => {
                // One for all of them: an edit of one makes a copy.
                let shared = Arc::new(details);
                ids.iter().map(|_| Arc::clone(&shared)).collect()
            }
        };
        let servers = ids.into_iter().enumerate().map(|(number, id)| (id, new.name_of(number)));
        Ok(Request {
            id: caller.request,
            client: caller.client(),
            project: caller.project,
            privileged: caller.is_admin(),
            key: new.key.clone(),
            body: RequestBody::Create(Create {
                servers: servers.collect(),
                min_count: new.min_count,
                size: flavor.size,
                flavor: new.flavor,
                image: new.image,
                details,
                ports,
                hosts,
                most_in_group: new.details.group.map(|_| self.most_in_group(caller)),
                body_digest: new.body_digest,
            }),
        })
    }

    /// How many servers a group of the caller's project may have.
    fn most_in_group(&self, caller: &Caller) -> u16 {
        let own = limits::SERVER_GROUP_MEMBERS_MAX;
        let most = self.catalogue.most(caller.project, "server_group_members", own);
        u16::try_from(most).unwrap_or(u16::MAX)
    }

    /// The hosts of a zone; none if that is all of them.
    fn hosts_in(&self, zone: &str) -> Result<Option<Arc<[HostId]>>, CreateError> {
        let hosts = self.catalogue.hosts_in(zone).ok_or(CreateError::UnknownZone)?;
        let is_all = hosts.len() == self.catalogue.hosts().len();
        Ok((!is_all).then(|| Arc::from(hosts)))
    }

    /// The hosts of these names.
    fn hosts_of(&self, caller: &Caller, names: &[Arc<str>]) -> Result<Arc<[HostId]>, CreateError> {
        if !caller.is_admin() {
            return Err(CreateError::HostForbidden);
        }
        let id = |name: &Arc<str>| {
            let found = self.catalogue.find_host(name);
            found.map(|host| host.id).ok_or_else(|| CreateError::UnknownHost(Arc::clone(name)))
        };
        names.iter().map(id).collect()
    }

    /// The ports of one server.
    fn ports(&self, id: ServerId, networks: &Networks) -> Result<Vec<PortRequest>, CreateError> {
        let wanted = match networks {
            Networks::Auto if self.catalogue.networks().is_empty() => &[][..],
            Networks::Auto if self.catalogue.networks().len() > 1 => {
                return Err(CreateError::ManyNetworks);
            }
            Networks::Auto => &[(0, None)],
            Networks::These(list) => list,
        };
        let port = |(number, (network, fixed)): (usize, &(u32, Option<IpAddr>))| {
            Ok(network::port_request(&self.catalogue, id, number, *network, *fixed)?)
        };
        wanted.iter().enumerate().map(port).collect()
    }
}
