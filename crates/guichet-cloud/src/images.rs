//! Images that are made of servers: by a snapshot, a backup or a shelving.
//!
//! An image is there as soon as its request is accepted, and how far it is follows from the
//! operation that makes it: nothing has to be written when that ends, and a process that dies in
//! between leaves nothing undone.

use std::collections::BTreeMap;
use std::sync::Arc;

use guichet_core::action::Action;
use guichet_core::ids::{ImageId, RequestId};
use guichet_core::server::{OperationState, Server};
use guichet_core::state::{TaskState, VmState};
use guichet_core::time::Clock;
use guichet_core::{edit, limits};
use guichet_engine::ServerManager;
use guichet_store::Query;
use uuid::Uuid;

use crate::accounts::{Accounts, Caller};
use crate::catalogue::{Catalogue, Image, MadeOf, Why};
use crate::documents::{Change, next};
use crate::records::Records;
use crate::servers::{ServerError, Servers};

/// How far an image is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageState {
    /// Its operation waits.
    Queued,
    /// It is made.
    Saving,
    /// Servers boot from it.
    Active,
}

/// What an image is to be made of a server for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewImage {
    /// By itself.
    Snapshot,
    /// One of a row: past so many of its kind the oldest go.
    Backup {
        /// The row's name.
        kind: Arc<str>,
        /// How many stay.
        rotation: usize,
    },
}

/// What looks for images and makes them.
#[derive(Debug)]
pub struct Images<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) accounts: &'a Accounts,
    pub(crate) servers: &'a Servers,
    pub(crate) manager: &'a ServerManager,
    pub(crate) records: &'a Records,
}

