//! What a cloud is declared to be: projects, users, flavors, images, networks, hosts, quotas.
//!
//! A configuration is a TOML file; `examples/guichet.toml` explains every field. What it leaves
//! out is as in the embedded `clouds/default.toml`; `--dev` is `clouds/dev.toml`. A mistake is an
//! error with file, line and column, found when it is read: a [`Declared`] in hand is sound.
//!
//! ```text
//! load (file, text) ─▶ document (as it is spelled) ─▶ resolve ─▶ declared
//!                                                     accounts · resources · cells · checks · number
//! ```

mod accounts;
mod cells;
mod checks;
mod declared;
mod document;
mod excerpt;
mod load;
mod mistake;
mod nearest;
mod number;
mod passwords;
mod resolve;
mod resources;
mod written;

pub use declared::{Declared, DeclaredCell, DeclaredUser, Rates, Times};
pub use load::read_text;
pub use mistake::{ConfigError, Mistake};
pub use passwords::Drawn;
