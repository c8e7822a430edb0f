//! What the servers of one answer are of and on: their projects, users, flavors, images, hosts. Most servers of
//! a page share it, and all threads that answer share where it is looked up: so that is done once an answer,
//! and what was written of it is copied.

use std::borrow::Cow;
use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::accounts::{Directory, Project, User};
use guichet_core::hex::Hex;
use guichet_core::ids::{FlavorId, HostId, ImageId, ProjectId};
use guichet_core::project::Host;
use guichet_core::server::Server;
use guichet_core::state::VmState;
use guichet_http::json::{self, Again, write};
use serde_json::Result;
use sha2::{Digest, Sha224};

use crate::compute::flavors::FlavorOfServer;
use crate::compute::links;
use crate::http::gate::Caller;

/// What was looked up and written for the servers of one answer.
pub(super) struct Related<'a> {
    pub(super) cloud: &'a Cloud,
    pub(super) caller: &'a Caller,
    directory: Arc<Directory>,
    /// What links begin with, as it stands in a JSON text.
    base: Cow<'a, str>,
    flavors: Again<FlavorId>,
    images: Again<ImageId>,
    zones: Again<HostId>,
    marks: Again<(ProjectId, HostId)>,
}

impl<'a> Related<'a> {
    /// For an answer to this caller, of which nothing is written.
    pub(super) fn new(cloud: &'a Cloud, caller: &'a Caller) -> Self {
        Self {
            cloud,
            caller,
            directory: cloud.accounts().directory(),
            base: json::inside(&caller.context.base.0),
            flavors: Again::default(),
            images: Again::default(),
            zones: Again::default(),
            marks: Again::default(),
        }
    }

    /// Whose it is.
    pub(super) fn project(&self, server: &Server) -> Option<&Project> {
        self.directory.owner(server.project)
    }

    /// Who asked for it.
    pub(super) fn user(&self, server: &Server) -> Option<&User> {
        self.directory.client(server.created_by)
    }

    /// Where it is.
    pub(super) fn host(&self, server: &Server) -> Option<&'a Host> {
        self.cloud.catalogue().host(server.host?)
    }

    /// The flavor it was made by, if it is known.
    pub(super) fn put_flavor(&mut self, out: &mut Vec<u8>, server: &Server) -> Result<()> {
        let (id, catalogue) = (server.flavor, self.cloud.catalogue());
        let (base, version) = (&self.caller.context.base, self.caller.version());
        self.flavors.put(out, id, |out| {
            let flavor = catalogue.flavor(id);
            let shown = flavor.as_deref().map(|flavor| FlavorOfServer { flavor, base, version });
            write(out, &shown)
        })
    }

    /// The image it was made from, if it is known.
    pub(super) fn put_image(&mut self, out: &mut Vec<u8>, server: &Server) -> Result<()> {
        let (id, catalogue, base) = (server.image, self.cloud.catalogue(), &self.base);
        self.images.put(out, id, |out| match catalogue.image(id) {
            Some(image) => {
                links::put_image(out, base, image.id);
                Ok(())
            }
            None => write(out, &()),
        })
    }

    /// The zone of its host; the declared one of a server without a host, and none while it is made.
    pub(super) fn put_zone(&mut self, out: &mut Vec<u8>, server: &Server) -> Result<()> {
        let catalogue = self.cloud.catalogue();
        match self.host(server) {
            _ if server.vm_state == VmState::Building => write(out, &""),
            None => write(out, catalogue.zone()),
            Some(host) => self.zones.put(out, host.id, |out| write(out, &catalogue.zone_of(host))),
        }
    }

    /// See [`host_id`].
    pub(super) fn put_host_id(&mut self, out: &mut Vec<u8>, server: &Server) -> Result<()> {
        let Some(host) = made_on(server) else { return write(out, &"") };
        let directory = &self.directory;
        let put = |out: &mut Vec<u8>| write(out, &digest(directory, server.project, host));
        self.marks.put(out, (server.project, host), put)
    }

    /// The links of a server.
    pub(super) fn put_links(&self, out: &mut Vec<u8>, server: &Server) -> Result<()> {
        links::put_of_server(out, &self.base, server.id);
        Ok(())
    }
}

/// Where it is, once it is made.
fn made_on(server: &Server) -> Option<HostId> {
    server.host.filter(|_| server.vm_state != VmState::Building)
}

/// What shows that servers of a project are on the same host, and tells neither; nothing of a server while
/// it is made.
pub(super) fn host_id(cloud: &Cloud, server: &Server) -> String {
    made_on(server).map_or_else(String::new, |host| {
        digest(&cloud.accounts().directory(), server.project, host)
    })
}

/// A digest of both, in hexadecimal.
fn digest(directory: &Directory, project: ProjectId, host: HostId) -> String {
    let mut hash = Sha224::new();
    hash.update(directory.owner(project).map_or("", |project| &*project.id));
    hash.update(host.0.to_be_bytes());
    Hex(&hash.finalize()).to_string()
}
