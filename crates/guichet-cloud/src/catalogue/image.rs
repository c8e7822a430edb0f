//! Images: what servers boot from.

use std::sync::Arc;

use uuid::Uuid;

use super::flavor::Flavor;

/// An image as it is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
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
}

impl Image {
    /// Whether a server of this flavor has the memory for it.
    pub const fn fits_memory(&self, flavor: &Flavor) -> bool {
        flavor.size.ram_mib >= self.min_ram_mib
    }

    /// Whether a server of this flavor has the disk for it. A flavor without a disk of its own
    /// takes the image's size.
    pub const fn fits_disk(&self, flavor: &Flavor) -> bool {
        flavor.disk_gib == 0 || flavor.disk_gib >= self.min_disk_gib
    }
}
