//! Who may use the cloud: users, projects, roles, passwords, tokens, application credentials.
//!
//! ```text
//! Login ─▶ login (passwords, credentials, tokens) ─▶ Session, behind a token ─▶ Caller
//!                                │             │
//!                                │             └─▶ rows ─▶ records (what outlives the process)
//!                                └─▶ credentials ─▶ the fleet
//! ```

mod application;
mod caller;
mod credentials;
mod digest;
mod directory;
mod earlier;
mod error;
mod hash;
mod hash_queue;
mod introduced;
mod login;
mod logins;
mod passwords;
mod rate;
mod reload;
mod revoke;
mod role;
mod rows;
mod service;
mod session;
mod time;
mod tokens;

pub use application::NewCredential;
pub use caller::Caller;
pub use credentials::Credential;
pub use directory::{Directory, Project, User, Which};
pub use error::AccountError;
pub use introduced::{Introduced, Question};
pub use login::{Login, Method, Scope};
pub use passwords::Hashing;
pub(crate) use reload::NewAccounts;
pub use role::Role;
pub(crate) use service::Beside;
pub use service::{Accounts, NewUser};
pub use session::{AuditId, MethodName, Methods, Session};
pub(crate) use time::ByTime;
pub use time::TokenTime;
pub use tokens::cell_of;

pub(crate) use earlier::{credentials as earlier_credentials, replaced};
pub(crate) use hash_queue::{Asker, HashQueue, QueueFull};
pub(crate) use rows::{Rows, has_password, password_removed};
