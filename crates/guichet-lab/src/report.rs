//! Reports of runs as plain data ([`guichet_view::data`]).

pub mod page;
