//! Ending a check from outside.

use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

/// Ends checks: of the one that is under way, the process and its directory are gone before
/// [`check`](crate::check) returns.
#[derive(Debug)]
pub struct Stopper(UnixStream);

/// What checks look at to see whether they are to end.
#[derive(Debug)]
pub struct Stop(UnixStream);

/// Both ends of it.
///
/// # Errors
///
/// If the system gives no pair of sockets.
pub fn stop() -> io::Result<(Stopper, Stop)> {
    let (stopper, stop) = UnixStream::pair()?;
    Ok((Stopper(stopper), Stop(stop)))
}

impl Stopper {
    /// Ends the check that is under way, and those that would come.
    pub fn stop(mut self) {
        // Its end is seen too, when it is dropped.
        let _ = self.0.write_all(b".");
    }
}

impl Stop {
    /// Can be read from once checks are to end. Nobody reads it, so it stays so.
    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
