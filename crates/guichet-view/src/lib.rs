//! Pages and charts as HTML from plain data ([`data`]). Knows no HTTP, no manager and no clock:
//! what a page says was worked out by whoever made the data.

pub mod data;
