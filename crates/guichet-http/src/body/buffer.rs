//! A body's bytes in one buffer.

use std::ops::Deref;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use http_body_util::BodyExt;

use crate::budget::{Charge, Share};
use crate::error::ReadError;

/// Bytes of a buffer at its beginning: most bodies are shorter.
const FIRST_BYTES: usize = 1_024;

/// All bytes of a body. What comes is copied here and let go: a frame of one byte holds the whole
/// buffer that the connection read it into.
#[derive(Debug)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    /// For the capacity; none if nobody counts.
    charge: Option<Charge>,
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl Buffer {
    /// An empty one that counts in this share.
    fn new(share: Option<&Share>) -> Result<Self, ReadError> {
        let charge = share.map(|share| share.try_take(0).ok_or(ReadError::Busy)).transpose()?;
        Ok(Self { bytes: Vec::new(), charge })
    }

    /// Its bytes, which are counted no longer.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// What is counted for it, without the bytes.
    pub(super) fn into_charge(self) -> Option<Charge> {
        self.charge
    }

    /// Appends a frame. The buffer doubles, so that no byte is copied often, and never becomes
    /// larger than `most`, which has place for the frame.
    fn append(
        &mut self,
        frame: &[u8],
        most: usize,
        share: Option<&Share>,
    ) -> Result<(), ReadError> {
        let needed = self.bytes.len() + frame.len();
        if needed > self.bytes.capacity() {
            let capacity = needed.max(2 * self.bytes.capacity()).max(FIRST_BYTES).min(most);
            if let (Some(charge), Some(share)) = (&mut self.charge, share)
                && !charge.resize(share, capacity)
            {
                return Err(ReadError::Busy);
            }
            self.bytes.reserve_exact(capacity - self.bytes.len());
        }
        self.bytes.extend_from_slice(frame);
        Ok(())
    }
}

/// Reads a body to its end: so many bytes at most, for so long at most. One that says at once that
/// it is too large is not read at all.
pub(super) async fn read(
    body: Body,
    most: usize,
    patience: Duration,
    share: Option<&Share>,
) -> Result<Buffer, ReadError> {
    let read = tokio::time::timeout(patience, collect(body, most, share)).await;
    read.unwrap_or(Err(ReadError::TooSlow(patience.as_secs())))
}

async fn collect(mut body: Body, most: usize, share: Option<&Share>) -> Result<Buffer, ReadError> {
    let said = body.size_hint().lower();
    let expected = usize::try_from(said).ok().filter(|said| *said <= most);
    let expected = expected.ok_or(ReadError::TooLarge(most))?;
    // One whose size is known never needs more than that.
    let most_held = if body.size_hint().exact().is_some() { expected } else { most };
    let mut buffer = Buffer::new(share)?;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| ReadError::BrokenOff)?;
        let Ok(data) = frame.into_data() else { continue };
        if buffer.len() + data.len() > most {
            return Err(ReadError::TooLarge(most));
        }
        buffer.append(&data, most_held.max(buffer.len() + data.len()), share)?;
    }
    Ok(buffer)
}
