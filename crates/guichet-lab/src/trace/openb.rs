//! The pods of Alibaba's cluster-trace-gpu-v2023 (`openb_pod_list_*.csv`; Weng et al., "Beware of
//! Fragmentation", USENIX ATC 2023): one row an instance that was asked for.
//!
//! | column | read as |
//! | --- | --- |
//! | `name` | the server's name; twice is an error |
//! | `cpu_milli` | virtual processors, thousandths of one, rounded up |
//! | `memory_mib` | memory; 0 is legal |
//! | `qos` | the project, and its only client |
//! | `creation_time` | when the create is made, in seconds since the trace began |
//! | `deletion_time` | when the delete is made; not before the creation; empty: it is still there |
//! | `num_gpu` | not used; a note counts the rows that ask for GPUs |
//! | `scheduled_time` | not used; a note counts the rows where it is empty |
//! | `gpu_milli`, `gpu_spec`, `pod_phase` | not looked at |
//!
//! At the same time deletes come before creates, both in the order of the rows, so that capacity is
//! given back before it is asked for; but a pod that ends when it begins is created first.

use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::ids::{ClientId, ProjectId};
use guichet_core::limits;
use guichet_core::server::Size;
use guichet_locale::{Message, text};

use super::input::kind::Kind;
use super::input::number::seconds;
use super::input::table::{Format, Row, Table};
use super::input::{InputError, words};
use super::model::{Trace, TraceBody, TraceRequest};
use super::names::Names;
use super::note::Note;

pub(super) const FORMAT: Format = Format {
    kind: Kind::Pods,
    columns: &[
        "name",
        "cpu_milli",
        "memory_mib",
        "num_gpu",
        "gpu_milli",
        "gpu_spec",
        "qos",
        "pod_phase",
        "creation_time",
        "deletion_time",
        "scheduled_time",
    ],
    rows_max: limits::TRACE_ROWS_MAX,
};

// Places in `FORMAT.columns`.
const NAME: usize = 0;
const CPU: usize = 1;
const MEMORY: usize = 2;
const GPUS: usize = 3;
const QOS: usize = 6;
const CREATED: usize = 8;
const DELETED: usize = 9;
const SCHEDULED: usize = 10;

/// What was read so far. A pod's server has the number of its row.
#[derive(Default)]
struct Reading {
    requests: Vec<TraceRequest>,
    pods: Names,
    classes: Names,
    /// When each pod was created, by its number.
    born: Vec<Duration>,
    with_gpu: u64,
    never_scheduled: u64,
}

pub(super) fn read(table: &mut Table<'_>) -> Result<Trace, InputError> {
    let mut reading = Reading::default();
    while let Some(row) = table.next_row()? {
        reading.take(row)?;
    }
    Ok(reading.finish())
}

impl Reading {
    fn take(&mut self, row: Row<'_>) -> Result<(), InputError> {
        let pods = self.pods.len();
        let server = self.pods.number(row.name(NAME)?);
        if self.pods.len() == pods {
            let expected = Message::new(|locale| text!(locale, "input-new-row"));
            return Err(row.wrong(NAME, expected));
        }
        let size = Size { vcpus: row.number(CPU)?.div_ceil(1_000), ram_mib: row.number(MEMORY)? };
        self.with_gpu += u64::from(row.number(GPUS)? > 0);
        let class = self.classes.number(row.name(QOS)?);
        if self.classes.len() > limits::PROJECTS_MAX {
            return Err(row.wrong(QOS, words::projects_at_most()));
        }
        let created = row.seconds(CREATED)?;
        let is_over = !row.text(DELETED).is_empty();
        let deleted = if is_over { Some(row.seconds(DELETED)?) } else { None };
        if deleted.is_some_and(|deleted| deleted < created) {
            let expected = Message::new(move |locale| {
                text!(locale, "input-not-before", time = seconds(created))
            });
            return Err(row.wrong(DELETED, expected));
        }
        if row.text(SCHEDULED).is_empty() {
            self.never_scheduled += 1;
        } else {
            row.seconds(SCHEDULED)?;
        }
        self.born.push(created);
        let request = |at, body| TraceRequest {
            at,
            client: ClientId(class),
            project: ProjectId(class),
            body,
        };
        let delete = TraceBody::Act { action: Action::Delete, server };
        self.requests.push(request(created, TraceBody::Create { server, size }));
        self.requests.extend(deleted.map(|deleted| request(deleted, delete)));
        Ok(())
    }

    fn finish(self) -> Trace {
        let Self { mut requests, born, .. } = self;
        // Every key is different, so an unstable sort is a deterministic one.
        requests.sort_unstable_by_key(|request| match request.body {
            TraceBody::Act { server, .. } => {
                let lived = born.get(server as usize).is_some_and(|born| *born < request.at);
                (request.at, if lived { 0 } else { 1 }, server, 1)
            }
            TraceBody::Create { server, .. } => (request.at, 1, server, 0),
            TraceBody::List => (request.at, 1, u32::MAX, 0),
        });
        let rows = born.len() as u64;
        let notes = [
            Note::AskForGpus { asking: self.with_gpu, rows },
            Note::NeverScheduled { pods: self.never_scheduled, rows },
        ];
        let classes = self.classes.into_list();
        Trace {
            span: requests.last().map_or(Duration::ZERO, |last| last.at),
            requests,
            projects: classes.clone(),
            clients: classes,
            servers: self.pods.into_list(),
            creates: rows,
            notes: notes.into_iter().filter(Note::is_of_any).collect(),
        }
    }
}
