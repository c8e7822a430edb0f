//! `guichet tp check`: a class written in Python, with threads, run under a schedule of our own.
//!
//! A [`check`] starts one child process, which runs the file: that is the only way to learn what
//! it does. Inside it a tracer (`tracer/`, Python's standard library alone) replaces locks, queues,
//! pools and sleeps, runs one thread at a time, and tries schedules in the order of their
//! preemptions. What it reports is plain data (`message`), of which a [`Verdict`] is made; the
//! sentences and the timelines are made here ([`Verdict::lines`]).
//!
//! The file is not trusted: time, memory, output, threads and files are bounded, and at the end of
//! its time the whole process group is ended. That is no sandbox, and the documentation says so.

mod child;
mod error;
mod layout;
mod message;
mod options;
mod page;
mod sentence;
mod stop;
mod text;
mod timeline;
mod tracer;
mod verdict;

pub use error::CheckError;
pub use message::{Found, Problem, Subject};
pub use options::{Kind, Mapping, Options};
pub use stop::{Stop, Stopper, stop};
pub use verdict::{Verdict, check, refused_json};