impl Images<'_> {
    /// The images that a caller sees, each with how far it is.
    pub fn all(&self, caller: &Caller) -> Vec<(Arc<Image>, ImageState)> {
        let images = self.catalogue.images(caller.into());
        let there = |image: Arc<Image>| self.state(&image).map(|state| (image, state));
        images.into_iter().filter_map(there).collect()
    }

    /// An image that a caller sees.
    pub fn find(&self, caller: &Caller, id: Uuid) -> Option<(ImageId, Arc<Image>, ImageState)> {
        let (number, image) = self.catalogue.find_image(id, caller.into())?;
        let state = self.state(&image)?;
        Some((number, image, state))
    }

    /// How far an image is; none if it came to nothing or is gone.
    pub fn state(&self, image: &Image) -> Option<ImageState> {
        let Some(made) = &image.made else {
            return Some(ImageState::Active);
        };
        if made.why == Why::Shelved && !self.still_shelved(made) {
            return None;
        }
        let operations = self.manager.operations(made.server);
        let operation = operations.iter().find(|operation| operation.request == made.request);
        match operation.map(|operation| operation.state) {
            Some(OperationState::Queued) => Some(ImageState::Queued),
            Some(OperationState::Running) => Some(ImageState::Saving),
            Some(OperationState::Failed | OperationState::Cancelled) => None,
            // One that is forgotten is long over.
            Some(OperationState::Succeeded) | None => Some(ImageState::Active),
        }
    }

    /// Whether the server of a shelved image is still shelved, or on its way there.
    fn still_shelved(&self, made: &MadeOf) -> bool {
        self.manager.any_server(made.server).is_some_and(|server| {
            let shelves = matches!(
                server.task_state,
                Some(TaskState::Shelving | TaskState::ShelvingImageUploading)
            );
            shelves || matches!(server.vm_state, VmState::Shelved | VmState::ShelvedOffloaded)
        })
    }

    /// Has an image made of a server. Gives its id.
    ///
    /// # Errors
    /// [`ServerError`]: there will be none.
    pub async fn make(
        &self,
        caller: &Caller,
        server: &Server,
        (name, properties): (Arc<str>, BTreeMap<Arc<str>, Arc<str>>),
        new: NewImage,
    ) -> Result<Uuid, ServerError> {
        let (action, why, rotation) = match new {
            NewImage::Snapshot => (Action::CreateImage, Why::Snapshot, None),
            NewImage::Backup { kind, rotation } => {
                (Action::CreateBackup, Why::Backup { kind }, Some(rotation))
            }
        };
        self.servers.act(caller, server, action).await?;
        let image = self.of(caller, server, (name, properties), why);
        let id = image.id;
        self.write(image, rotation).await?;
        Ok(id)
    }

    /// Shelves a server, of which an image is kept until it runs again.
    ///
    /// # Errors
    /// [`ServerError`]: nothing was changed.
    pub async fn shelve(&self, caller: &Caller, server: &Server) -> Result<(), ServerError> {
        self.servers.act(caller, server, Action::Shelve).await?;
        let name = Arc::from(format!("{}-shelved", server.name));
        let image = self.of(caller, server, (name, BTreeMap::new()), Why::Shelved);
        self.write(image, None).await
    }

    /// Deletes an image that was made of a server.
    ///
    /// # Errors
    /// That of a request that cannot be recorded at present; nothing, if there is none such.
    pub async fn delete(&self, number: ImageId) -> Result<(), ServerError> {
        let written = &self.catalogue.written_images;
        let deleted = written.change(self.records, |rows| {
            let deleted = rows.get(&number.0).map(|image| deleted(image));
            Ok((deleted.map(|image| Change::Put(number.0, image)).into_iter().collect(), ()))
        });
        deleted.await
    }

    /// Changes what its owner wrote on an image that was made of a server: gives it as it is
    /// afterwards.
    ///
    /// # Errors
    /// That of a request that cannot be recorded at present; too many; nothing, if there is none
    /// such.
    pub async fn write_on(
        &self,
        number: ImageId,
        change: impl FnOnce(&mut BTreeMap<Arc<str>, Arc<str>>),
    ) -> Result<Option<Arc<Image>>, ServerError> {
        let written = &self.catalogue.written_images;
        let changed = written.change(self.records, |rows| {
            let Some(mut image) = rows.get(&number.0).map(|image| Image::clone(image)) else {
                return Ok((Vec::new(), ()));
            };
            if let Some(made) = &mut image.made {
                change(&mut made.properties);
                edit::check_metadata(made.properties.len())?;
            }
            Ok((vec![Change::Put(number.0, image)], ()))
        });
        changed.await.map(|()| written.get(number.0))
    }

    fn of(
        &self,
        caller: &Caller,
        server: &Server,
        (name, properties): (Arc<str>, BTreeMap<Arc<str>, Arc<str>>),
        why: Why,
    ) -> Image {
        let base = self.catalogue.image(server.image);
        let flavor = self.catalogue.flavor(server.flavor);
        let directory = self.accounts.directory();
        let user = directory.user(caller.user);
        Image {
            id: id_of(caller.request),
            name,
            min_disk_gib: flavor.map_or(0, |flavor| flavor.disk_gib),
            min_ram_mib: base.as_ref().map_or(0, |base| base.min_ram_mib),
            size: base.as_ref().map_or(0, |base| base.size),
            made: Some(MadeOf {
                project: self.catalogue.project_id(server.project),
                user: user.map_or_else(|| Arc::from(""), |user| Arc::clone(&user.id)),
                server: server.id,
                base: base.map(|base| base.id),
                request: caller.request,
                why,
                created_us: self.manager.clock().now().micros(),
                properties,
                is_deleted: false,
            }),
        }
    }

    /// Records a new image; those of its row that are too many go, and what came to nothing is
    /// forgotten.
    async fn write(&self, image: Image, rotation: Option<usize>) -> Result<(), ServerError> {
        let written = &self.catalogue.written_images;
        let is_over = |image: &Image| !is_deleted(image) && self.state(image).is_none();
        let all = written.all();
        let is_full = all.len() >= limits::IMAGES_WRITTEN_MAX;
        let over = all.into_iter().filter(|(_, image)| is_over(image));
        // Nothing was ever made of one that failed; of a shelved server's image there may have been.
        let (gone, void): (Vec<_>, Vec<_>) = over.partition(|(_, image)| is_shelved(image));
        let forgotten = if is_full { self.unused().await } else { Vec::new() };
        let recorded = written.change(self.records, |rows| {
            let forgotten: Vec<u32> =
                forgotten.into_iter().chain(void.into_iter().map(|(number, _)| number)).collect();
            if rows.len() - forgotten.len().min(rows.len()) >= limits::IMAGES_WRITTEN_MAX {
                return Err(ServerError::TooManyImages);
            }
            let gone = gone.iter().filter(|(number, _)| rows.contains_key(number));
            let mut changes: Vec<Change<Image>> =
                gone.map(|(number, image)| Change::Put(*number, deleted(image))).collect();
            changes.extend(forgotten.into_iter().map(Change::Remove));
            let row = rows.iter().filter(|(_, known)| is_of_row(known, &image));
            let others: Vec<_> = row.collect();
            let most = rotation.map_or(usize::MAX, |rotation| rotation.saturating_sub(1));
            let too_many = others.len().saturating_sub(most);
            let oldest = others.into_iter().take(too_many);
            changes.extend(oldest.map(|(number, image)| Change::Put(*number, deleted(image))));
            if rotation != Some(0) {
                changes.push(Change::Put(next(rows), image));
            }
            Ok((changes, ()))
        });
        recorded.await
    }

    /// Deleted images that no server names any more. All servers are looked at: for when there is no
    /// room for another image.
    async fn unused(&self) -> Vec<u32> {
        let mut named = std::collections::HashSet::new();
        let mut scan = self.manager.scan(&Query::default());
        while let Some(page) = scan.next_page().await {
            named.extend(page.iter().map(|server| server.image.0));
        }
        let all = self.catalogue.written_images.all().into_iter();
        let unused = all.filter(|(number, image)| is_deleted(image) && !named.contains(number));
        unused.map(|(number, _)| number).collect()
    }
}

/// Whether it was deleted, and is kept for servers that name it.
fn is_deleted(image: &Image) -> bool {
    image.made.as_ref().is_some_and(|made| made.is_deleted)
}

/// Whether it was kept for a shelved server.
fn is_shelved(image: &Image) -> bool {
    image.made.as_ref().is_some_and(|made| made.why == Why::Shelved)
}

/// Whether both are backups of one server and one kind.
fn is_of_row(known: &Image, new: &Image) -> bool {
    let (Some(known), Some(new)) = (&known.made, &new.made) else {
        return false;
    };
    let is_backup = matches!(known.why, Why::Backup { .. });
    is_backup && !known.is_deleted && known.server == new.server && known.why == new.why
}

fn deleted(image: &Image) -> Image {
    let made = image.made.clone().map(|made| MadeOf { is_deleted: true, ..made });
    Image { made, ..image.clone() }
}

/// The id of the image that a request makes: a request makes one at most.
fn id_of(request: RequestId) -> Uuid {
    Uuid::new_v5(&request.0, b"image")
}
