//! Servers as documents say them, with what they leave out.

use std::collections::HashMap;
use std::sync::Arc;

use guichet_core::action::EXPIRIES;
use guichet_core::details::{Details, Lock, Port};
use guichet_core::fleet::{SavedRow, Slot};
use guichet_core::ids::{ClientId, FlavorId, GroupId, HostId, ImageId, ProjectId, ServerId};
use guichet_core::limits;
use guichet_core::server::{Allocation, Fault, Operation, OperationState, Server, Size};
use guichet_core::state::{PowerState, VmState};

use super::places::{Places, mac};
use super::reader::{self, Reader};
use crate::ids;
use crate::servers::values;
use crate::snapshot::document::{AllocationRow, OperationRow, PortRow, ServerRow};
use crate::snapshot::names::Names;
use crate::snapshot::word::Named;

impl ServerRow {
    pub(super) fn is_deleted(&self) -> bool {
        self.vm_state() == VmState::Deleted
    }

    fn vm_state(&self) -> VmState {
        let default = if self.operation.is_some() { VmState::Building } else { VmState::Active };
        self.vm_state.as_ref().map_or(default, |state| state.0)
    }

    /// The size of its flavor, if there is one.
    pub(super) fn declared_size(
        &self,
        names: &Names<'_>,
        sizes: &HashMap<u32, Size>,
    ) -> Option<Size> {
        match self.flavor.as_ref()? {
            Named::Declared(name) => names.size(names.flavors.number(name).ok()?),
            Named::Record(number) => sizes.get(number).copied(),
        }
    }
}

/// The state of the machine of a server that is in this state, where nothing is said.
const fn power(vm_state: VmState) -> PowerState {
    match vm_state {
        VmState::Active | VmState::Resized | VmState::Rescued => PowerState::Running,
        VmState::Paused => PowerState::Paused,
        VmState::Building | VmState::Error | VmState::Deleted => PowerState::None,
        _ => PowerState::Shutdown,
    }
}

