//! Who writes down what the service is asked: a recording to be replayed, an audit log, traces.

use std::sync::Arc;

use guichet_cloud::worlds::Worlds;
use guichet_control::Watched;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::audit::{self, Audit};
use super::of_cell::OfCell;
use super::otlp::Traces;
use super::record::{self, Recording};
use crate::cli::ServeArgs;

/// Each, where it is wanted.
pub(super) struct Witnesses {
    recording: Option<Recording>,
    audit: Option<Audit>,
    traces: Traces,
    /// Cancelled once nothing more is to be recorded.
    recorded: CancellationToken,
    /// The same of what is audited.
    audited: CancellationToken,
}

impl Witnesses {
    /// Opens their files.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(super) fn begin(args: &ServeArgs, of: &OfCell) -> anyhow::Result<Self> {
        let recorded = CancellationToken::new();
        let recording = args.record.as_deref().map(|path| record::begin(path, recorded.clone()));
        let recording = recording.transpose()?;
        let audited = CancellationToken::new();
        let audit = audit::begin(&args.audit, of, audited.clone())?;
        let traces = Traces::begin(&args.otlp)?;
        Ok(Self { recording, audit, traces, recorded, audited })
    }

    /// What requests are told to.
    pub(super) fn watched(&self) -> Watched {
        Watched {
            recorder: self.recording.as_ref().map(|recording| recording.recorder.clone()),
            auditor: self.audit.as_ref().map(|audit| audit.auditor.clone()),
            tracer: self.traces.tracer(),
        }
    }

    /// Follows what happens without a request.
    ///
    /// # Errors
    /// The system does not let it listen to signals.
    pub(super) fn follow(&self, worlds: &Arc<Worlds>, tasks: &TaskTracker) -> anyhow::Result<()> {
        self.traces.follow(worlds, tasks);
        self.audit.as_ref().map_or(Ok(()), |audit| audit.follow(worlds, tasks))
    }

    /// Nothing happens any more that is to be followed.
    pub(super) fn stop(&self) {
        self.traces.stop();
        if let Some(audit) = &self.audit {
            audit.stop();
        }
    }

    /// Writes the last lines. `is_complete`: all that was accepted was finished.
    pub(super) fn close(self, is_complete: bool) {
        if let Some(audit) = self.audit {
            audit.close(is_complete, &self.audited);
        }
        self.recorded.cancel();
        if let Some(recording) = self.recording {
            recording.close();
        }
        self.traces.close();
    }
}
