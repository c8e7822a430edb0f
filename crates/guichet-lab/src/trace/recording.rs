//! What `guichet serve --record FILE` writes: JSON lines, an object for each request that ended. They are
//! replayed as the load that they were: what was asked of servers, by whom, and when.
//!
//! | field | what stands there |
//! | --- | --- |
//! | `version` | 1, which it is too where it is left out; lines of a later one are refused |
//! | `time_s` | when the request came: seconds since the recording began |
//! | `client`, `project` | the names of the user and its project |
//! | `action` | what was asked: of these `create`, `reboot`, `reboot_hard`, `start`, `stop`, `delete` and `list` are replayed |
//! | `cloud` | which of the clouds of the recording the server is in, from 1: ids are the same in two of one seed |
//! | `server` | the server's id; of a create that made none the request's |
//! | `servers` | create of several: the ids of the first of them, which `server` is among |
//! | `count` | create: how many servers; more than [`limits::RECORDED_CREATE_MAX`] are so many |
//! | `vcpus`, `ram_mib` | create: the size of each |
//!
//! Lines that ask for something else, that nobody was logged in for, or whose names are none, are left out
//! and counted, and other fields are not looked at. A create of a server that one before made is that one
//! sent again (its `Idempotency-Key` says so): left out and counted too. Blank lines are skipped.

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

/// The latest version of a line that is read.
const VERSION: u32 = 1;

/// What is read of a line, if it is of no later version.
#[derive(Debug, Deserialize)]
struct Line {
    time_s: f64,
    client: Option<String>,
    project: Option<String>,
    action: Option<String>,
    cloud: Option<u64>,
    server: Option<String>,
    #[serde(default)]
    servers: Vec<String>,
    count: Option<u64>,
    #[serde(default)]
    vcpus: Option<u32>,
    #[serde(default)]
    ram_mib: Option<u32>,
}

/// What tells whether the rest of a line is read.
#[derive(Debug, Deserialize)]
struct Versioned {
    #[serde(default = "first_version")]
    version: u32,
}

const fn first_version() -> u32 {
    1
}

impl Line {
    /// The server's name in the trace: its id, and before it the cloud's number but for the first. None if
    /// it is no name.
    fn server(&self) -> Option<String> {
        self.named(self.server.as_deref()?)
    }

    /// The name of the server of an id.
    fn named(&self, id: &str) -> Option<String> {
        let name = match self.cloud {
            _ if id.is_empty() => return None,
            None | Some(1) => id.to_owned(),
            Some(cloud) => format!("{cloud}:{id}"),
        };
        is_sound(&name).then_some(name)
    }

    /// The name of the `number`-th server of a create, from 0, whose first is called so.
    fn name_of(&self, number: usize, first: &str) -> Option<String> {
        match self.servers.get(number) {
            Some(id) => self.named(id),
            None if number == 0 => Some(first.to_owned()),
            // Its id is not written down.
            None => Some(format!("{first}-{}", number + 1)).filter(|name| is_sound(name)),
        }
    }
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// It is replayed.
    Replayed,
    /// It is a create that was sent again.
    Again,
    /// It asks for nothing that is replayed.
    LeftOut,
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
    let (mut rows, mut left_out, mut again) = (0u64, 0u64, 0u64);
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
        let versioned: Versioned = serde_json::from_str(line).map_err(|_| wrong(a_line()))?;
        if versioned.version > VERSION {
            return Err(wrong(newer(versioned.version)));
        }
        let read: Line = serde_json::from_str(line).map_err(|_| wrong(a_line()))?;
        match reading.take(&read).map_err(&wrong)? {
            Taken::Replayed => {}
            Taken::Again => again += 1,
            Taken::LeftOut => left_out += 1,
        }
        if reading.requests.len() > limits::TRACE_ROWS_MAX {
            let (line, limit) = (number as u64 + 1, limits::TRACE_ROWS_MAX as u64);
            return Err(InputError::TooManyRows { file, line, limit });
        }
    }
    if reading.requests.is_empty() {
        return Err(InputError::NothingRecorded { file, rows });
    }
    let mut trace = reading.finish();
    let notes = [Note::LeftOut { requests: left_out, rows }, Note::SentAgain { creates: again }];
    trace.notes.extend(notes.into_iter().filter(Note::is_of_any));
    Ok(trace)
}

