//! How large a server is.

use serde::{Deserialize, Serialize};

/// What a server takes from its host.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
pub struct Size {
    /// Virtual processors.
    pub vcpus: u32,
    /// Memory, MiB; 0 is legal.
    pub ram_mib: u32,
}
