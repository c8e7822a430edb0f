//! A world and what a test asks of it.

use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::faults::Pattern;
use guichet_cloud::worlds::{SentRequest, WorldError};
use guichet_core::limits;

use crate::clock::Clock;
use crate::fault::Faults;
use crate::service::Service;

/// A cloud of a test's own. It ends when this is dropped.
#[derive(Debug)]
pub struct World {
    service: Service,
}

impl World {
    pub(crate) fn new(service: Service) -> Self {
        let world = Self { service };
        world.world().requests().remember(limits::REQUESTS_REMEMBERED_MAX);
        world
    }

    fn world(&self) -> &Arc<guichet_cloud::worlds::World> {
        self.service.worlds.first()
    }

    /// Where it answers, without a path.
    pub fn url(&self) -> &str {
        &self.service.url
    }

    /// Where clients log in.
    pub fn auth_url(&self) -> String {
        format!("{}/identity", self.service.url)
    }

    /// `OS_AUTH_URL` and the other variables by which clients find it, for the first user that is no
    /// administrator.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        guichet_openstack::environment(self.declared(), self.url())
    }

    /// A `clouds.yaml` for it: a cloud for each user.
    pub fn clouds_yaml(&self) -> String {
        guichet_openstack::clouds_yaml(self.declared(), &[], self.url())
    }

    fn declared(&self) -> &guichet_cloud::config::Declared {
        self.service.worlds.declared(self.world())
    }

    /// What `Authorization: Bearer` has to say to steer it over HTTP, for a program that does.
    pub fn control_token(&self) -> &str {
        self.service.token.text()
    }

    /// The cloud itself, for a test that looks at more than a client sees. A [reset](Self::reset) puts
    /// another in its place.
    pub fn cloud(&self) -> Arc<Cloud> {
        self.world().cloud()
    }

    /// Its time.
    pub fn clock(&self) -> Clock<'_> {
        Clock { service: &self.service }
    }

    /// What is to go wrong.
    pub fn faults(&self) -> Faults {
        Faults { cloud: self.cloud() }
    }

    /// The latest requests that it answered, the oldest first: at most
    /// [`limits::REQUESTS_REMEMBERED_MAX`].
    pub fn requests(&self) -> Vec<SentRequest> {
        self.world().requests().find(|_| true).requests
    }

    /// Those of a method and a path inside the world, in which `*` is any text; a path is without its
    /// query.
    ///
    /// ```
    /// # let world = guichet_testing::World::start_blocking()?;
    /// assert!(world.requests_to("POST", "/compute/v2.1/servers").is_empty());
    /// # Ok::<(), guichet_testing::StartError>(())
    /// ```
    pub fn requests_to(&self, method: &str, path: &str) -> Vec<SentRequest> {
        let Ok(path) = Pattern::new(path) else { return Vec::new() };
        let is_asked = |request: &SentRequest| {
            let (sent, _) = request.path.split_once('?').unwrap_or((&request.path, ""));
            request.method.eq_ignore_ascii_case(method) && path.fits(sent)
        };
        self.world().requests().find(is_asked).requests
    }

    /// Begins anew as it was: no servers, no tokens, no faults, no requests. Its time goes as fast as before.
    ///
    /// # Errors
    /// [`WorldError::Open`]: it is as it was.
    pub async fn reset(&self) -> Result<(), WorldError> {
        let worlds = Arc::clone(&self.service.worlds);
        let reset = self.service.on_thread(async move { worlds.reset(worlds.first()) }).await;
        reset.unwrap_or(Err(WorldError::Closing))
    }

    /// Ends it, and waits until all that it had begun is over.
    pub async fn stop(self) {
        self.service.stop().await;
    }
}