fn newer(version: u32) -> Message {
    Message::new(move |locale| {
        text!(locale, "input-recorded-newer", version = version, known = VERSION)
    })
}

fn a_line() -> Message {
    Message::new(|locale| text!(locale, "input-recorded"))
}

impl Reading {
    /// Takes what a line asks for.
    fn take(&mut self, line: &Line) -> Result<Taken, Message> {
        let at = Duration::try_from_secs_f64(line.time_s).ok();
        let at = at.filter(|at| *at <= limits::INPUT_TIME_MAX).ok_or_else(words::seconds)?;
        let name = |name: &Option<String>| name.clone().filter(|name| is_sound(name));
        let who = name(&line.client).zip(name(&line.project));
        let (Some((client, project)), Some(word)) = (who, line.action.as_deref()) else {
            return Ok(Taken::LeftOut);
        };
        let action = Action::LAB.iter().find(|action| action.as_str() == word);
        let server = line.server();
        if word != LIST && (action.is_none() || server.is_none()) {
            return Ok(Taken::LeftOut);
        }
        let client = ClientId(self.clients.number(&client));
        let project = ProjectId(self.projects.number(&project));
        if self.clients.len() > limits::CLIENTS_MAX {
            return Err(words::clients_at_most());
        }
        if self.projects.len() > limits::PROJECTS_MAX {
            return Err(words::projects_at_most());
        }
        let request = |body| TraceRequest { at, client, project, body };
        let Some((action, server)) = action.zip(server) else {
            self.requests.push(request(TraceBody::List));
            return Ok(Taken::Replayed);
        };
        if *action != Action::Create {
            let body = TraceBody::Act { action: *action, server: self.server(&server) };
            self.requests.push(request(body));
            return Ok(Taken::Replayed);
        }
        Ok(self.create(line, &server, &request))
    }

    /// Takes a create: as many as it asks for.
    fn create(
        &mut self,
        line: &Line,
        server: &str,
        request: &impl Fn(TraceBody) -> TraceRequest,
    ) -> Taken {
        let size = Size { vcpus: line.vcpus.unwrap_or(0), ram_mib: line.ram_mib.unwrap_or(0) };
        let count = line.count.unwrap_or(1).clamp(1, limits::RECORDED_CREATE_MAX.into());
        let mut taken = Taken::Again;
        for number in 0..count as usize {
            let Some(name) = line.name_of(number, server) else { break };
            let server = self.server(&name);
            if self.origins.get(server as usize) != Some(&Origin::Nowhere) {
                continue;
            }
            self.origins[server as usize] = Origin::Later;
            self.creates += 1;
            self.requests.push(request(TraceBody::Create { server, size }));
            taken = Taken::Replayed;
        }
        taken
    }

    /// The number of a server.
    fn server(&mut self, name: &str) -> u32 {
        let server = self.servers.number(name);
        self.origins.resize(self.servers.len(), Origin::Nowhere);
        server
    }
}

