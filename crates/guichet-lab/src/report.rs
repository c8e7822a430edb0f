//! The report of `guichet simulate` as plain data ([`guichet_view::data`]).
//!
//! While a run goes on, a [`recorder`](crate::simulate::recorder) keeps what will be drawn, in
//! bounded memory; [`page`] makes a report of that and of the summary.

mod charts;
pub mod page;
mod times;
