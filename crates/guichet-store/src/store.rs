//! All that a store offers, as one trait.

use std::fmt;

use crate::credentials::Credentials;
use crate::decide::Decide;
use crate::groups::Groups;
use crate::key_pairs::KeyPairs;
use crate::lifecycle::Lifecycle;
use crate::read::Read;
use crate::records::Records;
use crate::work::Work;

/// Holds the fleet. All methods but [`audit`](Lifecycle::audit) take a bounded, short time and
/// never wait; a durable store answers through [`Reply::Pending`](crate::Reply::Pending).
///
/// Whatever has all the parts is a store: there is nothing to implement here.
pub trait Store:
    Decide
    + Work
    + Read
    + Credentials
    + KeyPairs
    + Groups
    + Records
    + Lifecycle
    + Send
    + Sync
    + fmt::Debug
{
}

impl<S> Store for S where
    S: Decide
        + Work
        + Read
        + Credentials
        + KeyPairs
        + Groups
        + Records
        + Lifecycle
        + Send
        + Sync
        + fmt::Debug
{
}
