//! What `guichet serve --record FILE` writes: JSON lines, an object for each request that ended. They are
//! replayed as the load that they were: what was asked of servers, by whom, and when.
//!
//! | field | what stands there |
//! | --- | --- |
//! | `time_s` | when the request came: seconds since the recording began |
//! | `client`, `project` | the names of the user and its project |
//! | `action` | what was asked: of these `create`, `reboot`, `reboot_hard`, `start`, `stop`, `delete` and `list` are replayed |
//! | `server` | the server's id; of a create that made none the request's |
//! | `count` | create: how many servers |
//! | `vcpus`, `ram_mib` | create: the size of each |
//!
//! Lines that ask for something else, or that nobody was logged in for, are left out and counted, and
//! other fields are not looked at. Blank lines are skipped.

use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::ids::{ClientId, ProjectId};
use guichet_core::limits;
use guichet_core::server::Size;
use guichet_locale::{Message, text};
use guichet_view::text::on_one_line;
use serde::Deserialize;

use super::input::text::text_of;
use super::input::{InputError, words};
use super::model::{Trace, TraceBody, TraceRequest};
use super::native::{Origin, Reading};
use super::note::Note;

/// The word for [`TraceBody::List`].
const LIST: &str = "list";

/// What is read of a line.
#[derive(Debug, Deserialize)]
struct Line {
    time_s: f64,
    client: Option<String>,
    project: Option<String>,
    action: Option<String>,
    server: Option<String>,
    count: Option<u32>,
    #[serde(default)]
    vcpus: Option<u32>,
    #[serde(default)]
    ram_mib: Option<u32>,
}

/// Whether a file is a recording: its first line is an object.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
    bytes.trim_ascii_start().starts_with(b"{")
}

pub(super) fn read(bytes: &[u8], shown_name: &str) -> Result<Trace, InputError> {
    let file = on_one_line(shown_name);
    let text = text_of(bytes, &file)?;
    let mut reading = Reading::default();
    let (mut rows, mut left_out) = (0u64, 0u64);
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let wrong = |expected: Message| InputError::Line {
            file: file.clone(),
            line: number as u64 + 1,
            found: words::quoted(line),
            expected,
        };
        rows += 1;
        let read: Line = serde_json::from_str(line).map_err(|_| wrong(a_line()))?;
        if !reading.take(&read).map_err(&wrong)? {
            left_out += 1;
        }
        if reading.requests.len() > limits::TRACE_ROWS_MAX {
            let (line, limit) = (number as u64 + 1, limits::TRACE_ROWS_MAX as u64);
            return Err(InputError::TooManyRows { file, line, limit });
        }
    }
    let mut trace = reading.finish();
    if left_out > 0 {
        trace.notes.push(Note::LeftOut { requests: left_out, rows });
    }
    Ok(trace)
}

fn a_line() -> Message {
    Message::new(|locale| text!(locale, "input-recorded"))
}

impl Reading {
    /// Takes what a line asks for. Whether it is something that is replayed.
    fn take(&mut self, line: &Line) -> Result<bool, Message> {
        let at = Duration::try_from_secs_f64(line.time_s).ok();
        let at = at.filter(|at| *at <= limits::INPUT_TIME_MAX).ok_or_else(words::seconds)?;
        let who = line.client.as_deref().zip(line.project.as_deref());
        let (Some((client, project)), Some(word)) = (who, line.action.as_deref()) else {
            return Ok(false);
        };
        let action = Action::LAB.iter().find(|action| action.as_str() == word);
        if action.is_none() && word != LIST {
            return Ok(false);
        }
        let client = ClientId(self.clients.number(sound(client)?));
        let project = ProjectId(self.projects.number(sound(project)?));
        if self.clients.len() > limits::CLIENTS_MAX {
            return Err(words::clients_at_most());
        }
        if self.projects.len() > limits::PROJECTS_MAX {
            return Err(words::projects_at_most());
        }
        let request = |body| TraceRequest { at, client, project, body };
        let Some(action) = action else {
            self.requests.push(request(TraceBody::List));
            return Ok(true);
        };
        let server = sound(line.server.as_deref().unwrap_or_default())?;
        if *action != Action::Create {
            let body = TraceBody::Act { action: *action, server: self.server(server) };
            self.requests.push(request(body));
            return Ok(true);
        }
        let size = Size { vcpus: line.vcpus.unwrap_or(0), ram_mib: line.ram_mib.unwrap_or(0) };
        for number in 1..=line.count.unwrap_or(1).clamp(1, limits::RECORDED_CREATE_MAX) {
            // The others' ids are in no answer.
            let name = if number == 1 { server.to_owned() } else { format!("{server}-{number}") };
            let server = self.server(&name);
            if self.origins.get(server as usize) != Some(&Origin::Nowhere) {
                return Err(Message::new(|locale| text!(locale, "input-new-create")));
            }
            self.origins[server as usize] = Origin::Later;
            self.creates += 1;
            self.requests.push(request(TraceBody::Create { server, size }));
        }
        Ok(true)
    }

