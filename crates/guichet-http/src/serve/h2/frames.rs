//! Where frames begin and end, and how long one takes to come (RFC 9113, sections 3.4, 4.1 and 6.10).

use std::sync::Arc;
use std::time::Duration;

use guichet_core::time::Timestamp;

use super::super::pace::Pace;
use super::super::settings::Settings;
use super::streams::Streams;

/// Bytes that a client begins with.
const PREFACE: usize = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len();
/// Bytes in front of what a frame holds.
const HEAD: usize = 9;
/// Kinds of frames that hold a list of headers, or a part of one.
const OF_HEADERS: [u8; 3] = [0x1, 0x5, 0x9];
/// The flag of the last of them.
const END_HEADERS: u8 = 0x4;

/// How far what comes is.
#[derive(Debug, Default)]
struct Frames {
    /// Bytes of the preface that have come.
    preface: usize,
    head: [u8; HEAD],
    /// Bytes of the head that have come.
    head_bytes: usize,
    /// Bytes of the frame that are still to come.
    left: usize,
    /// More of a list of headers is to come.
    is_in_headers: bool,
}

impl Frames {
    /// Goes on with these bytes; whether something came to its end in them.
    fn read(&mut self, mut bytes: &[u8]) -> bool {
        let mut is_over = false;
        while !bytes.is_empty() {
            let count = self.wanted().min(bytes.len());
            let (now, later) = bytes.split_at(count);
            bytes = later;
            if self.preface < PREFACE {
                self.preface += count;
                is_over |= self.preface == PREFACE;
                continue;
            }
            if self.left > 0 {
                self.left -= count;
            } else {
                self.head[self.head_bytes..][..count].copy_from_slice(now);
                self.head_bytes += count;
                if self.head_bytes == HEAD {
                    self.begin_frame();
                }
            }
            is_over |= !self.is_partial();
        }
        is_over
    }

    /// How many bytes are wanted for the next step.
    const fn wanted(&self) -> usize {
        if self.preface < PREFACE {
            PREFACE - self.preface
        } else if self.left > 0 {
            self.left
        } else {
            HEAD - self.head_bytes
        }
    }

    fn begin_frame(&mut self) {
        let [a, b, c, kind, flags, ..] = self.head;
        self.head_bytes = 0;
        self.left = usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c);
        if OF_HEADERS.contains(&kind) {
            self.is_in_headers = flags & END_HEADERS == 0;
        }
    }

    /// Whether something has begun to come, and not all of it.
    const fn is_partial(&self) -> bool {
        let is_in_preface = self.preface > 0 && self.preface < PREFACE;
        is_in_preface || self.head_bytes > 0 || self.left > 0 || self.is_in_headers
    }
}

/// Frames of many streams: one that is begun has as long as headers have.
#[derive(Debug)]
pub(super) struct ByFrames {
    streams: Arc<Streams>,
    header_time: Duration,
    frames: Frames,
    /// Since when the rest of something is waited for.
    since: Option<Timestamp>,
}

impl ByFrames {
    pub(super) fn new(streams: Arc<Streams>, settings: &Settings) -> Self {
        let header_time = settings.header_time;
        Self { streams, header_time, frames: Frames::default(), since: None }
    }
}

impl Pace for ByFrames {
    fn now(&self) -> Timestamp {
        self.streams.now()
    }

    fn on_read(&mut self, bytes: &[u8]) {
        if self.frames.read(bytes) {
            self.since = None;
        }
    }

    fn reads_until(&mut self) -> Option<Timestamp> {
        if !self.frames.is_partial() {
            return None;
        }
        let since = *self.since.get_or_insert_with(|| self.streams.now());
        Some(since.after(self.header_time))
    }

    fn on_write(&mut self, is_taken: bool) {
        self.streams.on_write(is_taken);
    }

    fn on_sent(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame of this kind, with these flags, that holds so many bytes.
    fn frame(kind: u8, flags: u8, length: u8) -> Vec<u8> {
        let mut frame = vec![0, 0, length, kind, flags, 0, 0, 0, 1];
        frame.resize(HEAD + usize::from(length), 0);
        frame
    }

    /// Frames, from behind the preface on.
    fn begun() -> Frames {
        let mut frames = Frames::default();
        assert!(!frames.is_partial(), "nothing has come");
        assert!(!frames.read(&[b'P'; PREFACE - 1]) && frames.is_partial());
        assert!(frames.read(b"\n") && !frames.is_partial());
        frames
    }

    #[test]
    fn a_frame_is_over_with_its_last_byte_however_it_comes() {
        let frame = frame(0, 0, 3);
        let mut frames = begun();
        for byte in &frame[..frame.len() - 1] {
            assert!(!frames.read(&[*byte]) && frames.is_partial());
        }
        assert!(frames.read(&frame[frame.len() - 1..]) && !frames.is_partial());
        // The end of one and the beginning of the next.
        assert!(!frames.read(&frame[..10]));
        assert!(frames.read(&[&frame[10..], &frame[..2]].concat()) && frames.is_partial());
    }

    #[test]
    fn a_list_of_headers_is_over_with_its_last_frame() {
        let mut frames = begun();
        assert!(!frames.read(&frame(0x1, 0, 5)) && frames.is_partial());
        assert!(!frames.read(&frame(0x9, 0, 5)) && frames.is_partial());
        assert!(frames.read(&frame(0x9, END_HEADERS, 0)) && !frames.is_partial());
        // Of another kind of frame that flag says something else.
        assert!(frames.read(&frame(0x0, 0, 0)) && !frames.is_partial());
    }
}
