//! What an action's body asks for, as it was read.

use guichet_core::action::Action;
use guichet_core::edit::Edit;
use guichet_core::ids::FlavorId;

use super::image;
use super::rebuild::Rebuild;
use crate::http::problem::Problem;

/// What an action's body asks for.
#[derive(Debug, PartialEq)]
pub(super) enum Asked {
    /// Something the table of actions has.
    Run(Action),
    /// Another size, and whether the partition is to grow with the disk.
    Resize(FlavorId, Option<bool>),
    /// To be shelved.
    Shelve,
    /// To be told its network once more, which changes nothing.
    Network,
    /// Another host, which may be named.
    Move(Action, Option<String>),
    /// Another image to boot from for a while.
    Rescue {
        /// The password that the client gave for it.
        password: Option<String>,
    },
    /// To be made anew.
    Rebuild(Box<Rebuild>),
    /// An image made of it.
    Image(image::Wanted),
    /// A lock, or none.
    Edit(Edit),
    /// Into a security group or out of it, by its name or id.
    Group {
        /// The group.
        name: String,
        /// Whether it is in it afterwards.
        is_in: bool,
    },
    /// A console one looks at, by its type.
    Screen(&'static str),
    /// What the machine wrote on its console.
    Console {
        /// So many lines from its end; none: all.
        length: Option<usize>,
    },
    /// Nothing that can be done; the problem is answered once the server was found.
    Never(Problem),
}
