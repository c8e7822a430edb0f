//! How long a connection's bytes may take, by what is going on over it.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::time::Timestamp;

use super::link::{Link, Stage};
use super::settings::Settings;

/// What a stream says of its bytes, and how long it waits for more.
pub(super) trait Pace {
    fn now(&self) -> Timestamp;

    /// These have come.
    fn on_read(&mut self, bytes: &[u8]);

    /// Nothing has come: until when that may be so. None: for as long as it likes.
    fn reads_until(&mut self) -> Option<Timestamp>;

    /// Bytes were to be written, and the system took some or none.
    fn on_write(&mut self, is_taken: bool);

    /// All that was to be sent is with the system.
    fn on_sent(&mut self);
}

/// One request at a time, as in HTTP/1.1.
#[derive(Debug)]
pub(super) struct OneByOne {
    pub(super) link: Arc<Link>,
    idle_time: Duration,
    header_time: Duration,
}

impl OneByOne {
    pub(super) fn new(link: Arc<Link>, settings: &Settings) -> Self {
        Self { link, idle_time: settings.idle_time, header_time: settings.header_time }
    }
}

impl Pace for OneByOne {
    fn now(&self) -> Timestamp {
        self.link.now()
    }

    fn on_read(&mut self, _: &[u8]) {
        self.link.on_bytes();
    }

    fn reads_until(&mut self) -> Option<Timestamp> {
        let patience = match self.link.stage() {
            Stage::Idle => self.idle_time,
            Stage::Head => self.header_time,
            Stage::Work => return None,
        };
        self.link.waits_since().map(|since| since.after(patience))
    }

    fn on_write(&mut self, is_taken: bool) {
        self.link.set_waiting(!is_taken);
    }

    fn on_sent(&mut self) {
        self.link.on_sent();
    }
}
