//! `guichet tp`: the lab sheet's twelve points, one by one, and students' own classes checked.

mod check;
mod figures;
mod points;
mod walk;

use crate::cli::{TpArgs, TpCommand};
use crate::ended::Ended;
use crate::reader::Reader;

/// Runs the command.
pub(crate) fn run(args: &TpArgs, reader: Reader) -> anyhow::Result<Ended> {
    match (&args.command, args.point) {
        (Some(TpCommand::Check(args)), _) => check::check(args, reader.locale),
        (None, Some(point)) => walk::walk(point, args.answer, reader),
        (None, None) => walk::list(reader),
    }
}
