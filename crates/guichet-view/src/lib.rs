//! Pages and charts as HTML from plain data ([`data`]). Knows no HTTP, no manager and no clock:
//! what a page says was worked out by whoever made the data.
//!
//! [`render`] makes one file of it that needs nothing else: style, data and the script that draws
//! the charts are inside, and the page forbids itself to fetch anything. The same data gives the
//! same bytes.

mod chart;
pub mod data;
mod page;
mod text;

pub use page::{RenderError, render};
