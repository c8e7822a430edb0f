//! A cloud to ask, and who asks.

use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::accounts::{Caller, Role, Session};
use guichet_cloud::config::Declared;
use guichet_cloud::servers::{Networks, NewServers};
use guichet_core::ids::{FlavorId, ImageId, OperationId, ServerId};
use guichet_driver::profile::Profile;

/// The cloud of `--dev` over a driver that does everything at once.
pub(crate) fn dev() -> Arc<Cloud> {
    let profile = Profile::builtin("instant").unwrap();
    Cloud::builder(Declared::dev()).profile(profile).seed(1).open().unwrap().cloud
}

/// The first user in a project, with this role.
pub(crate) fn caller(cloud: &Cloud, project: usize, role: Role) -> Caller {
    Caller::of(&Session::new(0, Some((project, role))), cloud.new_request()).unwrap()
}

/// One server of the first flavor and image.
pub(crate) fn new(name: &str) -> NewServers {
    let networks = Networks::These(vec![(0, None)]);
    NewServers { networks, ..NewServers::one(name, FlavorId(0), ImageId(0)) }
}

/// Makes a server and waits until it runs.
pub(crate) async fn made(cloud: &Cloud, caller: &Caller, new: &NewServers) -> ServerId {
    let id = cloud.servers().create(caller, new).await.unwrap();
    finish(cloud, id).await;
    id
}

/// Waits for the end of all that is being done to a server.
pub(crate) async fn finish(cloud: &Cloud, id: ServerId) {
    for operation in cloud.servers().operations(id) {
        let id = OperationId { server: id, number: operation.number };
        cloud.manager().finished(id).await;
    }
}
