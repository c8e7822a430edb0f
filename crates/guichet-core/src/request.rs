//! What a client asks, and which rows it touches.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use smallvec::{SmallVec, smallvec};

use crate::action::{Action, ActionArgs, AllocationChange, Settles};
use crate::details::Details;
use crate::ids::{
    ClientId, FlavorId, GroupId, HostId, ImageId, NetworkId, OperationId, ProjectId, RequestId,
    ServerId, UserId,
};
use crate::network::PortRequest;
use crate::server::Size;

/// A client's own name for a request: a repeat under the same key has the first one's answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct IdempotencyKey(pub Arc<str>);

/// What a request says, without its id: two requests with the same fingerprint ask the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

/// A request, complete: ids for what it may create are inside, so that deciding it twice gives
/// the same ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Who sent it.
    pub client: ClientId,
    /// For which project.
    pub project: ProjectId,
    /// Whether an administrator asks: no lock holds one up.
    pub privileged: bool,
    /// The client's key, if it sent one.
    pub key: Option<IdempotencyKey>,
    /// What it asks.
    pub body: RequestBody,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestBody {
    /// New servers.
    Create(Create),
    /// Something done to one server.
    Act(Act),
}

/// Something done to one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The action.
    pub action: Action,
    /// The server it is done to.
    pub server: ServerId,
    /// What the action needs beside it.
    pub args: Option<Arc<ActionArgs>>,
}

impl RequestBody {
    /// An action that needs nothing but a server.
    pub const fn act(action: Action, server: ServerId) -> Self {
        Self::Act(Act { action, server, args: None })
    }
}

/// New servers, all alike but for name and id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Create {
    /// One entry for each server wanted: the id it will have and its name.
    pub servers: SmallVec<[(ServerId, Arc<str>); 1]>,
    /// How many are enough if the quota does not allow all; at least 1.
    pub min_count: usize,
    /// What each takes.
    pub size: Size,
    /// From which flavor.
    pub flavor: FlavorId,
    /// From which image.
    pub image: ImageId,
    /// What each carries for its owner, in the order of `servers`; empty if none carries anything.
    pub details: Vec<Arc<Details>>,
    /// The ports of each, in the order of `servers`; empty if none has any. Their addresses are
    /// found in the step that accepts the request, so that a refused one takes none.
    pub ports: Vec<Vec<PortRequest>>,
    /// The hosts to place them on, if not all will do.
    pub hosts: Option<Arc<[HostId]>>,
    /// How many servers their group may have; none: as many as any, which is
    /// [`SERVER_GROUP_MEMBERS_MAX`](crate::limits::SERVER_GROUP_MEMBERS_MAX), far below what fits
    /// here.
    pub most_in_group: Option<u16>,
    /// A digest of the whole body, for a repeat under the same key must have the same: also what
    /// is not stored, such as a password.
    pub body_digest: Option<[u8; 32]>,
}

/// The answer to an accepted request; a repeat gets the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The request that was accepted.
    pub request: RequestId,
    /// Its operations: one a server.
    pub operations: SmallVec<[OperationId; 1]>,
}

impl Request {
    /// The action it asks for.
    pub const fn action(&self) -> Action {
        match &self.body {
            RequestBody::Create(_) => Action::Create,
            RequestBody::Act(act) => act.action,
        }
    }

    /// The server it names, or the first it would create.
    pub fn server(&self) -> Option<ServerId> {
        match &self.body {
            RequestBody::Create(create) => create.servers.first().map(|(id, _)| *id),
            RequestBody::Act(act) => Some(act.server),
        }
    }

    /// What its action needs beside a server.
    pub const fn args(&self) -> Option<&Arc<ActionArgs>> {
        match &self.body {
            RequestBody::Create(_) => None,
            RequestBody::Act(act) => act.args.as_ref(),
        }
    }

