//! One of several nodes that are one cloud: what answers at its address as long as the process runs.
//!
//! ```text
//! client ─▶ front ─▶ this node leads ─────────▶ the service's own app
//!             │
//!             ├────▶ another node leads ──────▶ forward ─▶ the front of that node ─▶ its app
//!             │
//!             └────▶ nobody is known to lead ─▶ waits for one, for so long at most, then 503
//! ```
//!
//! * [`Front`] knows which of the three it is (`role.rs`), and is told when that changes. A connection of a
//!   client outlives the change.
//! * `forward` passes a request on over connections that stay open, with the client's address and the
//!   leader's [`Credential`], which nodes know from the database and nobody else does.
//!
//! Of several cells each has its own role (`cell.rs`), and [`Routes`] say which one a request is for; what more
//! than one has to say something of is in `across.rs`.
//!
//! A request is passed on once: the node that it comes to answers, or says that it did not take it.
//! It is passed on again only if nothing was done for it, or if it is a read; of a write whose answer was
//! lost nothing is said, and its connection is closed ([`guichet_http::serve::HangUp`]).
//!
//! Never: a path, a header or a body that one API alone knows; a decision about what is asked.

mod across;
mod body;
mod cell;
mod credential;
mod forward;
mod front;
mod headers;
mod question;
mod role;
mod routes;
mod shares;
mod trust;

pub use credential::{Credential, draw};
pub use front::{CellFront, Front};
pub use role::{Leader, Leading};
pub use routes::Routes;
pub use trust::{Identity, Trust, TrustError};
