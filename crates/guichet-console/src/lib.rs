//! The console: pages under `/console/` that show what a service does and have it do things, for the
//! service's own users, in a browser.
//!
//! ```text
//! request ─▶ Console::answer ─▶ assets    scripts and styles, by a digest of what they are
//!                            ─▶ signed    cookie ─▶ session ─▶ token ─▶ Caller
//!                            │    form    … and for a POST: same origin, CSRF token
//!                            ▼
//!                          pages ─▶ guichet_cloud (every rule is there) ─▶ askama ─▶ HTML
//! ```
//!
//! Whoever signs in gets a token of the cloud as any client does; it stays here, and the browser has a
//! cookie that names it. So a session ends when its token does, whoever ends that.
//!
//! A page is whole without a script. What moves by itself comes from `/guichet/v1/stats` and
//! `/guichet/v1/events`, which [`Console::asker`] lets a signed-in browser read.
//!
//! Never: a rule about servers, hosts or worlds; a style or script inside a page; anything that is
//! fetched from elsewhere.

mod act;
mod app;
mod asker;
mod assets;
mod attempts;
mod clock;
mod cookie;
mod create;
mod drain;
mod faults;
mod figure;
mod form;
mod frame;
mod hosts;
mod language;
mod notice;
mod operation;
mod origin;
mod overview;
mod policy;
mod refusal;
mod refusal_world;
mod rule;
mod server;
mod servers;
mod sessions;
mod sign_in;
mod signed;
mod state;
mod word;
mod worlds;

pub use app::Console;
pub use asker::{Asker, NotTaken};
