//! Images: what servers boot from.

use std::collections::BTreeMap;
use std::sync::Arc;

use guichet_core::ids::{RequestId, ServerId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::flavor::Flavor;
use crate::documents::Document;
use crate::records;

/// An image, as it is declared or as it was made of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// Its id.
    pub id: Uuid,
    /// Its name, which is its name in the manager's catalogue too.
    pub name: Arc<str>,
    /// The least disk that a flavor must have for it, GiB.
    pub min_disk_gib: u32,
    /// The least memory that a flavor must have for it, MiB.
    pub min_ram_mib: u32,
    /// Bytes of the image itself.
    pub size: u64,
    /// What it was made of, and whose it is; none for what is declared, which is everybody's.
    #[serde(default)]
    pub made: Option<MadeOf>,
}

/// An image that was made of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MadeOf {
    /// The id of the project that has it.
    pub project: Arc<str>,
    /// The id of the user who asked for it.
    pub user: Arc<str>,
    /// The server.
    pub server: ServerId,
    /// The image the server was made of.
    pub base: Option<Uuid>,
    /// The request that asked for it: its operation makes it.
    pub request: RequestId,
    /// Why it was made.
    pub why: Why,
    /// When it was asked for: microseconds since 1970.
    pub created_us: u64,
    /// What its owner wrote on it.
    pub properties: BTreeMap<Arc<str>, Arc<str>>,
    /// Whether it was deleted: servers that were made of it go on naming it.
    #[serde(default)]
    pub is_deleted: bool,
}

/// Why an image was made of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Its owner asked for one.
    Snapshot,
    /// Its owner asked for one of a row, of which the oldest goes.
    Backup {
        /// The row's name, such as `daily`.
        kind: Arc<str>,
    },
    /// The server is shelved: the image goes once it runs again.
    Shelved,
}

/// What a flavor has too little of for an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooSmall {
    /// Memory.
    #[error("the flavor's memory is too small for the image")]
    Memory,
    /// Disk.
    #[error("the flavor's disk is too small for the image")]
    Disk,
}

impl Document for Image {
    const KIND: &'static str = records::IMAGE;
}

impl Image {
    /// Whether a server of this flavor can boot from it. A flavor without a disk of its own takes the
    /// image's size.
    ///
    /// # Errors
    /// What the flavor has too little of.
    pub const fn check(&self, flavor: &Flavor) -> Result<(), TooSmall> {
        if flavor.size.ram_mib < self.min_ram_mib {
            return Err(TooSmall::Memory);
        }
        if flavor.disk_gib != 0 && flavor.disk_gib < self.min_disk_gib {
            return Err(TooSmall::Disk);
        }
        Ok(())
    }

    /// Whether somebody sees it.
    pub fn is_visible(&self, is_admin: bool, project: &str) -> bool {
        self.made
            .as_ref()
            .is_none_or(|made| !made.is_deleted && (is_admin || *made.project == *project))
    }
}
