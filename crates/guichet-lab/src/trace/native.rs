//! Our own format of a trace: CSV in UTF-8, one row a request, with the header
//!
//! ```text
//! time_s,client,project,action,server,vcpus,ram_mib
//! 0,alice,red,create,web-1,2,2048
//! 1.25,alice,red,reboot,web-1,,
//! 1.25,bob,blue,list,,,
//! 30,alice,red,delete,web-1,,
//! ```
//!
//! | column | what stands there |
//! | --- | --- |
//! | `time_s` | when the request is made: decimal seconds from 0, such as `12.5`, to 100 years; what is finer than a nanosecond is cut off |
//! | `client` | who makes it: a name or a number |
//! | `project` | for which project: a name |
//! | `action` | `create`, `reboot`, `reboot_hard`, `start`, `stop`, `delete` or `list` |
//! | `server` | the trace's own name for the server; empty for `list` |
//! | `vcpus` | create: virtual processors, 0 or more; otherwise empty |
//! | `ram_mib` | create: memory in MiB, 0 or more; otherwise empty |
//!
//! Columns may be in any order. Rows need not be sorted; at the same time they are taken in the
//! order of the file. Names have at most 255 characters, none of them a control character; a
//! name with a comma or a quote in it stands in quotes. Spaces around a field do not count,
//! blank lines are skipped, lines end in LF or CRLF, a byte order mark is skipped.
//!
//! Each server is created once at most: another create is another server, so it needs another
//! name. A change to a server that the trace never creates, or creates later only, is legal (the
//! service will refuse it, as it would have then) and a note counts them.

use std::io::{self, Write};
use std::sync::Arc;
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
    kind: Kind::Trace,
    columns: &["time_s", "client", "project", "action", "server", "vcpus", "ram_mib"],
    rows_max: limits::TRACE_ROWS_MAX,
};

// Places in `FORMAT.columns`.
const TIME: usize = 0;
const CLIENT: usize = 1;
const PROJECT: usize = 2;
const ACTION: usize = 3;
const SERVER: usize = 4;
const VCPUS: usize = 5;
const RAM: usize = 6;

/// The word for [`TraceBody::List`].
const LIST: &str = "list";

/// Where a server of the trace comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// No row creates it.
    Nowhere,
    /// A row creates it, at a time not yet reached.
    Later,
    /// It was created.
    Created,
}

/// What was read so far.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) requests: Vec<TraceRequest>,
    pub(super) clients: Names,
    pub(super) projects: Names,
    pub(super) servers: Names,
    /// By the server's number: whether a row read so far creates it.
    pub(super) origins: Vec<Origin>,
    pub(super) creates: u64,
}

pub(super) fn read(table: &mut Table<'_>) -> Result<Trace, InputError> {
    let mut reading = Reading::default();
    while let Some(row) = table.next_row()? {
        let request = reading.request(row)?;
        reading.requests.push(request);
    }
    Ok(reading.finish())
}

impl Reading {
    fn request(&mut self, row: Row<'_>) -> Result<TraceRequest, InputError> {
        let at = row.seconds(TIME)?;
        let client = ClientId(self.clients.number(row.name(CLIENT)?));
        if self.clients.len() > limits::CLIENTS_MAX {
            return Err(row.wrong(CLIENT, words::clients_at_most()));
        }
        let project = ProjectId(self.projects.number(row.name(PROJECT)?));
        if self.projects.len() > limits::PROJECTS_MAX {
            return Err(row.wrong(PROJECT, words::projects_at_most()));
        }
        Ok(TraceRequest { at, client, project, body: self.body(row)? })
    }