    /// A digest of what it asks. Ids drawn for it are left out: they differ in a repeat.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hash = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        };
        field(self.action().as_str().as_bytes());
        match &self.body {
            RequestBody::Create(create) => {
                for (_, name) in &create.servers {
                    field(name.as_bytes());
                }
                for number in [
                    create.min_count as u64,
                    u64::from(create.size.vcpus),
                    u64::from(create.size.ram_mib),
                    u64::from(create.flavor.0),
                    u64::from(create.image.0),
                ] {
                    field(&number.to_be_bytes());
                }
                for details in &create.details {
                    // Ports are drawn for the request, as ids are.
                    let asked = Details { ports: Vec::new(), ..(**details).clone() };
                    field(format!("{asked:?}").as_bytes());
                }
                for host in create.hosts.iter().flat_map(|hosts| hosts.iter()) {
                    field(&host.0.to_be_bytes());
                }
                if let Some(body_digest) = &create.body_digest {
                    field(body_digest);
                }
            }
            RequestBody::Act(act) => {
                field(act.server.0.as_bytes());
                if let Some(args) = &act.args {
                    field(format!("{args:?}").as_bytes());
                }
            }
        }
        Fingerprint(hash.finalize().into())
    }
}

/// The rows a decision reads, in the order in which a store that locks rows takes them:
/// key, project, servers, hosts, queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reads {
    /// The remembered answer under this key.
    pub key: Option<(ProjectId, IdempotencyKey)>,
    /// The project's quota and usage.
    pub project: ProjectId,
    /// The server acted on, or those to be created, which must not exist yet.
    pub servers: SmallVec<[ServerId; 1]>,
    /// Whether the room of the hosts where that server holds something may be read: a delete may
    /// give it back at once, for example.
    pub host_of_server: bool,
    /// Hosts with room for this; the decision takes the first that fits.
    pub hosts: Option<Size>,
    /// Hosts with room for the server that is named, as large as it is; the same.
    pub hosts_for_server: bool,
    /// The networks whose addresses it may take.
    pub networks: SmallVec<[NetworkId; 1]>,
    /// The server group of new servers, with its members. An action that places a server anew reads
    /// the group of that, and the hosts its members are on.
    pub group: Option<GroupId>,
    /// The key pair that new servers are to have.
    pub key_pair: Option<(UserId, Arc<str>)>,
    /// Whether it may need a place in the queue. (All may.)
    pub queue: bool,
}

/// Which rows deciding `request` reads.
pub fn reads(request: &Request) -> Reads {
    let (servers, hosts) = match &request.body {
        RequestBody::Create(create) => {
            (create.servers.iter().map(|(id, _)| *id).collect(), Some(create.size))
        }
        RequestBody::Act(act) => {
            let new_size = act.args.as_deref().and_then(ActionArgs::new_size);
            (smallvec![act.server], new_size.map(|(_, size)| size))
        }
    };
    let rule = request.action().rule();
    let places = matches!(
        rule.allocations.accepted,
        AllocationChange::AddSecond | AllocationChange::TakeHost
    );
    Reads {
        key: request.key.clone().map(|key| (request.project, key)),
        project: request.project,
        servers,
        host_of_server: rule.settles != Settles::ByDriver || places,
        hosts,
        hosts_for_server: places && !matches!(request.action(), Action::Create | Action::Resize),
        networks: networks(request),
        group: group(request),
        key_pair: key_pair(request),
        queue: true,
    }
}

/// The key pair that a request's new servers are to have: all are to have the same. Users and the
/// clients that ask for them have the same numbers.
pub(crate) fn key_pair(request: &Request) -> Option<(UserId, Arc<str>)> {
    match &request.body {
        RequestBody::Create(create) => {
            let name = create.details.first()?.key_name.clone()?;
            Some((UserId(request.client.0), name))
        }
        RequestBody::Act(_) => None,
    }
}

/// The server group of a request's new servers: all are in the same.
pub(crate) fn group(request: &Request) -> Option<GroupId> {
    match &request.body {
        RequestBody::Create(create) => create.details.first()?.group,
        RequestBody::Act(_) => None,
    }
}

/// The networks that a request's new servers are plugged into: all are plugged in alike.
fn networks(request: &Request) -> SmallVec<[NetworkId; 1]> {
    match &request.body {
        RequestBody::Create(create) => {
            create.ports.first().into_iter().flatten().map(|port| port.network).collect()
        }
        RequestBody::Act(_) => SmallVec::new(),
    }
}
