//! The yardstick of the disk: R, how often in a second it takes 4 KiB and makes them durable.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

use guichet_clock::Stopwatch;

/// What is written each time.
const BLOCK: usize = 4_096;
/// The file is written round and round, as a log is: its blocks are there already.
const BLOCKS: u64 = 256;

/// A file on the disk that is measured.
#[derive(Debug)]
pub(super) struct Disk {
    file: File,
    next: u64,
    time: Duration,
}

impl Disk {
    /// A file in `dir`; each measurement takes about `time`.
    pub(super) fn new(dir: &Path, time: Duration) -> anyhow::Result<Self> {
        let file = made(&dir.join("yardstick"), BLOCKS * BLOCK as u64)?;
        Ok(Self { file, next: 0, time })
    }

    /// R as it is now.
    pub(super) fn rate(&mut self) -> anyhow::Result<f64> {
        let watch = Stopwatch::start();
        let mut written = 0_u32;
        while watch.elapsed() < self.time {
            self.file.write_all_at(&[self.next as u8; BLOCK], self.next * BLOCK as u64)?;
            self.file.sync_data()?;
            self.next = (self.next + 1) % BLOCKS;
            written += 1;
        }
        Ok(f64::from(written) / watch.elapsed().as_secs_f64())
    }
}

/// A file of so many bytes, all of which were written: to write them again moves no end.
pub(super) fn made(path: &Path, bytes: u64) -> anyhow::Result<File> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path)?;
    let zeros = vec![0; 1 << 20];
    let mut at = 0;
    while at < bytes {
        let piece = zeros.len().min((bytes - at) as usize);
        file.write_all_at(&zeros[..piece], at)?;
        at += piece as u64;
    }
    file.sync_all()?;
    Ok(file)
}
