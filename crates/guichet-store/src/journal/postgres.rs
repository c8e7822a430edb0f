//! The journal in PostgreSQL: the same tables as in a file of SQLite, in a schema of a database that
//! several nodes reach, of which one leads at a time. Each cell has a schema of its own: `guichet` is the first
//! one's.
//!
//! ```text
//! node A: stand() ─▶ has the lock ─▶ epoch 7 ─▶ open(): loads, recovers ─▶ batches of epoch 7
//! node B: stand() ─▶ waits for the lock ························ A's session ends ─▶ epoch 8 ─▶ …
//! ```
//!
//! * [`stand`] waits for the lock of the cell (a session advisory lock, so it ends with the session
//!   of whoever has it), brings the schema to this version and raises the cell's epoch: [`Lead`].
//! * [`follow`] is the same for a node that reads ahead: while it waits it has all rows in its memory
//!   (`follow.rs`, `tail.rs`), and reads again what each batch says that it changed.
//! * [`open`] reads everything, or what was read ahead of it and what changed since; [`PostgresLog`]
//!   writes batches, each as one transaction whose first step locks the cell's row, checks the epoch and
//!   writes the batch's number. A leader that was replaced can commit nothing.
//! * The keeper (`keeper.rs`) holds the session: it speaks to PostgreSQL twice a second, so that the
//!   session of a process that hangs ends; and when the connection is lost it makes another, takes
//!   the lock again and looks whether the epoch is still the same. If it is not the term is over.
//! * [`Term`](super::Term) is what whoever answers requests looks at: whether this node leads, by a lease
//!   that is shorter than the time after which PostgreSQL ends a silent session.
//!
//! Everything that waits for PostgreSQL runs on a thread of its own (`link.rs`).

mod cell;
mod classify;
mod columns;
pub(crate) mod copy;
mod follow;
mod keeper;
mod link;
mod load;
mod log;
mod names;
mod node;
mod open;
mod place;
mod roster;
mod schema;
mod session;
mod stand;
mod statements;
mod tail;
mod verify;
mod write;

pub use log::PostgresLog;
pub use node::{Credential, Leader, Member, Node, Roster};
pub use open::{Opened, open};
pub use place::Place;
pub use roster::RosterReader;
pub use stand::{Lead, Standing, follow, next_leader, stand};
pub use verify::{other_cells, verify};
