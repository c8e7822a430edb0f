//! Pages and charts as HTML from plain data ([`data`]), and the wording that pages and terminals
//! share: numbers ([`number`]) and lines of text ([`text`]) as people read them, as wide as their
//! [`screen`] is. Knows no HTTP, no
//! manager and no clock: what a page says was worked out by whoever made the data.
//!
//! [`render`] makes one file of it that needs nothing else: style, data and the script that draws
//! the charts are inside, and the page forbids itself to fetch anything. The same data gives the
//! same bytes.

mod chart;
pub mod data;
mod error;
mod escape;
pub mod number;
mod page;
mod play;
pub mod screen;
mod table;
pub mod text;
mod walk;

pub use error::RenderError;
pub use page::render;
