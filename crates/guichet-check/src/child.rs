//! The process that runs the file.

use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::time::Duration;

use guichet_clock::Stopwatch;
use guichet_core::limits;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::error::CheckError;
use crate::options::Options;
use crate::stop::Stop;
use crate::tracer;

/// What the child left.
#[derive(Debug, Default)]
pub(crate) struct Left {
    /// Its report, perhaps not whole.
    pub(crate) report: Vec<u8>,
    /// The beginning of what it wrote to its error stream.
    pub(crate) errors: Vec<u8>,
    /// It was ended at the end of its time.
    pub(crate) is_late: bool,
    /// It reported too much and was ended.
    pub(crate) is_too_long: bool,
}

/// Runs a file, by its absolute path.
pub(crate) fn run(path: &str, options: &Options, stop: &Stop) -> Result<Left, CheckError> {
    // Private to this user, and removed with all that the file writes there.
    let directory = tempfile::Builder::new().prefix("guichet-check-").tempdir()?;
    let program = tracer::write(directory.path())?;
    let work = directory.path().join("work");
    std::fs::create_dir(&work)?;
    let mut child = start(&program, &work, options)?;
    let request = options.request(path).to_string();
    if let Some(mut input) = child.stdin.take() {
        match input.write_all(request.as_bytes()) {
            // It ended at once; what it wrote says why.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                end(&mut child);
                return Err(error.into());
            }
            _ => {}
        }
    }
    let left = read(&mut child, options.time, stop);
    // Also after its own end: it may have left others in its group behind.
    end(&mut child);
    left
}

fn start(program: &Path, work: &Path, options: &Options) -> Result<Child, CheckError> {
    Command::new(&options.python)
        // No site packages, no files of the user, no bytecode beside the student's file.
        .args(["-s", "-S", "-B", "-X", "utf8"])
        .arg(program)
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        // The order of a set must be the same each time. `-I` would ignore this; with an empty
        // environment and a private directory for the program it has nothing else to keep out.
        .env("PYTHONHASHSEED", "0")
        .current_dir(work)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A group of its own, so that all of it can be ended.
        .process_group(0)
        .spawn()
        .map_err(|error| CheckError::NoPython { python: options.python.clone(), error })
}

/// Ends the group and waits for the child.
fn end(child: &mut Child) {
    if let Ok(group) = i32::try_from(child.id()) {
        // None left is what is wanted.
        let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
    }
    let _ = child.wait();
}

/// Reads both streams until they end, the time is up, or somebody stops it.
fn read(child: &mut Child, time: Duration, stop: &Stop) -> Result<Left, CheckError> {
    let mut left = Left::default();
    let mut out = child.stdout.take();
    let mut err = child.stderr.take();
    let watch = Stopwatch::start();
    while out.is_some() || err.is_some() {
        let remaining = time.saturating_sub(watch.elapsed());
        if remaining.is_zero() {
            left.is_late = true;
            break;
        }
        let (is_stopped, has_out, has_err) = wait(stop, out.as_ref(), err.as_ref(), remaining)?;
        if is_stopped {
            return Err(CheckError::Stopped);
        }
        if has_out && !take(&mut out, &mut left.report, limits::CHECK_REPORT_MAX)? {
            left.is_too_long = true;
            break;
        }
        if has_err {
            // What is past the bound is read and dropped, so that the file is not held up.
            take(&mut err, &mut left.errors, limits::CHECK_ERRORS_MAX)?;
        }
    }
    Ok(left)
}

/// Waits until one of the streams has something, or has ended.
fn wait(
    stop: &Stop,
    out: Option<&ChildStdout>,
    err: Option<&ChildStderr>,
    remaining: Duration,
) -> Result<(bool, bool, bool), CheckError> {
    let stopped = PollFd::new(stop.fd(), PollFlags::POLLIN);
    let out = out.map(|stream| PollFd::new(stream.as_fd(), PollFlags::POLLIN));
    let has_out = out.is_some();
    let err = err.map(|stream| PollFd::new(stream.as_fd(), PollFlags::POLLIN));
    let mut asked: Vec<PollFd<'_>> = [stopped].into_iter().chain(out).chain(err).collect();
    let wait_ms = u16::try_from(remaining.as_millis()).unwrap_or(u16::MAX).max(1);
    match poll(&mut asked, PollTimeout::from(wait_ms)) {
        Ok(_) | Err(Errno::EINTR) => {}
        Err(error) => return Err(io::Error::from(error).into()),
    }
    // An end counts too: a read says so.
    let mut ready = asked.iter().map(|fd| fd.any().unwrap_or(true));
    let is_stopped = ready.next().unwrap_or(false);
    let out_ready = has_out && ready.next().unwrap_or(false);
    Ok((is_stopped, out_ready, ready.next().unwrap_or(false)))
}

/// Reads what a stream has, and closes it at its end. False if there is more than `most` of it.
fn take<S: Read>(
    stream: &mut Option<S>,
    into: &mut Vec<u8>,
    most: usize,
) -> Result<bool, CheckError> {
    let Some(open) = stream else { return Ok(true) };
    let mut chunk = [0; 8192];
    match open.read(&mut chunk) {
        Ok(0) => *stream = None,
        Ok(count) => {
            let free = most - into.len();
            into.extend_from_slice(&chunk[..count.min(free)]);
            return Ok(count <= free);
        }
        Err(error) if error.kind() == ErrorKind::Interrupted => {}
        Err(error) => return Err(error.into()),
    }
    Ok(true)
}