    fn body(&mut self, row: Row<'_>) -> Result<TraceBody, InputError> {
        let word = row.text(ACTION);
        if word == LIST {
            let nothing = Message::new(|locale| text!(locale, "input-list-no-server"));
            row.nothing(SERVER, nothing)?;
            no_size(row)?;
            return Ok(TraceBody::List);
        }
        let Some(action) = Action::LAB.iter().find(|action| action.as_str() == word) else {
            return Err(row.wrong(ACTION, an_action()));
        };
        let server = self.servers.number(row.name(SERVER)?);
        self.origins.resize(self.servers.len(), Origin::Nowhere);
        if *action != Action::Create {
            no_size(row)?;
            return Ok(TraceBody::Act { action: *action, server });
        }
        match self.origins.get_mut(server as usize) {
            Some(origin) if *origin == Origin::Nowhere => *origin = Origin::Later,
            _ => {
                let expected = Message::new(|locale| text!(locale, "input-new-create"));
                return Err(row.wrong(SERVER, expected));
            }
        }
        self.creates += 1;
        let size = Size { vcpus: row.number(VCPUS)?, ram_mib: row.number(RAM)? };
        Ok(TraceBody::Create { server, size })
    }

    /// The whole of it.
    pub(super) fn finish(mut self) -> Trace {
        self.requests.sort_by_key(|request| request.at);
        let notes = notes(&self.requests, &mut self.origins);
        Trace {
            span: self.requests.last().map_or(Duration::ZERO, |last| last.at),
            requests: self.requests,
            projects: self.projects.into_list(),
            clients: self.clients.into_list(),
            servers: self.servers.into_list(),
            creates: self.creates,
            notes,
        }
    }
}

/// One of the words for what is asked for.
fn an_action() -> Message {
    Message::new(|locale| {
        let actions = Action::LAB.iter().map(|action| action.as_str());
        let words: Vec<&str> = actions.chain([LIST]).collect();
        text!(locale, "input-one-of", words = words.join(", "))
    })
}

fn no_size(row: Row<'_>) -> Result<(), InputError> {
    let nothing = || Message::new(|locale| text!(locale, "input-no-size"));
    row.nothing(VCPUS, nothing())?;
    row.nothing(RAM, nothing())
}

/// Walks the sorted requests and counts the changes that will find no server.
fn notes(requests: &[TraceRequest], origins: &mut [Origin]) -> Vec<Note> {
    let (mut never, mut early) = (0u64, 0u64);
    for request in requests {
        match request.body {
            TraceBody::Create { server, .. } => origins[server as usize] = Origin::Created,
            TraceBody::Act { server, .. } => match origins[server as usize] {
                Origin::Nowhere => never += 1,
                Origin::Later => early += 1,
                Origin::Created => {}
            },
            TraceBody::List => {}
        }
    }
    let notes = [Note::NeverCreated { changes: never }, Note::CreatedLater { changes: early }];
    notes.into_iter().filter(Note::is_of_any).collect()
}

/// Writes a trace in our own format, in the order of its requests. [`Trace::parse`] reads the
/// same requests back; ids are given anew, in the order of the rows, and notes are lost but for
/// those of our own format.
///
/// # Errors
/// What `out` says, and [`io::ErrorKind::InvalidInput`] if a request's number is in no list of
/// the trace.
pub fn write_native(trace: &Trace, out: impl Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(FORMAT.columns)?;
    for request in &trace.requests {
        let time = seconds(request.at);
        let (action, server, size) = match request.body {
            TraceBody::Create { server, size } => {
                (Action::Create.as_str(), Some(server), Some(size))
            }
            TraceBody::Act { action, server } => (action.as_str(), Some(server), None),
            TraceBody::List => (LIST, None, None),
        };
        let number = |of: fn(Size) -> u32| size.map_or(String::new(), |size| of(size).to_string());
        writer.write_record([
            time.as_str(),
            name(&trace.clients, request.client.0)?,
            name(&trace.projects, request.project.0)?,
            action,
            server.map_or(Ok(""), |server| name(&trace.servers, server))?,
            &number(|size| size.vcpus),
            &number(|size| size.ram_mib),
        ])?;
    }
    writer.flush()
}

fn name(names: &[Arc<str>], number: u32) -> io::Result<&str> {
    names.get(number as usize).map(|name| &**name).ok_or_else(|| {
        let problem = format!("the trace has {} names, none numbered {number}", names.len());
        io::Error::new(io::ErrorKind::InvalidInput, problem)
    })
}