/// Whether it is a name as every trace's: not empty, not long, nothing that a terminal obeys.
fn is_sound(name: &str) -> bool {
    !name.is_empty()
        && !name.chars().any(char::is_control)
        && name.chars().nth(limits::NAME_MAX).is_none()
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
        ] {
            let first = r#"{"time_s":0,"client":"c","project":"p","action":"create","server":"a"}"#;
            let error = Trace::parse(format!("{first}\n{line}\n").as_bytes(), "r").unwrap_err();
            assert!(error.to_string().contains(said), "{line}: {error}");
        }
    }

    /// A line of that kind, of the client c.
    fn line(action: &str, more: &str) -> String {
        let head = r#""time_s":1,"client":"c","project":"p""#;
        format!("{{{head},\"action\":\"{action}\"{more}}}\n")
    }

    fn parsed(lines: &[String]) -> Trace {
        Trace::parse(lines.concat().as_bytes(), "r").unwrap()
    }

    #[test]
    fn a_create_that_was_sent_again_is_one() {
        let create = line("create", r#","server":"a","count":2"#);
        let trace = parsed(&[create.clone(), create, line("stop", r#","server":"a""#)]);
        assert_eq!((trace.creates, trace.requests.len()), (2, 3));
        assert_eq!(trace.notes, [Note::SentAgain { creates: 1 }]);
    }

    #[test]
    fn all_servers_of_a_create_are_known_by_their_ids() {
        let several = r#","server":"a","servers":["a","b"],"count":3,"cloud":2"#;
        let act = |id: &str| line("stop", &format!(r#","cloud":2,"server":"{id}""#));
        let trace = parsed(&[line("create", several), act("b"), act("a")]);
        let names: Vec<&str> = trace.servers.iter().map(|name| &**name).collect();
        assert_eq!(names, ["2:a", "2:b", "2:a-3"]);
        let acted = trace.requests.iter().filter_map(|request| match request.body {
            TraceBody::Act { server, .. } => Some(server),
            _ => None,
        });
        assert_eq!(acted.collect::<Vec<_>>(), [1, 0]);
        assert_eq!(trace.notes, []);
    }

    #[test]
    fn a_line_of_a_later_version_is_refused() {
        let create = line("create", r#","server":"a","version":1"#);
        assert_eq!(parsed(std::slice::from_ref(&create)).creates, 1);
        let newer = r#"{"version":2,"time_s":"soon"}"#;
        let error = Trace::parse(format!("{create}{newer}\n").as_bytes(), "r").unwrap_err();
        let said = error.to_string();
        assert!(said.contains("r:2: ") && said.contains("version 1"), "{said}");
    }

    #[test]
    fn servers_of_two_clouds_are_two() {
        let lines = [1, 2].map(|cloud| {
            let of = format!(r#","cloud":{cloud},"server":"a""#);
            line("create", &of) + &line("delete", &of)
        });
        let trace = parsed(&lines);
        assert_eq!((trace.creates, trace.notes.len()), (2, 0));
        let names: Vec<&str> = trace.servers.iter().map(|name| &**name).collect();
        assert_eq!(names, ["a", "2:a"]);
    }

    #[test]
    fn what_was_asked_for_without_sense_is_no_reason_to_refuse_the_rest() {
        let long = "x".repeat(300);
        let lines = [
            line("create", r#","server":"a","count":5000000000"#),
            line("delete", &format!(r#","server":"{long}""#)),
            line("create", &format!(r#","server":"{}","count":2"#, "y".repeat(255))),
            line("delete", ""),
            line("stop", r#","server":"\u001b[31m""#),
            r#"{"time_s":1,"client":"","project":"p","action":"list"}"#.to_owned(),
        ];
        let trace = parsed(&lines);
        assert_eq!(trace.creates, u64::from(limits::RECORDED_CREATE_MAX) + 1);
        assert_eq!(trace.notes, [Note::LeftOut { requests: 4, rows: 6 }]);
        let mut written = Vec::new();
        super::super::write_native(&trace, &mut written).unwrap();
        assert_eq!(Trace::parse(&written, "w").unwrap().requests, trace.requests);
    }

    #[test]
    fn that_there_is_nothing_to_replay_is_said() {
        let login = r#"{"time_s":1.5,"client":null,"project":null,"action":null}"#;
        let error = Trace::parse(format!("{login}\n{login}\n").as_bytes(), "r").unwrap_err();
        let said = "r: found a recording with nothing to replay: none of its 2 requests asks for \
                    servers on behalf of a project";
        assert_eq!(error.to_string(), said);
    }
}