    /// The number of a server.
    fn server(&mut self, name: &str) -> u32 {
        let server = self.servers.number(name);
        self.origins.resize(self.servers.len(), Origin::Nowhere);
        server
    }
}

/// A name as every trace's: not empty, not long, nothing that a terminal obeys.
fn sound(name: &str) -> Result<&str, Message> {
    let is_sound = !name.is_empty()
        && !name.chars().any(char::is_control)
        && name.chars().nth(limits::NAME_MAX).is_none();
    if is_sound { Ok(name) } else { Err(words::name()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDED: &str = r#"{"time_s":0.5,"client":"demo","project":"demo","action":"create","server":"a","count":2,"vcpus":1,"ram_mib":512,"status":202}

{"time_s":1.0,"client":"demo","project":"demo","action":"reboot","server":"a","status":202}
{"time_s":1.5,"client":"demo","project":"demo","action":"resize","server":"a"}
{"time_s":1.5,"client":null,"project":null,"action":null,"path":"/identity/v3/auth/tokens"}
{"time_s":2,"client":"alt","project":"alt","action":"list"}
{"time_s":3,"client":"demo","project":"demo","action":"delete","server":"a"}
"#;

    #[test]
    fn a_recording_is_a_trace() {
        let trace = Trace::parse(RECORDED.as_bytes(), "r").unwrap();
        let bodies: Vec<TraceBody> = trace.requests.iter().map(|request| request.body).collect();
        let size = Size { vcpus: 1, ram_mib: 512 };
        let act = |action| TraceBody::Act { action, server: 0 };
        assert_eq!(
            bodies,
            [
                TraceBody::Create { server: 0, size },
                TraceBody::Create { server: 1, size },
                act(Action::RebootSoft),
                TraceBody::List,
                act(Action::Delete),
            ]
        );
        assert_eq!((trace.creates, trace.span), (2, Duration::from_secs(3)));
        assert_eq!(trace.notes, [Note::LeftOut { requests: 2, rows: 6 }]);
        // What is written of it is the same trace.
        let mut written = Vec::new();
        super::super::write_native(&trace, &mut written).unwrap();
        assert_eq!(Trace::parse(&written, "w").unwrap().requests, trace.requests);
    }

    #[test]
    fn a_line_that_is_none_is_named() {
        for (line, said) in [
            ("{\"time_s\":", "r:2: found "),
            ("{}", "expected a line of a recording"),
            (r#"{"time_s":-1}"#, "r:2: found "),
            (r#"{"time_s":1,"client":"","project":"p","action":"list"}"#, "r:2: found "),
            (r#"{"time_s":1,"client":"c","project":"p","action":"stop"}"#, "r:2: found "),
            (r#"{"time_s":1,"client":"c","project":"p","action":"create","server":"a"}"#, "r:2: "),
        ] {
            let first = r#"{"time_s":0,"client":"c","project":"p","action":"create","server":"a"}"#;
            let error = Trace::parse(format!("{first}\n{line}\n").as_bytes(), "r").unwrap_err();
            assert!(error.to_string().contains(said), "{line}: {error}");
        }
    }
}
