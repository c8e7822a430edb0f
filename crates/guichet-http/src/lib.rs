//! HTTP as every surface needs it, whatever is asked for through it.
//!
//! The way of a request:
//!
//! ```text
//! socket ─▶ serve      a place for the connection, by address; its handshake, with tls;
//!            │         headers bounded in size and time
//!            │  ├─ framing   who it is for and where it ends, or 400
//!            ▼  ▼
//!           the caller's app: which routes answer, who asks
//!            ├─ access_log   begun here, if the request is worth an entry
//!            ▼
//!           routes     one answer, within its time; answered counts it by route
//!            ├─ path · query · body   what was sent, read and bounded, or a ReadError
//!            ├─ space   memory for an answer that is long
//!            ├─ json · dates · links   what is answered, written
//!            ▼
//!           answer     status, headers and body; retry_after says when to come back
//!            ├─ access_log   written
//!            ▼
//! socket ◀─ serve      what nobody read of the body is read away, or the connection closed
//! ```
//!
//! A [`error::ReadError`] leaves an extractor as its status alone and travels in the answer's
//! extensions: the surface gives it the body that its clients expect.
//!
//! Never: a word, header or body that only the clients of one API know; a version of an API; a
//! user, a token or a server; a decision about what is asked. Never does the log have a header, a
//! body or a query in it. Nothing is read or waited for without a bound, and all bounds stand in
//! [`guichet_core::limits`].

pub mod access_log;
pub mod answer;
pub mod answered;
pub mod body;
mod budget;
pub mod cells;
pub mod connections;
pub mod dates;
pub mod error;
pub mod json;
pub mod links;
pub mod origin;
pub mod path;
pub mod query;
pub mod retry_after;
pub mod routes;
pub mod serve;
pub mod space;
#[cfg(feature = "tls")]
pub mod tls;
pub mod trace_parent;
