//! A world and what a test asks of it.

use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::faults::Pattern;
use guichet_cloud::worlds::{SentRequest, SnapshotName, WorldError, Worlds};
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
        guichet_openstack::environment(&self.declared(), self.url())
    }

    /// A `clouds.yaml` for it: a cloud for each user.
    pub fn clouds_yaml(&self) -> String {
        guichet_openstack::clouds_yaml(&self.declared(), &[], self.url(), None)
    }

    fn declared(&self) -> guichet_cloud::worlds::DeclaredIn {
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
    pub const fn faults(&self) -> Faults<'_> {
        Faults { service: &self.service }
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
        self.changed(|worlds, world| async move { worlds.reset(&world).await }).await
    }

    /// Takes a snapshot under this name, in place of one that there is: all of it at one moment, with
    /// what is under way.
    ///
    /// # Errors
    /// [`WorldError`]: there is none more than before.
    pub async fn snapshot(&self, name: &str) -> Result<(), WorldError> {
        let name = SnapshotName::new(name)?;
        let take = |worlds: Arc<Worlds>, world| async move {
            worlds.take_snapshot(&world, name, true).await.map(drop)
        };
        self.changed(take).await
    }

    /// Is again as a snapshot has it. Its tokens stay good; faults and requests are forgotten.
    ///
    /// # Errors
    /// [`WorldError::NoSnapshot`], and others: it is as it was.
    pub async fn restore(&self, name: &str) -> Result<(), WorldError> {
        let name = name.to_owned();
        let restore =
            |worlds: Arc<Worlds>, world| async move { worlds.restore(&world, &name).await };
        self.changed(restore).await
    }

    /// A snapshot as a document, which [`import`](Self::import) takes, also in another process.
    ///
    /// # Errors
    /// [`WorldError::NoSnapshot`]; it is too large for one document.
    pub async fn export(&self, name: &str) -> Result<String, WorldError> {
        let name = name.to_owned();
        let export =
            |worlds: Arc<Worlds>, world| async move { worlds.export_snapshot(&world, &name).await };
        self.changed(export).await
    }

    /// Has a snapshot of this name from a document, also one that was written by hand: `docs/testing.md` has
    /// what stands in it.
    ///
    /// # Errors
    /// [`WorldError`], which says where the document is wrong: there is none more than before.
    pub async fn import(&self, name: &str, document: impl Into<Vec<u8>>) -> Result<(), WorldError> {
        let (name, document) = (SnapshotName::new(name)?, document.into());
        let import = |worlds: Arc<Worlds>, world| async move {
            worlds.import_snapshot(&world, name, (document, None)).await.map(drop)
        };
        self.changed(import).await
    }

    /// Does something with it on its thread.
    async fn changed<T: Send + 'static, F>(
        &self,
        change: impl FnOnce(Arc<Worlds>, Arc<guichet_cloud::worlds::World>) -> F,
    ) -> Result<T, WorldError>
    where
        F: Future<Output = Result<T, WorldError>> + Send + 'static,
    {
        let changing = change(Arc::clone(&self.service.worlds), Arc::clone(self.world()));
        self.service.on_thread(changing).await.unwrap_or(Err(WorldError::Closing))
    }

    /// Waits for something that a world does, in a test that has no runtime.
    ///
    /// ```
    /// # let world = guichet_testing::World::start_blocking()?;
    /// world.wait(world.clock().advance_until_idle())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    /// In a test that has one: await it there.
    pub fn wait<T>(&self, does: impl Future<Output = T>) -> T {
        // It only waits: what is done is done on the world's thread.
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.expect("a runtime without I/O asks nothing of the system").block_on(does)
    }

    /// Ends it, and waits until all that it had begun is over.
    pub async fn stop(self) {
        self.service.stop().await;
    }
}
