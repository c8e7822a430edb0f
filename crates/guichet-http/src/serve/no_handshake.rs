//! What stands where handshakes are in a build without them.

use std::net::IpAddr;
use std::sync::Arc;

use tokio::net::TcpStream;

use super::connection::Ends;
use super::link::Link;
use super::settings::Settings;
use super::table::NoPlace;
use super::wire::Wire;
use crate::origin::Parser;

/// There are none.
#[derive(Debug)]
pub(super) enum Handshakes {}

/// Nobody has one.
#[derive(Debug)]
pub(super) enum Turn {}

impl Handshakes {
    pub(super) const fn new(_: &Settings, _: &Parser) -> Option<Arc<Self>> {
        None
    }

    pub(super) async fn turn(self: &Arc<Self>, _: IpAddr) -> Result<Turn, NoPlace> {
        match **self {}
    }
}

impl Turn {
    pub(super) async fn open(self, _: TcpStream, _: &Link, _: &Ends, _: &Settings) -> Option<Wire> {
        match self {}
    }
}