impl Reader<'_> {
    /// The server of this place in the list.
    pub(super) fn server(
        &self,
        number: usize,
        mut row: ServerRow,
        places: &mut Places,
    ) -> Result<SavedRow, String> {
        let name = values::name(&row.name).map_err(|problem| format!("name: {problem}"))?;
        let made_up = || ids::uuid("server of a snapshot", &format!("{number} {name}"));
        let id = ServerId(row.id.unwrap_or_else(made_up));
        let names = &self.names;
        let user = row.user.as_deref().map(|name| names.users.number(name)).transpose()?;
        let project = row.project.as_deref().map(|name| names.projects.number(name)).transpose()?;
        let flavor = self.flavor(row.flavor.as_ref().ok_or("flavor: a server needs one")?)?;
        let image = self.image(row.image.as_ref().ok_or("image: a server needs one")?)?;
        let size = row.size.or_else(|| self.size(flavor)).ok_or("size: expected one")?;
        let size = reader::size("size", size)?;
        let vm_state = row.vm_state();
        if row.expires.is_some() && !EXPIRIES.iter().any(|expiry| expiry.state == vm_state) {
            return Err(format!("expires: {vm_state} is a state that lasts; leave it out"));
        }
        let host = self.host(&row, size, places)?;
        let created_by = ClientId(user.unwrap_or(names.owner.0));
        let by = (created_by, OperationState::Succeeded);
        let finished = self.finished(std::mem::take(&mut row.finished), id, by)?;
        let newest = finished.last().map_or(0, |done| done.number);
        let (arrival, active) = self.active(&mut row, id, newest, created_by)?;
        let created = row.created.map_or(self.at, |at| at.0);
        let is_new = row.created.is_none() && power(vm_state) != PowerState::None;
        let launched = row.launched.map(|at| at.0).or_else(|| is_new.then_some(created));
        let task_state = row.task_state.map(|task| task.0);
        let task_started = || active.as_ref().map(|active| active.action.rule().task_started);
        let fence = row.fence.unwrap_or(0);
        if fence > limits::COUNTER_MAX {
            return Err(format!("fence: {fence}, more than there can have been"));
        }
        let server = Server {
            id,
            project: ProjectId(project.unwrap_or(names.owner.1)),
            size,
            flavor,
            image,
            host: host.map(HostId),
            second: row.second.take().map(|held| self.allocation(&held)).transpose()?,
            vm_state,
            task_state: task_state.or_else(task_started),
            power_state: row.power_state.map_or_else(|| power(vm_state), |state| state.0),
            ever_started: !row.never_started.unwrap_or(false),
            fence,
            operations: active.as_ref().map_or(newest, |active| active.number),
            created,
            updated: row.updated.map_or(created, |at| at.0),
            launched,
            expires: row.expires.map(|at| at.0),
            created_by,
            fault: row.fault.take().map(|fault| {
                let at = fault.created.map_or(created, |at| at.0);
                Arc::new(Fault { kind: fault.kind.0, message: fault.message, created: at })
            }),
            details: self.details(row, id, places)?,
            name: (&name).into(),
            active: active.map(Arc::new),
        };
        if server.created > self.at || server.updated > self.at {
            return Err(format!("created, updated: later than {}, when this is", self.at));
        }
        let slot = Slot::try_from(number).map_err(|_| "more servers than there can be")?;
        Ok(SavedRow { slot, server: Arc::new(server), arrival, finished })
    }

    /// What is over.
    fn finished(
        &self,
        rows: Vec<OperationRow>,
        server: ServerId,
        by: (ClientId, OperationState),
    ) -> Result<Vec<Operation>, String> {
        let read = (1..).zip(rows).map(|(place, row)| {
            let at_place = |problem| format!("finished[{}].{problem}", place - 1);
            let done = self.operation(row, server, place, by).map_err(at_place)?;
            match done.state.is_final() {
                true => Ok(done),
                false => {
                    Err(at_place("state: expected one of an operation that is over".to_owned()))
                }
            }
        });
        read.collect()
    }

    /// What is under way, with its place in the queue.
    fn active(
        &self,
        row: &mut ServerRow,
        server: ServerId,
        newest: u32,
        user: ClientId,
    ) -> Result<(Option<u64>, Option<Operation>), String> {
        let Some(active) = row.operation.take() else { return Ok((None, None)) };
        let arrival = active.place;
        let read = self.operation(active, server, newest + 1, (user, OperationState::Queued));
        let mut read = read.map_err(|problem| format!("operation.{problem}"))?;
        if read.state.is_final() || read.number <= newest {
            return Err("operation: expected one that is not over, after those that are".to_owned());
        }
        // No call of it is under way here.
        read.state = OperationState::Queued;
        if read.attempt == 0 {
            read.started = None;
        }
        Ok((arrival, Some(read)))
    }

    fn host(
        &self,
        row: &ServerRow,
        size: Size,
        places: &mut Places,
    ) -> Result<Option<u32>, String> {
        match &row.host {
            Some(None) => Ok(None),
            Some(Some(name)) => self.names.hosts.number(name).map(Some),
            None if matches!(row.vm_state(), VmState::Deleted | VmState::ShelvedOffloaded) => {
                Ok(None)
            }
            None => places.host(size).map(Some),
        }
    }

    /// The flavor of this name or number.
    pub(super) fn flavor(&self, named: &Named) -> Result<FlavorId, String> {
        let number = match named {
            Named::Declared(name) => self.names.flavors.number(name)?,
            Named::Record(number) if self.flavors.contains_key(number) => *number,
            Named::Record(number) => return Err(format!("flavor: no record has number {number}")),
        };
        Ok(FlavorId(number))
    }

    fn image(&self, named: &Named) -> Result<ImageId, String> {
        let number = match named {
            Named::Declared(name) => self.names.images.number(name)?,
            Named::Record(number) if self.images.contains(number) => *number,
            Named::Record(number) => return Err(format!("image: no record has number {number}")),
        };
        Ok(ImageId(number))
    }

    fn size(&self, flavor: FlavorId) -> Option<Size> {
        self.flavors.get(&flavor.0).copied().or_else(|| self.names.size(flavor.0))
    }

    fn allocation(&self, row: &AllocationRow) -> Result<Box<Allocation>, String> {
        let host = row.host.as_deref().map(|name| self.names.hosts.number(name)).transpose()?;
        let flavor = self.flavor(&row.flavor)?;
        let size = reader::size("second.size", row.size)?;
        Ok(Box::new(Allocation { flavor, size, host: host.map(HostId) }))
    }

    /// What it carries for its owner; none if that is nothing.
    fn details(
        &self,
        row: ServerRow,
        server: ServerId,
        places: &mut Places,
    ) -> Result<Option<Arc<Details>>, String> {
        let is_deleted = row.is_deleted();
        let ports = match (row.ports, row.networks) {
            (Some(_), Some(_)) => return Err("networks: leave them out beside ports".to_owned()),
            (Some(ports), None) => ports,
            (None, Some(networks)) => networks.into_iter().map(PortRow::on).collect(),
            (None, None) if is_deleted => Vec::new(),
            (None, None) => {
                let only = self.names.networks.only();
                let only = only.map(|network| self.names.networks.name(network));
                only.map(PortRow::on).into_iter().collect()
            }
        };
        let ports = (0..).zip(ports).map(|(number, port)| {
            let port = self.port(port, (server, is_deleted), number, places);
            port.map_err(|problem| format!("ports[{number}].{problem}"))
        });
        let details = Details {
            description: row.description,
            metadata: row.metadata,
            tags: row.tags,
            key_name: row.key_name,
            hostname: row.hostname,
            availability_zone: row.availability_zone,
            user_data: row.user_data,
            config_drive: row.config_drive,
            disk_config_auto: row.disk_config_auto,
            access_ipv4: row.access_ipv4,
            access_ipv6: row.access_ipv6,
            ports: ports.collect::<Result<_, String>>()?,
            lock: row.lock.map(|lock| Lock { by_admin: lock.by_admin, reason: lock.reason }),
            is_without_group: row.without_security_group,
            group: row.server_group.map(GroupId),
        };
        values::check_details(&details)
            .map_err(|(field, problem)| format!("{field}: {problem}"))?;
        Ok((details != Details::default()).then(|| Arc::new(details)))
    }

    fn port(
        &self,
        row: PortRow,
        (server, is_deleted): (ServerId, bool),
        number: u32,
        places: &mut Places,
    ) -> Result<Port, String> {
        let network = self.names.networks.number(&row.network)?;
        let id = match row.id {
            // It was looked at with all that are named.
            Some(id) => id,
            None => {
                let id = ids::uuid("port of a snapshot", &format!("{server} {number}"));
                // What a server had that is gone is nobody's.
                if !is_deleted {
                    places.own(id)?;
                }
                id
            }
        };
        Ok(Port {
            id,
            network,
            address: row.address.map_or_else(|| places.address(network), Ok)?,
            mac: match row.mac {
                Some(text) => mac(&text)?,
                None => places.mac(),
            },
        })
    }
}

impl PortRow {
    /// Any on this network.
    const fn on(network: String) -> Self {
        Self { network, id: None, address: None, mac: None }
    }
}
